-- Every line and every stock row names an active product.
create or replace function guard.unknown_product(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('line', x.n, 'product', x.product)
    from (select l.n, l.product from unnest(d.lines) l union all select null, s.product from unnest(d.stock) s) x
    left join shop.product p on p.id = x.product and (p.active or (d.header).offline_at is not null) where p.id is null limit 1);
end $$;
