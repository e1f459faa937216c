-- The last card that opens a wallet is not cancelled while something lies in it: it is settled first. What has expired does not lie there.
create or replace function guard.wallet_not_empty(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', c.number, 'account', a.kind, 'balance', ledger.usable(a.id, d.at)) from unnest(d.cards) x
      join shop.card c on c.id = x.card join ledger.account a on a.wallet = c.wallet and a.balance <> 0
     where ledger.usable(a.id, d.at) <> 0 and not exists (select from shop.card o where o.wallet = c.wallet and o.state not in ('replaced', 'closed')
                         and o.id not in (select y.card from unnest(d.cards) y))
     order by c.id, a.id limit 1);
end $$;
