-- Goods that come with a top-up are exactly those of one rule in force that gives them for so much, here, on this card, and this store has
-- them. What a rule gives only with a purchase takes its receipt, once. Volatile: stock and receipts are read behind their locks.
create or replace function guard.gift_refused(d ledger.draft) returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_rules int[] := array(select distinct x.rule from (select g.rule from unnest(d.gifts) g union all
                           select g.rule from unnest(d.grants) g where g.kind <> 'pass') x);
  r record;
  v_bad jsonb;
begin
  if d.gifts = '{}' and (d.header).bought is null and v_rules = '{}' and d.coupons = '{}' then return null; end if;
  if cardinality(v_rules) > 1 then return '{"why": "one"}'; end if;
  select x.* into r from ledger.rule_in_force(d) x where x.family = 'recharge' and ledger.gives_by(d, x.rule, x.version, x.body, x.min_minor)
   order by x.body ? 'bought' <> ((d.header).bought is not null), x.rule limit 1;
  v_bad := ledger.entitled_why(d, r.body);
  if v_bad is not null or d.gifts = '{}' then return v_bad; end if;
  return coalesce(ledger.gift_why(d, r.rule, r.body, r.min_minor), ledger.gift_out_of_stock(d));
end $$;

-- Whether what the document hands out or grants is by this version; of coupons alone nobody says by which: one that gives so many.
create or replace function ledger.gives_by(d ledger.draft, rule int, version int, body jsonb, at_least bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if d.gifts <> '{}' then
    return exists (select from unnest(d.gifts) g where (g.rule, g.version) = (gives_by.rule, gives_by.version));
  elsif exists (select from unnest(d.grants) g where g.kind <> 'pass') then
    return exists (select from unnest(d.grants) g where g.kind <> 'pass' and (g.rule, g.version) = (gives_by.rule, gives_by.version));
  end if;
  return d.coupons <> '{}' and d.total >= at_least and (ledger.recharge_step(body, d.total)).times > 0 and ledger.for_cards(d, body)
    and not exists (select from (select c.rule, count(*) as pieces from unnest(d.coupons) c group by c.rule) x
      where x.pieces > coalesce((select max((e->>'pieces')::int) from jsonb_array_elements(body->'coupons') e
        where (e->>'rule')::int = x.rule), 0));
end $$;

create or replace function ledger.entitled_why(d ledger.draft, body jsonb) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_why text;
begin
  if coalesce(body, '{}') ? 'bought' then v_why := ledger.bought_why(d, body);
  elsif (d.header).bought is not null then v_why := 'unneeded'; end if;
  return case when v_why is not null then jsonb_strip_nulls(jsonb_build_object('why', v_why, 'days', coalesce((body->>'bought_days')::int, 1),
    'by', case v_why when 'used' then (select x.result->>'receipt' from ledger.document x
      where x.id = ledger.entitled_by((d.header).bought)) end)) end;
end $$;

create or replace function ledger.gift_why(d ledger.draft, rule int, body jsonb, at_least bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_times bigint := (ledger.recharge_step(body, d.total)).times;
begin
  if rule is null or d.total < at_least or coalesce(v_times, 0) = 0 or not ledger.for_cards(d, body) then return '{"why": "rule"}'; end if;
  return (select jsonb_build_object('why', 'goods', 'product', p.name, 'most_milli', coalesce(o.milli, 0))
    from unnest(d.gifts) g left join shop.product p on p.id = g.product
    left join lateral (select (e->>'qty_milli')::bigint * v_times as milli from jsonb_array_elements(body->'goods') e
        where (e->>'product')::int = g.product) o on true
   where (g.rule, g.qty_milli) is distinct from (gift_why.rule, o.milli)
      or (select count(*) from unnest(d.gifts) x where x.product = g.product) > 1 limit 1);
end $$;

-- The rows are locked, in the order in which write_stock takes them, and then read: of two tills the second one sees what is left.
create or replace function ledger.gift_out_of_stock(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from ledger.on_hand h where h.store = (d.terminal).store and h.product in (select g.product from unnest(d.gifts) g)
    order by h.product for no key update;
  return (select jsonb_build_object('why', 'stock', 'product', p.name, 'left', greatest(coalesce(h.qty_milli, 0), 0))
    from unnest(d.gifts) g join shop.product p on p.id = g.product
    left join ledger.on_hand h on h.store = (d.terminal).store and h.product = g.product
   where coalesce(h.qty_milli, 0) < g.qty_milli order by g.product limit 1);
end $$;
