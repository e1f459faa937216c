-- Group-buy orders: what stands in one, which tier that reaches, and which codes close it.

-- A place is its member's, or that of whoever he was merged into.
create or replace function shop.group_standing(group_order uuid) returns table(holder bigint, qty_milli bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(m.merged_into, m.id), sum(p.qty_milli)::bigint from shop.group_place p join shop.member m on m.id = p.member
   where p.group_order = group_standing.group_order and p.left_at is null group by 1 order by 1 $$;

-- The highest tier that so many pieces reach; null: none.
create or replace function shop.group_tier_of(group_order uuid, qty_milli bigint) returns shop.group_tier
language sql stable set search_path = pg_catalog, pg_temp as $$
  select t from shop.group_tier t where t.group_order = group_tier_of.group_order and t.from_milli <= group_tier_of.qty_milli
   order by t.from_milli desc limit 1 $$;

-- How many pieces a place may have: as many codes of each tier's series as one sale, one member and one day take. Thousandths.
create or replace function shop.group_most(group_order uuid) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select 1000 * coalesce(min(least(coalesce((v.body->>'per_sale')::int, 1), (v.body->>'per_member')::int, (v.body->>'per_day')::int)), 1)
    from shop.group_tier t cross join lateral (select x.* from shop.rule_version x where x.rule = t.rule and x.valid_from <= now()
       order by x.version desc limit 1) v where t.group_order = group_most.group_order $$;

-- The version of a series that gives codes out in a store now.
create or replace function shop.series_here(rule int, store int) returns shop.rule_version
language sql stable set search_path = pg_catalog, pg_temp as $$
  select v from shop.rule_version v join shop.rule f on f.id = v.rule and f.family = 'coupon'
   where v.rule = series_here.rule and v.bounded and v.valid_from <= now() and (v.valid_to is null or v.valid_to > now())
     and (v.stores is null or series_here.store = any (v.stores)) order by v.version desc limit 1 $$;

-- Why a series cannot be a tier of an order for a product: every piece needs a code of its own, so a code takes off so much and no more,
-- and needs the goods of a piece for itself (its least total).
create or replace function shop.group_series_why(rule int, store int, product int) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v shop.rule_version := shop.series_here(rule, store);
  p shop.product := (select x from shop.product x where x.id = group_series_why.product);
begin
  return case
    when v.rule is null then 'series'
    when v.body->>'kind' is distinct from 'off' and (v.body->>'kind' is distinct from 'percent' or v.max_document_minor is null) then 'kind'
    when v.min_minor <= 0 then 'least'
    when not shop.in_scope(v, p) then 'scope' end;
end $$;

-- The order that coupons close stays as it is until they are given out: nobody joins or leaves meanwhile.
create or replace function ledger.lock_group_order(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).group_order is not null then
    perform 1 from shop.group_order g where g.id = (d.header).group_order for no key update;
  end if;
end $$;

create or replace function ledger.write_group_order(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).group_order is not null then
    update shop.group_order g set document = d.id, ended_at = d.at, ended_by = (d.staff).id where g.id = (d.header).group_order;
  end if;
end $$;

-- An order is closed by the document that says so, which gave out a code for every piece that stands.
create or replace function ledger.verify_group_orders() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'group_order', g.id::text, 'codes differ from its places' from shop.group_order g left join ledger.document x on x.id = g.document
   where g.document is not null and (x.id is null or x.body->>'group_order' is distinct from g.id::text
     or (select count(*) * 1000 from ledger.coupon_event e where e.document = g.document and e.what = 'issued')
        is distinct from (select sum(s.qty_milli) from shop.group_standing(g.id) s));
end $$;
