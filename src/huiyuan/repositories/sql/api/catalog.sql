-- Goods, their barcodes and prices.

-- A new product (product null) or an edit of the version that was read.
create or replace function api.product_put(product int, version int, code text, name text, kind text, base_unit text, tax_code text, active boolean)
returns jsonb language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.product; after shop.product; bad text;
  v_code text := normalize(btrim(code), NFKC);
begin
  w := sec.asks('catalog');
  if w.refused is not null then return w.refused; end if;
  bad := shop.unclean('{code,name,base_unit}', array[v_code, name, base_unit], '{32,120,16}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  if kind is null or kind not in ('goods', 'service') then return sec.malformed('product', 'kind'); end if;
  if not exists (select from shop.tax t where t.code = product_put.tax_code) then return sec.malformed('product', 'tax_code'); end if;
  if product is not null then
    select p.* into before from shop.product p where p.id = product_put.product for update;
    if before.id is null then return sec.refusal('unknown_product', jsonb_build_object('product', product)); end if;
    if before.version is distinct from product_put.version then return sec.refusal('stale', jsonb_build_object('version', before.version)); end if;
    update shop.product p set code = v_code, name = product_put.name, kind = product_put.kind, base_unit = product_put.base_unit,
           tax_code = product_put.tax_code, active = coalesce(product_put.active, true), version = p.version + 1,
           tokens = case when p.name = product_put.name and p.code = v_code then p.tokens else '{}' end  -- those of another name mislead
     where p.id = before.id returning p.* into after;
  else
    insert into shop.product(code, name, kind, base_unit, tax_code, active)
    values (v_code, product_put.name, product_put.kind, product_put.base_unit, product_put.tax_code, coalesce(product_put.active, true))
    returning * into after;
  end if;
  perform sec.edited(w.terminal, w.staff, 'product', to_jsonb(before) - '{tokens,words}'::text[], to_jsonb(after) - '{tokens,words}'::text[]);
  return jsonb_build_object('product', after.id, 'version', after.version);
exception when unique_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'code', 'value', v_code));
end $$;

-- The last digit of an EAN-13 by the twelve before it.
create or replace function shop.check_digit(twelve text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select mod(10 - mod(sum(substr(twelve, n, 1)::int * case when n % 2 = 0 then 3 else 1 end), 10), 10)::text from generate_series(1, 12) n $$;

-- A barcode stands for `qty_milli` of a product; with product null it stands for nothing any more.
create or replace function api.barcode_put(code text, product int, qty_milli bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.barcode; after shop.barcode;
  v_code text := normalize(btrim(code), NFKC);
begin
  w := sec.asks('catalog');
  if w.refused is not null then return w.refused; end if;
  if shop.unclean('{code}', array[v_code], '{48}') is not null then return sec.refusal('unclean_text', '{"field":"code"}'); end if;
  if product is not null and v_code ~ '^[0-9]{13}$' and right(v_code, 1) <> shop.check_digit(left(v_code, 12)) then
    return sec.refusal('check_digit', jsonb_build_object('code', v_code, 'due', shop.check_digit(left(v_code, 12))));
  end if;
  select b.* into before from shop.barcode b where b.code = v_code for update;
  if product is null then
    delete from shop.barcode b where b.code = v_code;
  else
    if not exists (select from shop.product p where p.id = barcode_put.product) then
      return sec.refusal('unknown_product', jsonb_build_object('product', product));
    end if;
    if qty_milli is null or qty_milli not between 1 and 1000000000 then return sec.malformed('barcode', 'qty_milli'); end if;
    insert into shop.barcode as b (code, product, qty_milli) values (v_code, barcode_put.product, barcode_put.qty_milli)
      on conflict on constraint barcode_pkey do update set product = excluded.product, qty_milli = excluded.qty_milli
      returning b.* into after;
  end if;
  perform sec.edited(w.terminal, w.staff, 'barcode', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('code', v_code);
end $$;

-- A price from a moment on (null: now), for one store or (null) for every store without a price of its own.
create or replace function api.price_publish(product int, store int, valid_from timestamptz, amount_minor bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('prices');
  if w.refused is not null then return w.refused; end if;
  if amount_minor is null then return sec.malformed('price', 'amount_minor'); end if;
  return shop.publish_price('retail', product, store, valid_from, amount_minor, w.units, w.terminal, w.staff);
end $$;
grant execute on function api.product_put(int, int, text, text, text, text, text, boolean), api.barcode_put(text, int, bigint),
  api.price_publish(int, int, timestamptz, bigint) to huiyuan_terminal;
