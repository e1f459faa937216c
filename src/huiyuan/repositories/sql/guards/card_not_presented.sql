-- Stored value and points that pay leave a wallet only with a token, read just now, that opens this wallet.
create or replace function guard.card_not_presented(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not ledger.takes_stored(d.tenders) then return null; end if;
  return (select jsonb_build_object('wallet', t.wallet) from unnest(d.tenders) t where t.wallet is not null and not exists (
    select from unnest(d.proofs) p join shop.card_token k on k.kind = p.token_kind and k.hmac = decode(p.token, 'hex')
       and k.valid_from <= d.at and (k.valid_to is null or k.valid_to > d.at)
      join shop.card c on c.id = k.card and c.wallet = t.wallet
     where p.wallet = t.wallet) limit 1);
end $$;
