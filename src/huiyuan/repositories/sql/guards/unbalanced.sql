-- The tenders pay exactly what the lines and fees ask; in an exchange together with what the goods that come back had cost.
create or replace function guard.unbalanced(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.tender_in;
  v_tendered bigint := coalesce(d.carried, 0);
begin
  foreach t in array d.tenders loop v_tendered := v_tendered + t.amount_minor; end loop;
  if v_tendered = d.total then return null; end if;
  return jsonb_build_object('lines', d.total, 'tendered', v_tendered);
end $$;
