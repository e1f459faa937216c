-- Above the kind's threshold, or above the person's own limit, a second person signs; that person's limit counts too.
create or replace function guard.approval_needed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_mine sec.permission := sec.permission_of((d.staff).duty, (d.kind).permission);
  v_theirs sec.permission := sec.permission_of((d.approver).duty, (d.kind).permission);
  v_limit bigint := least(case when v_mine.permission is null then 0 else v_mine.limit_minor end, (d.kind).approval_above_minor);
begin
  if v_mine.permission is not null and (d.kind).approval_above_minor is distinct from 0 and d.total <= coalesce(v_limit, d.total)
      then return null; end if;
  if (d.approver).id is not null and v_theirs.permission is not null and d.total <= coalesce(v_theirs.limit_minor, d.total)
     and (sec.permission_of((d.approver).duty, 'approve')).permission is not null
     and sec.in_scope((d.approver).units, (d.terminal).store) then return null; end if;
  return jsonb_build_object('permission', (d.kind).permission, 'amount', d.total, 'limit', coalesce(v_limit, 0));
end $$;
