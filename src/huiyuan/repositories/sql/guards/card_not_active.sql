-- The card presented is active on this day; a top-up wants at least one active card on the wallet.
create or replace function guard.card_not_active(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).contra = 'principal' then
    return (select jsonb_build_object('wallet', (d.header).wallet, 'state', min(s.state)) from shop.card c
      cross join lateral (select ledger.standing_state(c.state, c.valid_to, d.business_date) as state) s
      where c.wallet = (d.header).wallet having not coalesce(bool_or(s.state = 'active'), false));
  end if;
  if not ledger.takes_stored(d.tenders) then return null; end if;
  return (select jsonb_build_object('wallet', t.wallet, 'state', min(s.state)) from unnest(d.tenders) t join unnest(d.proofs) p on p.wallet = t.wallet
     join shop.card_token k on k.kind = p.token_kind and k.hmac = decode(p.token, 'hex')
      and k.valid_from <= d.at and (k.valid_to is null or k.valid_to > d.at) join shop.card c on c.id = k.card and c.wallet = t.wallet
    cross join lateral (select ledger.standing_state(c.state, c.valid_to, d.business_date) as state) s
    group by t.wallet having not bool_or(s.state = 'active') limit 1);
end $$;
