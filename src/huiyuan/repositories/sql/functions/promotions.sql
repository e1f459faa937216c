-- The bounds of a promotion's version: made from its body when it is published, and asked about one document.

-- Categories with all below them.
create or replace function shop.categories_below(ids int[]) returns int[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  with recursive below as (
    select c.id from shop.category c where c.id = any (ids)
    union select c.id from below b join shop.category c on c.parent = b.id)
  select array_agg(b.id order by b.id) from below b $$;

create or replace function shop.ints_in(body jsonb, key text) returns int[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select array_agg(x::int order by x::int) from jsonb_array_elements_text(body->key) x $$;

-- What a promotion's kind bounds. `body` was found to be in order before (shop.promotion_unclear).
create or replace function shop.kind_bounds(inout t shop.rule_version)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := t.body;
  v_kind text := b->>'kind';
begin
  t.pass := case when v_kind in ('steps', 'gift') then 'basket' else 'line' end;
  t.combine := coalesce(b->>'combine', 'best');
  t.with_member := coalesce((b->>'with_member')::boolean, true);
  t.max_bp := case when v_kind in ('percent', 'nth', 'buy_get') then coalesce((b->>'rate_bp')::int, 10000) else 10000 end;
  t.max_unit_minor := (b->>'off_minor')::bigint;
  t.of_milli := case v_kind when 'nth' then (b->>'n')::bigint * 1000 when 'buy_get' then ((b->>'buy')::bigint + (b->>'get')::bigint) * 1000
    when 'gift' then (b->>'each_milli')::bigint when 'fixed' then 1000 end;
  t.give_milli := case v_kind when 'nth' then 1000 when 'buy_get' then (b->>'get')::bigint * 1000 when 'gift' then (b->>'give_milli')::bigint end;
  t.left_minor := case when v_kind in ('fixed', 'bundle') then (b->>'price_minor')::bigint end;
  t.needs := case v_kind when 'gift' then shop.ints_in(b, 'needs') end;
  if v_kind = 'bundle' then
    select array_agg((p->>'product')::int order by o), array_agg((p->>'qty_milli')::bigint order by o), sum((p->>'qty_milli')::bigint)
      into t.products, t.part_milli, t.of_milli from jsonb_array_elements(b->'parts') with ordinality x(p, o);
  elsif v_kind = 'steps' then
    select array_agg((s->>'from_minor')::bigint order by o), array_agg(coalesce((s->>'off_minor')::bigint, 0) order by o),
           array_agg(coalesce((s->>'rate_bp')::int, 0) order by o)
      into t.step_from, t.step_minor, t.step_bp from jsonb_array_elements(b->'steps') with ordinality x(s, o);
    t.repeats := coalesce((b->>'repeats')::boolean, false);
  end if;
  t.max_qty_milli := (b->>'max_qty_milli')::bigint;
  t.day_qty_milli := (b->>'day_qty_milli')::bigint;
  t.first_order := (b->>'first_order')::boolean;
end $$;

create or replace function shop.with_bounds(t shop.rule_version, family text) returns shop.rule_version
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := t.body;
begin
  if family not in ('promotion', 'tier', 'coupon') or b = '{}' or (family = 'promotion' and b->>'kind' is null) then return t; end if;
  t.bounded := true;
  t.products := shop.ints_in(b, 'products');
  t.categories := shop.categories_below(shop.ints_in(b, 'categories'));
  t.brands := (select array_agg(x order by x) from jsonb_array_elements_text(b->'brands') x);
  t.but := shop.ints_in(b, 'but');
  t.goods := b->>'goods';
  t.weekdays := shop.ints_in(b, 'weekdays');
  t.from_minute := (b->>'from_minute')::int; t.to_minute := (b->>'to_minute')::int;
  t.days := (select array_agg(x::date order by x) from jsonb_array_elements_text(b->'days') x);
  t.not_holidays := (b->>'not_holidays')::boolean;
  if family = 'promotion' then t := shop.kind_bounds(t); elsif family = 'coupon' then t := shop.coupon_bounds(t); end if;
  return t;
end $$;

create or replace function shop.in_scope(r shop.rule_version, p shop.product) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select (r.goods is null or r.goods = p.kind) and (r.but is null or p.id <> all (r.but))
     and ((r.products is null and r.categories is null and r.brands is null)
          or coalesce(p.id = any (r.products), false) or coalesce(p.category = any (r.categories), false)
          or coalesce(p.brand = any (r.brands), false)) $$;

-- Whether a version's window was open at a moment, by the store's wall clock. Later than the last year whose holidays are known a rule
-- that keeps away from holidays never holds.
create or replace function shop.window_open(r shop.rule_version, at timestamptz, zone text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_local timestamp := at at time zone zone;
  v_minute int := extract(hour from v_local) * 60 + extract(minute from v_local);
  v_from int := coalesce(r.from_minute, 0);
  v_to int := coalesce(r.to_minute, 1440);
begin
  return (r.days is null or v_local::date = any (r.days))
    and (r.weekdays is null or extract(isodow from v_local)::int = any (r.weekdays))
    and (case when v_from <= v_to then v_minute >= v_from and v_minute < v_to else v_minute >= v_from or v_minute < v_to end)
    and (not coalesce(r.not_holidays, false)
         or (exists (select from shop.holiday_year y where y.year = extract(year from v_local))
             and not exists (select from shop.holiday h where h.day = v_local::date)));
end $$;

-- With the grace that prices have: open at some moment of it, tried every ten minutes (no window is shorter than fifteen).
create or replace function ledger.window_was_open(d ledger.draft, r shop.rule_version) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_zone text;
  v_at timestamptz := d.at;
  v_since timestamptz;
begin
  if r.days is null and r.weekdays is null and r.from_minute is null and r.to_minute is null and r.not_holidays is not true then return true; end if;
  v_zone := (select coalesce(u.time_zone, c.time_zone) from shop.chain c join shop.unit u on u.id = (d.terminal).store);
  v_since := ledger.in_force_since(d);
  loop
    if shop.window_open(r, v_at, v_zone) then return true; end if;
    exit when v_at <= v_since;
    v_at := greatest(v_at - interval '10 minutes', v_since);
  end loop;
  return false;
end $$;

-- What a member had of a rule in a business day; what was taken back whole does not count.
create or replace function ledger.rule_used(member bigint, rule int, day date) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(coalesce(a.qty_milli, l.qty_milli)), 0)::bigint
    from shop.wallet w join ledger.document x on x.wallet = w.id and x.business_date = rule_used.day and x.kind in ('sale', 'exchange')
    join ledger.adjustment a on a.document = x.id and a.rule = rule_used.rule
    join ledger.line l on l.document = x.id and l.n = a.line
   where w.member = rule_used.member and not exists (select from ledger.reversed r where r.document = x.id) $$;

-- Whether anything was ever sold to a member.
create or replace function ledger.has_bought(member bigint) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from shop.wallet w join ledger.document x on x.wallet = w.id and x.kind in ('sale', 'exchange', 'history_sale')
    where w.member = has_bought.member and not exists (select from ledger.reversed r where r.document = x.id)) $$;

-- What pricing has to know about a member: dealer level, first order, what rules with a bound for the day gave already.
create or replace function ledger.member_terms(member bigint, store int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('dealer', m.dealer, 'first_order', not ledger.has_bought(m.id),
    'birth_month', ledger.born_in_month(m.id, day.local), 'joined_days', ledger.days_joined(m.id, day.local, day.zone),
    'pops_up', (select jsonb_agg(n.text order by n.id) from shop.member_note n where n.member = m.id and n.pops_up and n.removed_at is null),
    'slips', shop.wants_messages(m.id),
    'phone', exists (select from shop.personal p where p.member = m.id and p.phone is not null),
    'used', (select jsonb_object_agg(v.rule::text, u.qty)
               from (select distinct v.rule from shop.rule_version v where v.day_qty_milli is not null and v.valid_from <= now()
                       and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or member_terms.store = any (v.stores))) v
              cross join lateral (select ledger.rule_used(m.id, v.rule, day.today) as qty) u where u.qty > 0))
    from shop.member m
   cross join lateral (select ledger.business_date_of(now(), coalesce(s.time_zone, c.time_zone), c.cutover_minutes) as today,
                              coalesce(s.time_zone, c.time_zone) as zone, (now() at time zone coalesce(s.time_zone, c.time_zone))::date as local
                         from shop.chain c join shop.unit s on s.id = member_terms.store) day
   where m.id = member_terms.member $$;
