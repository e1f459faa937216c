-- Tax lies inside the price: one row for each code that has a rate, over the totals of its lines.
create or replace function guard.tax_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with due as (
      select t.code, t.rate_bp, sum(l.total_minor)::bigint as base from unnest(d.lines) l join shop.product p on p.id = l.product
        join shop.tax t on t.code = p.tax_code and t.rate_bp > 0 group by t.code, t.rate_bp)
    select jsonb_build_object('code', coalesce(u.code, t.code), 'base', u.base, 'amount', round(u.base::numeric * u.rate_bp / (10000 + u.rate_bp)))
      from due u full join unnest(d.taxes) t on t.code = u.code
     where t.code is null or u.code is null or t.base_minor <> u.base or t.rate_bp <> u.rate_bp
        or abs(t.amount_minor - u.base::numeric * u.rate_bp / (10000 + u.rate_bp)) > 1
        or (select count(*) from unnest(d.taxes) x where x.code = t.code) > 1 limit 1);
end $$;
