-- Every amount is positive, every line adds up: value = quantity x price within one minor unit, total = value - adjustments.
create or replace function guard.arithmetic(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(
    (select jsonb_build_object('line', l.n) from unnest(d.lines) l
       left join (select a.line, sum(a.amount_minor) as off from unnest(d.adjustments) a group by a.line) a on a.line = l.n
      where not coalesce(l.n > 0 and l.qty_milli > 0 and l.price_minor >= 0 and l.total_minor >= 0
                         and abs(l.value_minor - l.qty_milli::numeric * l.price_minor / 1000) <= 1
                         and l.total_minor = l.value_minor - coalesce(a.off, 0), false) limit 1),
    (select jsonb_build_object('line', l.n) from unnest(d.lines) l group by l.n having count(*) > 1 limit 1),
    (select jsonb_build_object('line', a.line) from unnest(d.adjustments) a
      where a.amount_minor <= 0 or not exists (select from unnest(d.lines) l where l.n = a.line) limit 1),
    (select jsonb_build_object('section', x.section) from (
        select 'tenders' as section, t.amount_minor as amount from unnest(d.tenders) t
        union all select 'grants', g.amount from unnest(d.grants) g
        union all select 'fees', f.amount_minor from unnest(d.fees) f
        union all select 'stock', s.qty_milli from unnest(d.stock) s
        union all select 'stock', s.cost_minor + 1 from unnest(d.stock) s where s.cost_minor is not null
        union all select 'taxes', t.amount_minor + 1 from unnest(d.taxes) t
        union all select 'corrections', abs(c.amount) from unnest(d.corrections) c) x where x.amount <= 0 limit 1),
    (select '{"section":"tenders"}'::jsonb from unnest(d.tenders) t
      group by t.kind, t.wallet, case when t.wallet is null then t.reference end having count(*) > 1 limit 1),
    (select '{"section":"corrections"}'::jsonb from unnest(d.corrections) c group by c.account having count(*) > 1 limit 1),
    (select '{"section":"cards"}'::jsonb from unnest(d.cards) c group by c.card having count(*) > 1 limit 1),
    (select '{"section":"stock"}'::jsonb from unnest(d.stock) s group by s.product having count(*) > 1 limit 1));
end $$;
