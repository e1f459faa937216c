-- Another type, of the same kind of holder (personal, supplementary, group, anonymous); one that is applied for needs its approved
-- application; what the wallet holds has to fit the new one's cap.
create or replace function guard.type_change_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', c.number, 'why', w.why, 'cap', n.balance_max_minor)
      from unnest(d.cards) x join shop.card c on c.id = x.card join shop.card_type t on t.id = c.type left join shop.card_type n on n.id = x.type
     cross join lateral (select case
        when n.id is null or n.id = c.type then 'type'
        when not shop.same_holding(t.id, n.id, d.at) then 'registered'
        when not shop.type_open(n, c.holder) then 'application'
        when (select coalesce(sum(ledger.usable(a.id, d.at)), 0) from ledger.account a where a.wallet = c.wallet and a.kind in ('principal', 'bonus'))
             > n.balance_max_minor then 'cap' end as why) w
     where w.why is not null limit 1);
end $$;
