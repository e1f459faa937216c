-- Goods sorted and described: the tree of categories, and what a product's record says beyond code, name and tax.

-- A new category (category null) or an edit of the version that was read. A category never lies below itself.
create or replace function api.category_put(category int, version int, parent int, code text, name text, active boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.category; after shop.category; bad text;
  v_code text := normalize(btrim(code), NFKC);
begin
  w := sec.asks('catalog');
  if w.refused is not null then return w.refused; end if;
  bad := shop.unclean('{code,name}', array[v_code, name], '{32,64}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  perform 1 from shop.category c where c.parent is null order by c.id for no key update;   -- one mover of the tree at a time
  if parent is not null and not exists (select from shop.category c where c.id = category_put.parent) then
    return sec.malformed('category', 'parent');
  end if;
  if category is not null then
    select c.* into before from shop.category c where c.id = category_put.category for update;
    if before.id is null then return sec.malformed('category', 'category'); end if;
    if before.version is distinct from category_put.version then return sec.refusal('stale', jsonb_build_object('version', before.version)); end if;
    if exists (with recursive up as (
        select c.id, c.parent from shop.category c where c.id = category_put.parent
        union
        select c.id, c.parent from up join shop.category c on c.id = up.parent)
      select from up where up.id = before.id) then return sec.malformed('category', 'parent'); end if;
    update shop.category c set parent = category_put.parent, code = v_code, name = category_put.name,
           active = coalesce(category_put.active, true), version = c.version + 1
     where c.id = before.id returning c.* into after;
  else
    insert into shop.category(parent, code, name, active) values (category_put.parent, v_code, category_put.name, coalesce(category_put.active, true))
      returning * into after;
  end if;
  perform sec.edited(w.terminal, w.staff, 'category', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('category', after.id, 'version', after.version);
exception when unique_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'code', 'value', v_code));
end $$;

-- The whole tree, parents before what lies below them.
create or replace function api.categories() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    with recursive down as (
      select c.id, c.parent, c.code, c.name, c.active, c.version, 0 as depth, array[c.code] as way from shop.category c where c.parent is null
      union all
      select c.id, c.parent, c.code, c.name, c.active, c.version, d.depth + 1, d.way || c.code from down d join shop.category c on c.parent = d.id)
    select jsonb_agg(jsonb_build_object('id', d.id, 'parent', d.parent, 'code', d.code, 'name', d.name, 'active', d.active, 'version', d.version,
                                        'depth', d.depth) order by d.way) from down d), '[]');
end $$;

-- The rest of a product's record. `tokens` are made by the application from name, brand and code: what a search finds it by.
create or replace function api.product_describe(product int, version int, category int, brand text, spec text, origin text, sold_by text,
    open_price boolean, tokens text[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.product; after shop.product; bad text;
begin
  w := sec.asks('catalog');
  if w.refused is not null then return w.refused; end if;
  bad := shop.unclean('{brand,spec,origin}', array[coalesce(brand, '-'), coalesce(spec, '-'), coalesce(origin, '-')], '{64,64,64}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  if sold_by is null or sold_by not in ('piece', 'weight') then return sec.malformed('product', 'sold_by'); end if;
  if category is not null and not exists (select from shop.category c where c.id = product_describe.category and c.active) then
    return sec.malformed('product', 'category');
  end if;
  if coalesce(cardinality(tokens), 0) > 400 or exists (select from unnest(tokens) t where not coalesce(shop.clean(t, 128), false)) then
    return sec.malformed('product', 'tokens');
  end if;
  select p.* into before from shop.product p where p.id = product_describe.product for update;
  if before.id is null then return sec.refusal('unknown_product', jsonb_build_object('product', product)); end if;
  if before.version is distinct from product_describe.version then return sec.refusal('stale', jsonb_build_object('version', before.version)); end if;
  update shop.product p set category = product_describe.category, brand = product_describe.brand, spec = product_describe.spec,
         origin = product_describe.origin, sold_by = product_describe.sold_by, open_price = coalesce(product_describe.open_price, false),
         tokens = coalesce(product_describe.tokens, '{}'), version = p.version + 1
   where p.id = before.id returning p.* into after;
  perform sec.edited(w.terminal, w.staff, 'product', to_jsonb(before) - '{tokens,words}'::text[],
    to_jsonb(after) - '{tokens,words}'::text[]);
  return jsonb_build_object('product', after.id, 'version', after.version);
end $$;
grant execute on function api.category_put(int, int, int, text, text, boolean), api.categories(),
  api.product_describe(int, int, int, text, text, text, text, boolean, text[]) to huiyuan_terminal;
