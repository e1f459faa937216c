-- Another type, of the same kind of holder; what the wallet holds has to fit the new one's cap.
create or replace function guard.type_change_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', c.number, 'why', case when n.id is null or n.id = c.type then 'type'
               when n.registered <> t.registered then 'registered' else 'cap' end, 'cap', n.balance_max_minor)
      from unnest(d.cards) x join shop.card c on c.id = x.card join shop.card_type t on t.id = c.type left join shop.card_type n on n.id = x.type
     where n.id is null or n.id = c.type or n.registered <> t.registered
        or (select coalesce(sum(a.balance), 0) from ledger.account a where a.wallet = c.wallet and a.kind in ('principal', 'bonus'))
           > n.balance_max_minor limit 1);
end $$;
