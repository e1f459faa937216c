-- Money comes onto cards only in the stores that take it.
create or replace function guard.outlet_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('store', u.name) from shop.unit u where u.id = (d.terminal).store and not u.recharges);
end $$;
