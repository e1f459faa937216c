-- What somebody asks at the counter about goods before buying any: prices, who gets which, where it stands.
create or replace function api.item_info(product int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record := sec.asks(null); answer jsonb;
begin
  if w.refused is not null then return w.refused; end if;
  select jsonb_build_object('product', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'base_unit', p.base_unit, 'sold_by', p.sold_by,
      'open_price', p.open_price, 'category', c.name, 'brand', p.brand, 'spec', p.spec, 'min_age', p.min_age, 'warning', p.warning,
      'price_minor', ledger.price_now(p.id, w.store, now()), 'lists', shop.list_prices(p.id, w.store, now()),
      'barcodes', (select coalesce(jsonb_agg(b.code order by b.qty_milli, b.code), '[]') from shop.barcode b where b.product = p.id),
      'rules', (select coalesce(jsonb_agg(jsonb_build_object('name', r.name, 'family', r.family, 'max_bp', v.max_bp, 'until', v.valid_to,
                    'tiers', (select jsonb_agg(t.name order by t.rank) from shop.tier t where t.id = any (v.tiers))) order by r.family, r.name), '[]')
                  from shop.rule_version v join shop.rule r on r.id = v.rule and r.family in ('tier', 'promotion')
                 where v.valid_from <= now() and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or w.store = any (v.stores))
                   and shop.in_scope(v, p)),
      'stock', case p.kind when 'goods' then (
        select coalesce(jsonb_agg(jsonb_build_object('store', u.name, 'here', u.id = w.store, 'qty_milli', coalesce(h.qty_milli, 0))
                 order by u.id = w.store desc, h.qty_milli desc nulls last, u.code), '[]')
          from shop.unit u left join ledger.on_hand h on h.store = u.id and h.product = p.id
         where u.kind = 'store' and (u.id = w.store or h.qty_milli is not null)) else '[]' end)
    into answer from shop.product p left join shop.category c on c.id = p.category where p.id = item_info.product and p.active;
  return coalesce(answer, sec.refusal('unknown_product', jsonb_build_object('product', product)));
end $$;
grant execute on function api.item_info(int) to huiyuan_terminal;
