-- A promotion is checked against the bounds of the version it names, never worked out again: which goods, how much of them, at least
-- what is left to pay, when, for whom. Volatile: what a member had today is read after the other till of the same member is done.

-- A figure of a document beside the bounds of one version.
create or replace function ledger.promotion_why(d ledger.draft, r shop.rule_version, family text) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad record;
  v_sum record;
  v_most bigint;
  v_why text;
begin
  select c.line, case when not shop.in_scope(r, p) or l.open then 'scope' when not c.good or c.qty > l.qty_milli then 'quantity'
           else 'amount' end as why into v_bad
    from (select a.line, sum(a.amount_minor) as amount, sum(coalesce(a.qty_milli, x.qty_milli)) as qty, bool_and(coalesce(a.qty_milli, 1) > 0) as good
            from unnest(d.adjustments) a join unnest(d.lines) x on x.n = a.line where a.rule = r.rule and a.source = family group by a.line) c
    join unnest(d.lines) l on l.n = c.line join shop.product p on p.id = l.product
   where not shop.in_scope(r, p) or l.open or not c.good or c.qty > l.qty_milli
      or c.amount > floor(l.value_minor::numeric * c.qty * r.max_bp / (l.qty_milli::numeric * 10000))
      or c.amount > r.max_unit_minor::numeric * c.qty / 1000
   order by c.line limit 1;
  if found then return jsonb_build_object('why', v_bad.why, 'line', v_bad.line); end if;
  if family = 'tier' then return null; end if;

  select sum(a.amount_minor) as amount, sum(coalesce(a.qty_milli, l.qty_milli)) as qty,
         sum(l.value_minor::numeric * coalesce(a.qty_milli, l.qty_milli) / l.qty_milli) as value, min(a.line) as line into v_sum
    from unnest(d.adjustments) a join unnest(d.lines) l on l.n = a.line where a.rule = r.rule and a.source = family;
  if r.part_milli is null and v_sum.value - v_sum.amount < r.left_minor::numeric * v_sum.qty / r.of_milli then
    return jsonb_build_object('why', 'amount', 'line', v_sum.line);
  end if;
  v_most := ledger.covered_most(d, r);
  if v_sum.qty > v_most or v_sum.qty > r.max_qty_milli then
    return jsonb_build_object('why', 'quantity', 'line', v_sum.line, 'most_milli', least(v_most, r.max_qty_milli));
  end if;
  if r.part_milli is not null then
    v_why := ledger.bundle_bad(d, r, v_sum.amount);
    if v_why is not null then return jsonb_build_object('why', v_why, 'line', v_sum.line); end if;
  end if;
  return ledger.reached_why(d, r, v_sum.amount, v_sum.line);
end $$;

