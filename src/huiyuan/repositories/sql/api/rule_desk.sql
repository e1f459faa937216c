-- The desks of rules: what waits for a second person, what runs, comes and ended, of some families; a page of it.

-- Where a version stands on its desk: 1 runs, 2 comes, 3 ended. What waits stands before all of them (0).
create or replace function shop.desk_place(v shop.rule_version) returns int
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when v.valid_to <= now() then 3 when v.valid_from > now() then 2 else 1 end $$;

create or replace function shop.desk_version(rule int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('rule', v.rule, 'version', v.version, 'family', f.family, 'name', f.name, 'valid_from', v.valid_from,
      'valid_to', v.valid_to, 'stores', v.stores, 'tiers', v.tiers, 'min_minor', v.min_minor, 'max_bp', v.max_bp,
      'max_line_minor', v.max_line_minor, 'max_document_minor', v.max_document_minor, 'amount_minor', v.amount_minor,
      'term_days', v.term_days,
      'body', case f.family when 'recharge' then shop.goods_named(v.body, null) else v.body end,
      'by', (select s.name from sec.staff s where s.id = v.published_by),
      'approved_by', (select s.name from sec.staff s where s.id = v.approved_by))
      || case when f.family = 'coupon' then shop.coupon_tally(v.rule) else '{}' end
    from shop.rule f join shop.rule_version v on v.rule = f.id
   where f.id = desk_version.rule order by v.version desc limit 1 $$;

create or replace function shop.desk_proposal(proposal bigint, looks int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('proposal', p.id, 'rule', p.rule, 'family', p.family, 'name', p.name, 'by', s.name,
      'own', p.by_staff = looks, 'at', p.at, 'terms', case when p.family = 'recharge' and p.terms ? 'body'
        then p.terms || jsonb_build_object('body', shop.goods_named(p.terms->'body', null)) else p.terms end)
    from shop.rule_proposal p join sec.staff s on s.id = p.by_staff where p.id = desk_proposal.proposal $$;

drop function if exists api.promotions(), api.coupon_desk();
-- At most `most` rows behind the one that stands at `after` (its place and its id); only they are made into rows.
create or replace function api.rule_desk(families text[], after bigint[], most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('now', now(),
    'recharges', (select u.recharges from shop.unit u where u.id = w.store),
    'rows', coalesce((select jsonb_agg(case y.place when 0 then shop.desk_proposal(y.id, w.staff) else shop.desk_version(y.id::int) end
        order by y.place, y.id)
      from (select x.place, x.id
          from (select 0 as place, p.id from shop.rule_proposal p where p.decided_at is null and p.family = any (families)
                union all
                select shop.desk_place(v), f.id::bigint
                  from shop.rule f
                  join lateral (select n.* from shop.rule_version n where n.rule = f.id order by n.version desc limit 1) v on true
                 where f.family = any (families)) x
         where after is null or (x.place, x.id) > (after[1]::int, after[2])
         order by x.place, x.id limit sec.at_most(most, 50, 200)) y), '[]'));
end $$;
grant execute on function api.rule_desk(text[], bigint[], int) to huiyuan_terminal;
