-- The person's duty has the kind's permission, or the second person who approved has it.
create or replace function guard.not_permitted(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (sec.permission_of((d.staff).duty, (d.kind).permission)).permission is not null
     or (sec.permission_of((d.approver).duty, (d.kind).permission)).permission is not null then return null; end if;
  return jsonb_build_object('permission', (d.kind).permission);
end $$;