-- As many sets as the part that is covered most often asks for: each of them has to be there whole and leave its price to pay. (A part
-- so cheap that its share rounds to nothing has no adjustment; where a day is counted, every part has to have one.)
create or replace function ledger.bundle_bad(d ledger.draft, r shop.rule_version, amount numeric, out why text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_sets bigint; v_uneven boolean; v_short boolean; v_worth numeric;
begin
  with part as (
    select q.product, q.milli,
           coalesce((select sum(coalesce(a.qty_milli, l.qty_milli)) from unnest(d.adjustments) a join unnest(d.lines) l on l.n = a.line
             where a.rule = r.rule and a.source = 'promotion' and l.product = q.product), 0) as covered,
           (select sum(l.qty_milli) from unnest(d.lines) l where l.product = q.product and not coalesce(l.open, false)) as there,
           (select max(l.value_minor::numeric / l.qty_milli) from unnest(d.lines) l where l.product = q.product) as unit
      from unnest(r.products, r.part_milli) q(product, milli)),
  sets as (select max(ceil(p.covered / p.milli))::bigint as k from part p)
  select s.k, bool_or(p.covered <> s.k * p.milli), bool_or(coalesce(p.there, 0) < s.k * p.milli), sum(s.k * p.milli * p.unit)
    into v_sets, v_uneven, v_short, v_worth from part p cross join sets s group by s.k;
  why := case when v_short or (v_uneven and r.day_qty_milli is not null) then 'parts'
    when v_sets * r.of_milli > r.max_qty_milli then 'quantity'
    when v_worth - amount < r.left_minor * v_sets then 'amount' end;
end $$;

-- How much of a document a version may cover: so much of every whole set that is there. Null: no bound.
create or replace function ledger.covered_most(d ledger.draft, r shop.rule_version) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if r.give_milli is null then return null; end if;
  if r.of_milli is null then return r.give_milli; end if;
  return (select floor(coalesce(sum(l.qty_milli), 0) / r.of_milli) * r.give_milli from unnest(d.lines) l join shop.product p on p.id = l.product
    where not coalesce(l.open, false) and case when r.needs is null then shop.in_scope(r, p) else p.id = any (r.needs) end);
end $$;

-- Least totals and steps are judged by the basket at the customer's own prices, before promotions, coupons and what is given by hand.
create or replace function ledger.reached_why(d ledger.draft, r shop.rule_version, amount numeric, line int) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_base numeric;
  v_scope numeric;
  v_most numeric;
begin
  if r.min_minor = 0 and r.step_from is null then return null; end if;
  select sum(x.base), sum(x.base) filter (where x.fits) into v_base, v_scope from (
    select l.value_minor
             - coalesce((select sum(a.amount_minor) from unnest(d.adjustments) a where a.line = l.n and a.source in ('list', 'tier')), 0) as base,
           not coalesce(l.open, false) and shop.in_scope(r, p) as fits
      from unnest(d.lines) l join shop.product p on p.id = l.product) x;
  if r.min_minor > v_base - (case when r.give_milli is not null and r.pass = 'basket' then amount else 0 end) then
    return jsonb_build_object('why', 'least', 'line', line, 'least', r.min_minor);
  end if;
  if r.step_from is not null then
    v_most := (select max(case when s.off > 0 then s.off * case when r.repeats then floor(v_scope / greatest(s.first, 1)) else 1 end
                               else floor(v_scope * s.bp / 10000) end)
                 from unnest(r.step_from, r.step_minor, r.step_bp) s(first, off, bp) where s.first <= v_scope);
    if amount > coalesce(v_most, 0) then return jsonb_build_object('why', 'steps', 'line', line, 'most', coalesce(v_most, 0)); end if;
  end if;
  return null;
end $$;

-- Two that do not go together on one line: an exclusive one beside any other, two of which a line has the best, one that takes the
-- place of a member's price beside that price.
create or replace function ledger.promotions_beside(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('why', 'beside', 'line', a.line, 'rule', a.rule, 'version', a.version)
    from unnest(d.adjustments) a join shop.rule_version r on r.rule = a.rule and r.version = a.version and r.combine is not null
    join unnest(d.adjustments) b on b.line = a.line and (b.rule, b.source) is distinct from (a.rule, a.source)
    left join shop.rule_version o on o.rule = b.rule and o.version = b.version and b.source = 'promotion'
   where a.source = 'promotion' and ((b.source = 'promotion'
            and (r.combine = 'exclusive' or (r.combine = 'best' and o.combine = 'best' and o.pass = r.pass)))
      or (b.source in ('list', 'tier') and not r.with_member)) order by a.line limit 1);
end $$;

-- For whom: a member who never bought, and how much one has in a day. One lock a member, whatever wallet each till serves.
create or replace function ledger.person_why(d ledger.draft, r shop.rule_version) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_member bigint;
  v_qty bigint;
begin
  if r.first_order is not true and r.day_qty_milli is null and not r.body ?| '{birth_month,joined_days}' then return null; end if;
  v_member := (select w.member from shop.wallet w where w.id = (d.header).wallet);
  if v_member is null then return '{"why":"no_member"}'; end if;
  if ledger.segment_why(d, r.body, v_member) is not null then
    return jsonb_build_object('why', ledger.segment_why(d, r.body, v_member));
  end if;
  if r.first_order is not true and r.day_qty_milli is null then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended('rules of ' || v_member, 2));
  if r.first_order and ledger.has_bought(v_member) then return '{"why":"first_order"}'; end if;
  if r.day_qty_milli is null then return null; end if;
  v_qty := (select sum(coalesce(a.qty_milli, l.qty_milli)) from unnest(d.adjustments) a join unnest(d.lines) l on l.n = a.line
             where a.rule = r.rule and a.source = 'promotion');
  if v_qty + ledger.rule_used(v_member, r.rule, d.business_date) > r.day_qty_milli then return '{"why":"day"}'; end if;
  return null;
end $$;

create or replace function guard.promotion_refused(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  r shop.rule_version;
  v_why jsonb;
  v_family text;
begin
  if d.adjustments = '{}' then return null; end if;
  for r in
    select v.* from (select distinct x.rule, x.version from unnest(d.adjustments) x where x.source in ('promotion', 'tier')) n
      join shop.rule_version v on v.rule = n.rule and v.version = n.version and v.bounded order by n.rule
  loop
    v_family := (select f.family from shop.rule f where f.id = r.rule);
    v_why := ledger.promotion_why(d, r, v_family);
    if v_why is null and not ledger.window_was_open(d, r) then v_why := '{"why":"window"}'; end if;
    if v_why is null and (d.header).offline_at is null then v_why := ledger.person_why(d, r); end if;     -- else noted: it has happened
    if v_why is not null then return jsonb_build_object('rule', r.rule, 'version', r.version) || v_why; end if;
  end loop;
  return ledger.promotions_beside(d);
end $$;
