-- The counter showed the total that the door makes itself.
create or replace function guard.total_differs(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).total_minor = d.total then return null; end if;
  return jsonb_build_object('total', d.total);
end $$;
