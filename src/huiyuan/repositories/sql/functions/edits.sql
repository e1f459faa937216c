-- What every edit of master data asks: clean text, a scope that covers it, a trace of before and after.

-- The first field whose text is not clean, null if all are; the CHECKs of the tables are the wall behind it.
create or replace function shop.unclean(fields text[], texts text[], most int[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select f.field from unnest(fields, texts, most) with ordinality f(field, value, most, n)
   where not coalesce(shop.clean(f.value, f.most), false) order by f.n limit 1 $$;

-- A person's units cover a store if it lies below one of them; the whole chain (null) only with a unit that has none above it.
create or replace function sec.covers(units int[], store int) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when store is null then exists (select from shop.unit u where u.parent is null and u.id = any (units))
              else sec.in_scope(units, store) end $$;

create or replace function sec.edited(terminal int, staff int, what text, before jsonb, after jsonb) returns void
language sql set search_path = pg_catalog, pg_temp as
$$ select sec.write_audit(terminal, staff, what, null, jsonb_build_object(
     'before', case when jsonb_strip_nulls(before) <> '{}' then before end, 'after', case when jsonb_strip_nulls(after) <> '{}' then after end)) $$;

create or replace function sec.malformed(section text, detail text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select sec.refusal('malformed', jsonb_build_object('section', section, 'detail', detail)) $$;
