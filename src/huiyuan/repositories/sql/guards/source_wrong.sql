-- How a card was read goes with what was read: a number that somebody typed or scanned is no chip, and a chip's own token was not typed.
-- One card is presented for a wallet: what one may not, another that lies beside it does not lend it.
create or replace function guard.source_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(d.proofs) > 1 and exists (select from unnest(d.proofs) p where p.wallet is not null group by p.wallet having count(*) > 1) then
    return '{"refused": "malformed", "facts": {"section": "proofs", "detail": "one card a wallet"}}';
  end if;
  return (select jsonb_build_object('wallet', p.wallet, 'source', left(p.source, 20), 'token_kind', left(p.token_kind, 20)) from unnest(d.proofs) p
    where p.source is not null and not coalesce(case p.source
      when 'chip' then p.token_kind in ('uid', 'ndef')
      when 'stripe' then p.token_kind in ('magstripe', 'number')
      when 'scanned' then p.token_kind in ('barcode', 'number')
      when 'tag' then p.token_kind = 'number'
      when 'typed' then p.token_kind = 'number' end, false) limit 1);
end $$;
