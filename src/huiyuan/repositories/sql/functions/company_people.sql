-- Who acts for a company. What is given is `company`: a field that is absent stays, null takes it away, else {sealed, mask} as hex texts.

create or replace function shop.company_fields() returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select '{legal_name,legal_phone,contact_name,contact_phone}'::text[] $$;

-- The masks by field, all four of them, null where there is none.
create or replace function shop.company_shown(member bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_object_agg(f.field, encode(p.shown, 'hex')) from unnest(shop.company_fields()) f(field)
    left join shop.company_person p on p.member = company_shown.member and p.field = f.field $$;

-- The field that is not of the shape; null: none.
create or replace function shop.company_fault(given jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_key text;
begin
  if not given ? 'company' then return null; end if;
  if jsonb_typeof(given->'company') <> 'object' then return 'company'; end if;
  select f.key into v_key from jsonb_each(given->'company') f
   where f.key <> all (shop.company_fields())
      or f.value <> 'null' and (jsonb_typeof(f.value) <> 'object'
           or (f.value->>'sealed' ~ '^([0-9a-f]{2}){30,}$' and length(f.value->>'sealed') <= 1200
               and f.value->>'mask' ~ '^([0-9a-f]{2}){30,200}$') is not true) limit 1;
  return left(v_key, 40);
end $$;

-- Whoever acts by law for a company that has one on file is changed only once the person at the counter is known.
create or replace function shop.company_checked(member bigint, given jsonb) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(p.field order by p.field), '{}') from shop.company_person p
   where p.member = company_checked.member and p.field like 'legal%' and given->'company' ? p.field $$;

-- A person has nobody who acts for a company: what stood there goes.
create or replace function shop.keep_company(member bigint, kind text, given jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from shop.company_person p where p.member = keep_company.member and (kind <> 'company' or given->'company'->p.field = 'null');
  insert into shop.company_person as p (member, field, sealed, shown)
  select keep_company.member, f.key, decode(f.value->>'sealed', 'hex'), decode(f.value->>'mask', 'hex')
    from jsonb_each(coalesce(given->'company', '{}')) f where kind = 'company' and f.value <> 'null'
  on conflict on constraint company_person_pkey do update set sealed = excluded.sealed, shown = excluded.shown;
end $$;
