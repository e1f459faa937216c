-- Goods of the past: categories, products with their barcodes and a price to go on with. What is there stays as it is.

-- [{code, parent, name}]: parent is a code of the same list or one that is there; parents come first.
create or replace function api.import_categories(categories jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare c record; v_made int := 0;
begin
  for c in select x.* from rows from (jsonb_to_recordset(categories) as (code text, parent text, name text))
      with ordinality x(code, parent, name, ord)
      where (shop.clean(x.code, 32) and shop.clean(x.name, 64)) order by x.ord loop
    insert into shop.category(parent, code, name) values ((select k.id from shop.category k where k.code = c.parent), c.code, c.name)
      on conflict (code) do nothing;
    v_made := v_made + case when found then 1 else 0 end;
  end loop;
  return jsonb_build_object('made', v_made, 'categories', (select coalesce(jsonb_object_agg(k.code, k.id), '{}') from shop.category k
    where k.code in (select x.code from jsonb_to_recordset(categories) x(code text))));
end $$;

create or replace function shop.import_codes_and_prices(products jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into shop.barcode(code, product, qty_milli)
  select b.code, p.id, coalesce(b.qty_milli, 1000) from jsonb_to_recordset(products) x(code text, barcodes jsonb)
    join shop.product p on p.code = x.code
   cross join lateral jsonb_to_recordset(case jsonb_typeof(x.barcodes) when 'array' then x.barcodes else '[]' end) b(code text, qty_milli bigint)
   where shop.clean(b.code, 32) order by b.code on conflict (code) do nothing;
  insert into shop.price(product, amount_minor)
  select p.id, x.price_minor from jsonb_to_recordset(products) x(code text, price_minor bigint) join shop.product p on p.code = x.code
   where x.price_minor >= 0 and not exists (select from shop.price o where o.product = p.id) order by p.id;
end $$;

-- [{code, name, kind, base_unit, tax_code, category, brand, spec, sold_by, open_price, tokens, barcodes:[{code,qty_milli}], price_minor}];
-- category is a code, the price holds from now on, in every store.
create or replace function api.import_products(products jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare v_refused jsonb; v_made int;
begin
  select jsonb_object_agg(x.code, case when t.code is null then 'unknown_tax' else 'unclean_text' end) into v_refused
    from jsonb_to_recordset(products) x(code text, name text, tax_code text, brand text, spec text) left join shop.tax t on t.code = x.tax_code
   where x.code is not null and (t.code is null or (shop.clean(x.code, 32) and shop.clean(x.name, 120)
     and coalesce(shop.clean(x.brand, 64), true) and coalesce(shop.clean(x.spec, 64), true)) is not true);
  insert into shop.product(code, name, kind, base_unit, tax_code, category, brand, spec, sold_by, open_price, tokens)
  select x.code, x.name, coalesce(x.kind, 'goods'), coalesce(x.base_unit, 'piece'), x.tax_code, c.id, x.brand, x.spec,
         coalesce(x.sold_by, 'piece'), coalesce(x.open_price, false), coalesce(x.tokens, '{}')
    from jsonb_to_recordset(products) x(code text, name text, kind text, base_unit text, tax_code text, category text, brand text, spec text,
      sold_by text, open_price boolean, tokens text[]) left join shop.category c on c.code = x.category
   where x.code is not null and not coalesce(v_refused, '{}') ? x.code order by x.code
  on conflict (code) do nothing;
  get diagnostics v_made = row_count;
  if v_made > 0 then perform shop.import_codes_and_prices(products); end if;
  return jsonb_build_object('made', v_made, 'refused', coalesce(v_refused, '{}'),
    'products', (select coalesce(jsonb_object_agg(p.code, p.id), '{}') from shop.product p
                  where p.code in (select x.code from jsonb_to_recordset(products) x(code text))));
end $$;
grant execute on function api.import_categories(jsonb), api.import_products(jsonb) to huiyuan_import;
