-- A part of a bonus is released when it is due, once, as large as it was promised, while the top-up stands; a month's cash back when the
-- month is over, once, and no more than the rule gives for what was bought and kept. Neither goes past the law's cap of the card.
create or replace function guard.release_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad jsonb;
begin
  select jsonb_build_object('why', case when p.document is null then 'unknown' when r.part not between 1 and p.parts then 'unknown'
      when ledger.part_due(v.body, p.begins_on, r.part) > d.business_date then 'early'
      when ledger.plan_ended(p) is not null then 'ended'
      when exists (select from ledger.bonus_part b where b.plan = p.document and b.part = r.part) then 'released'
      when r.amount_minor is distinct from p.part_minor then 'amount' when r.times > 1 then 'released' end, 'part', r.part) into v_bad
    from (select x.*, count(*) over (partition by x.plan, x.part) as times from unnest(d.releases) x) r
    left join ledger.bonus_plan p on p.document = ledger.plan_id(r.plan)
    left join shop.rule_version v on v.rule = p.rule and v.version = p.version
   where p.document is null or r.part not between 1 and p.parts or r.amount_minor is distinct from p.part_minor or r.times > 1
      or ledger.part_due(v.body, p.begins_on, r.part) > d.business_date or ledger.plan_ended(p) is not null
      or exists (select from ledger.bonus_part b where b.plan = p.document and b.part = r.part) limit 1;
  if v_bad is null then v_bad := ledger.cash_back_why(d); end if;
  if v_bad is not null then return v_bad; end if;
  select jsonb_build_object('refused', 'balance_cap', 'facts', ledger.over_cap(d, x.wallet, x.wallet)) into v_bad
    from (select distinct a.wallet from unnest(d.postings) p join ledger.account a on a.id = p.credit_ref where p.credit = 'bonus') x
   where ledger.over_cap(d, x.wallet, x.wallet) is not null limit 1;
  return v_bad;
end $$;

create or replace function ledger.cash_back_why(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('why', case when c.first is null or v.rule is null or w.id is null or w.merged_into is not null then 'unknown'
      when c.first + interval '1 month' > d.business_date then 'early'
      when c.times > 1 or exists (select from ledger.cash_back b where b.wallet = c.wallet and b.rule = c.rule and b.month = c.first) then 'released'
      else 'amount' end, 'most', coalesce(m.most, 0))
    from (select x.*, ledger.month_of(x.month) as first, count(*) over (partition by x.wallet, x.rule, x.month) as times
            from unnest(d.cash_backs) x) c
    left join shop.rule_version v on v.rule = c.rule and v.version = c.version and v.valid_from < c.first + interval '1 month'
      and (v.valid_to is null or v.valid_to > c.first) and (v.published_by is null or v.approved_by is not null)
      and exists (select from shop.rule f where f.id = v.rule and f.family = 'cash_back')
    left join shop.wallet w on w.id = c.wallet and w.member is not null left join shop.member h on h.id = w.member
   cross join lateral (select least(floor(ledger.bought_in(c.wallet, c.first)::numeric * v.max_bp / 10000), v.max_document_minor) as most,
                              ledger.bought_in(c.wallet, c.first) as base) m
   where c.first is null or v.rule is null or w.id is null or w.merged_into is not null or c.first + interval '1 month' > d.business_date
      or c.times > 1 or exists (select from ledger.cash_back b where b.wallet = c.wallet and b.rule = c.rule and b.month = c.first)
      or c.amount_minor is null or c.amount_minor <= 0 or c.amount_minor > coalesce(m.most, 0) or m.base < v.min_minor
      or (v.tiers is not null and not coalesce(h.tier = any (v.tiers), false))
      or not ledger.of_card_types(c.wallet, v.body)
      or (v.stores is not null and not (d.terminal).store = any (v.stores)) limit 1);
end $$;
