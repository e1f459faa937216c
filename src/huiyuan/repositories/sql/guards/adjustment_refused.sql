-- Every discount names its source and stays within that rule version's bounds, or within the person's own limit. A rate rounds down,
-- or a thousand small lines would make a large discount of it. A line goes by another price list or by a tier's discount, not both.
create or replace function guard.adjustment_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_mine int := coalesce((sec.permission_of((d.staff).duty, 'discount')).limit_bp, 0);
  v_theirs int := coalesce((sec.permission_of((d.approver).duty, 'discount')).limit_bp, 0);
  v_promoted bigint := coalesce((select sum(x.amount_minor) from unnest(d.adjustments) x where x.source in ('promotion', 'coupon')), 0);
  v_bad record;
begin
  if d.adjustments = '{}' then return null; end if;
  select x.line, x.source into v_bad from unnest(d.adjustments) x
   where (x.name is not null and (x.source <> 'manual' or not shop.clean(x.name, 40)))
      or (x.qty_milli is not null and x.source not in ('promotion', 'coupon')) or (x.coupon is not null) <> (x.source = 'coupon') limit 1;
  if found then return jsonb_build_object('line', v_bad.line, 'source', v_bad.source, 'most', 0); end if;
  select a.line, a.source, a.rule, a.version, a.list, b.most into v_bad
    from (select x.line, x.source, x.rule, x.version, x.list, sum(x.amount_minor) as amount, sum(sum(x.amount_minor)) over (partition by x.rule,
        x.version) as in_all
            from unnest(d.adjustments) x where x.source <> 'coupon' group by x.line, x.source, x.rule, x.version, x.list) a
    join unnest(d.lines) l on l.n = a.line
    left join ledger.rule_in_force(d) r on r.rule = a.rule and r.version = a.version and r.family = a.source and a.source in ('tier', 'promotion')
   cross join lateral (select case a.source when 'manual' then floor(l.value_minor::numeric * greatest(v_mine, v_theirs) / 10000)
       when 'list' then l.value_minor - ledger.list_value(d, l.product, l.qty_milli, a.list)
       else least(floor(l.value_minor::numeric * r.max_bp / 10000), r.max_line_minor) end as most) b
   where a.amount > coalesce(b.most, 0) or a.in_all > r.max_document_minor or (not (a.source = 'promotion' and r.body ? 'kind')
        and r.min_minor > d.total + a.in_all + case a.source when 'tier' then v_promoted else 0 end)
      or (a.source not in ('manual', 'list') and r.max_bp is null and r.max_line_minor is null)
      or (a.source in ('manual', 'list') and a.rule is not null) or (a.source = 'list') <> (a.list is not null)
      or (a.source = 'list' and exists (select from unnest(d.adjustments) o where o.line = a.line and o.source in ('tier', 'list')
            and (o.source, o.list) is distinct from (a.source, a.list)))
      or exists (select from unnest(d.adjustments) o where o.rule = a.rule and o.version is distinct from a.version)   -- one version only
   order by a.line limit 1;
  if not found then return null; end if;
  if v_bad.source = 'manual' and v_bad.rule is null and v_bad.list is null then
    return jsonb_build_object('refused', 'approval_needed', 'permission', 'discount', 'amount', d.total, 'limit', v_bad.most, 'line', v_bad.line);
  end if;
  return jsonb_build_object('line', v_bad.line, 'source', v_bad.source, 'rule', v_bad.rule, 'version', v_bad.version, 'most',
      coalesce(v_bad.most, 0));
end $$;
