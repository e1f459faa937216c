-- A count that differs by more than the store lets go has a reason; by more than the person's limit, a second person's word. Neither
-- answer says by how much: whoever counts, counts again what lies there and not what is missing.
create or replace function guard.variance_unexplained(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_gap bigint := ledger.widest_gap(d);
  v_mine sec.permission; v_theirs sec.permission;
begin
  if v_gap <= coalesce((shop.setting_of((d.terminal).store, 'variance_free_minor')->>0)::bigint, 0) then return null; end if;
  if coalesce(length(btrim((d.header).reason)), 0) < 2 then return '{}'; end if;
  v_mine := sec.permission_of((d.staff).duty, 'shift_variance');
  if v_mine.permission is not null and v_gap <= coalesce(v_mine.limit_minor, v_gap) then return null; end if;
  v_theirs := sec.permission_of((d.approver).duty, 'shift_variance');
  if v_theirs.permission is not null and v_gap <= coalesce(v_theirs.limit_minor, v_gap) then return null; end if;
  return '{"refused": "approval_needed", "permission": "shift_variance"}';
end $$;
