-- The least age and the warning of a product; null takes either away.
create or replace function api.product_care_put(product int, min_age int, warning text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.product; after shop.product;
begin
  w := sec.asks('catalog');
  if w.refused is not null then return w.refused; end if;
  if min_age not between 1 and 99 then return sec.malformed('product', 'min_age'); end if;
  if warning is not null and not coalesce(shop.clean(warning, 60), false) then return sec.refusal('unclean_text', '{"field":"warning"}'); end if;
  select p.* into before from shop.product p where p.id = product_care_put.product for update;
  if before.id is null then return sec.refusal('unknown_product', jsonb_build_object('product', product)); end if;
  update shop.product p set min_age = product_care_put.min_age, warning = product_care_put.warning, version = p.version + 1
   where p.id = before.id returning p.* into after;
  perform sec.edited(w.terminal, w.staff, 'product', jsonb_build_object('id', before.id, 'min_age', before.min_age, 'warning', before.warning),
    jsonb_build_object('id', after.id, 'min_age', after.min_age, 'warning', after.warning));
  return jsonb_build_object('product', after.id, 'version', after.version);
end $$;
grant execute on function api.product_care_put(int, int, text) to huiyuan_terminal;
