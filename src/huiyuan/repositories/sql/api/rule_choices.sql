-- What the form of a promotion or of a series may name, and the codes of the goods that a version names already.

create or replace function api.rule_choices(products int[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object(
    'tiers', (select coalesce(jsonb_agg(jsonb_build_array(t.id, t.code, t.name) order by t.rank), '[]') from shop.tier t),
    'stores', (select coalesce(jsonb_agg(jsonb_build_array(u.id, u.code, u.name) order by u.code), '[]') from shop.unit u
       where u.kind = 'store'),
    'categories', (select coalesce(jsonb_agg(jsonb_build_array(c.id, c.code, c.name) order by c.code), '[]')
       from (select x.* from shop.category x where x.active order by x.code limit 1000) c),
    'brands', (select coalesce(jsonb_agg(b.brand order by b.brand), '[]')
       from (select distinct p.brand from shop.product p where p.active and p.brand <> '' order by p.brand limit 1000) b),
    'products', (select coalesce(jsonb_object_agg(p.id::text, p.code), '{}') from shop.product p where p.id = any (rule_choices.products)));
end $$;
grant execute on function api.rule_choices(int[]) to huiyuan_terminal;
