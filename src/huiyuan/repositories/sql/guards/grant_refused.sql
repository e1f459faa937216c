-- Points and bonus come from a rule in force, for this tier and store, and no more of them than it gives;
-- points from one rule only. Where the rule says
-- except_points, what points paid earns none. A top-up's points are a recharge rule's, a sale's never are.
create or replace function guard.grant_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_by_points bigint := coalesce((select sum(t.amount_minor) from unnest(d.tenders) t where t.points is not null), 0);
begin
  if d.grants = '{}' then return null; end if;
  return (select jsonb_build_object('grant', g.kind, 'rule', g.rule, 'version', g.version, 'most', coalesce(b.most, 0))
    from (select x.kind, x.rule, x.version, sum(x.amount) as amount from unnest(d.grants) x group by 1, 2, 3) g
    left join ledger.rule_in_force(d) r on r.rule = g.rule and r.version = g.version
      and case when (d.kind).contra is distinct from 'principal' then r.family = g.kind
            else r.family = 'recharge' and g.kind in ('bonus', 'points') or r.family = g.kind and g.kind <> 'points' end
   cross join lateral (select case when g.kind = 'points' and r.family = 'recharge' then ledger.recharge_points(r.body, d.total) else case g.kind
       when 'points' then floor((d.total - case r.body->>'except_points' when 'true'
                                   then v_by_points else 0 end)::numeric * r.points_rate / 10000)
       when 'bonus' then case r.family when 'recharge' then ledger.recharge_now(r.body, r.max_document_minor, d.total)
         else least(floor(d.total::numeric * r.max_bp / 10000), r.max_document_minor) end
       when 'pass' then case when (d.kind).kind = 'pass_sale' then floor(d.total / (r.body->>'price_minor')::numeric)
           * coalesce((r.body->>'count')::int, 1)
         when d.total >= (r.body->>'top_up_minor')::bigint then coalesce((r.body->>'count')::int, 1) end end end as most) b
   where g.amount > coalesce(b.most, 0) or exists (select from unnest(d.grants) o where o.rule = g.rule and o.version <> g.version)
      or (g.kind = 'points' and exists (select from unnest(d.grants) o where o.kind = 'points' and o.rule <> g.rule))
      or d.total < r.min_minor or (d.header).wallet is null
      or not exists (select from ledger.kind_pair q where q.kind = (d.kind).kind and q.demand = 'grant'
          and q.credit = case g.kind when 'pass' then 'pass:' || g.rule else g.kind end) limit 1);
end $$;
