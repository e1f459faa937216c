-- A card leaves the box as its type says: nobody holds an anonymous one, a supplementary one opens the wallet of a main card, the cards of a
-- group open one wallet, and a type that nobody has in force any more gives out none. A card onto somebody else's wallet is nothing that one
-- person alone hands out.
create or replace function guard.card_type_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad jsonb;
begin
  v_bad := (select jsonb_build_object('card', x.card, 'why', w.why) from unnest(d.cards) x join shop.card c on c.id = x.card
      join shop.card_type y on y.id = c.type and y.rule is not null
     cross join lateral (select shop.type_terms(y.id, d.at)->>'who' as who) t
     cross join lateral (select case
        when not exists (select from shop.rule_version v where v.rule = y.rule and v.valid_from <= d.at
            and (v.valid_to is null or v.valid_to > d.at)) then 'ended'
        when t.who = 'bearer' and (x.holder is not null or x.wallet is not null) then 'holder'
        when t.who <> 'bearer' and x.holder is null then 'no_holder'
        when t.who = 'supplementary' and not exists (select from shop.card m join shop.wallet v on v.id = m.wallet and v.member is not null
            where m.wallet = x.wallet and ledger.standing_state(m.state, m.valid_to, d.business_date) = 'active'
              and shop.type_terms(m.type, d.at)->>'who' = 'personal') then 'main'
        when t.who = 'group' and x.wallet is not null and not exists (select from shop.card m
            where m.wallet = x.wallet and shop.type_terms(m.type, d.at)->>'who' = 'group') then 'group' end as why) w
    where x.was = 'blank' and w.why is not null limit 1);
  if v_bad is not null or (d.approver).id is not null then return v_bad; end if;
  return (select jsonb_build_object('refused', 'approval_needed', 'permission', (d.kind).permission, 'amount', d.total, 'limit', 0, 'why', 'wallet',
      'name', m.name) from unnest(d.cards) x join shop.wallet w on w.id = x.wallet join shop.member m on m.id = w.member
     where x.was = 'blank' and w.member is distinct from x.holder limit 1);
end $$;
