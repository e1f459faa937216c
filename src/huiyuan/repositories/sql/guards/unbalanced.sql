-- The tenders pay exactly what the lines and fees ask.
create or replace function guard.unbalanced(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce((select sum(t.amount_minor) from unnest(d.tenders) t), 0) = d.total then return null; end if;
  return jsonb_build_object('lines', d.total, 'tendered', coalesce((select sum(t.amount_minor) from unnest(d.tenders) t), 0));
end $$;
