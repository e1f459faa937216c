-- What every edit of master data asks: clean text, a scope that covers it, a trace of before and after.

-- The first field whose text is not clean, null if all are; the CHECKs of the tables are the wall behind it.
create or replace function shop.unclean(fields text[], texts text[], most int[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select f.field from unnest(fields, texts, most) with ordinality f(field, value, most, n)
   where not coalesce(shop.clean(f.value, f.most), false) order by f.n limit 1 $$;

-- A person's units cover a store if it lies below one of them; the whole chain (null) only with a unit that has none above it.
create or replace function sec.covers(units int[], store int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if store is not null then return sec.in_scope(units, store); end if;
  return exists (select from shop.unit u where u.parent is null and u.id = any (units));
end $$;

create or replace function sec.edited(terminal int, staff int, what text, before jsonb, after jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.write_audit(terminal, staff, what, null, jsonb_build_object(
    'before', case when jsonb_strip_nulls(before) <> '{}' then before end, 'after', case when jsonb_strip_nulls(after) <> '{}' then after end));
end $$;

create or replace function sec.malformed(section text, detail text) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return sec.refusal('malformed', jsonb_build_object('section', section, 'detail', detail)); end $$;
