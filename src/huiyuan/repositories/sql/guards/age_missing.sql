-- Goods with a least age are sold once somebody asked. A sale that happened without the line asked by what the counter knew.
create or replace function guard.age_missing(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).offline_at is not null then return null; end if;
  return (select jsonb_build_object('line', l.n, 'product', p.code, 'years', p.min_age) from unnest(d.lines) l
    join shop.product p on p.id = l.product and p.min_age > coalesce((d.header).age_checked, 0) order by p.min_age desc, l.n limit 1);
end $$;
