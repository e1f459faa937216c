-- One rule gives the bonus and the points of a top-up, on the cards it is for; coupons come with it for the member alone, no more than a
-- rule in force says.
create or replace function guard.recharge_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_rule int;
  v_bad record;
begin
  if d.grants = '{}' and d.coupons = '{}' then return null; end if;
  if (select count(distinct g.rule) > 1 or count(*) > count(distinct g.kind) from unnest(d.grants) g where g.kind <> 'pass') then
    return '{"why": "one"}';
  end if;
  if exists (select from unnest(d.grants) g join shop.rule_version v on v.rule = g.rule and v.version = g.version
              where g.kind <> 'pass' and not ledger.for_cards(d, v.body)) then
    return '{"why": "card_type"}';
  end if;
  if d.coupons = '{}' then return null; end if;
  v_rule := (select x.rule from (select g.rule from unnest(d.grants) g where g.kind <> 'pass' union all select g.rule from unnest(d.gifts) g) x
    limit 1);
  select x.rule, x.pieces, coalesce(b.most, 0) as most into v_bad
    from (select c.rule, count(*) as pieces, bool_or(c.holder is distinct from w.member or w.member is null) as astray
            from unnest(d.coupons) c left join shop.wallet w on w.id = (d.header).wallet group by c.rule) x
    left join lateral (select max((e->>'pieces')::int) as most from ledger.rule_in_force(d) r
        cross join jsonb_array_elements(r.body->'coupons') e
       where r.family = 'recharge' and r.rule = coalesce(v_rule, r.rule)
         and (not r.body ? 'bought' or (d.header).bought is not null) and (e->>'rule')::int = x.rule and d.total >= r.min_minor
         and exists (select from jsonb_array_elements(r.body->'steps') s where (s->>'from_minor')::bigint <= d.total)
         and ledger.for_cards(d, r.body)) b on true
   where x.pieces > coalesce(b.most, 0) or x.astray limit 1;
  return case when v_bad.pieces is not null then jsonb_build_object('why', 'coupons', 'most', v_bad.most) end;
end $$;
