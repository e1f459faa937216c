-- Another person sits down at a seat where somebody was signed in: that session ends with the same trip.

-- The session of the token ends, if this connection belongs to another one by now: whoever mistypes a PIN ends nobody's.
create or replace function api.leave_former(token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  v_session sec.session := sec.session_here();
  v_former sec.session;
begin
  if v_session.id is null then return sec.refusal('not_signed_in'); end if;
  select * into v_former from sec.session s where s.resume_hash = sha256(token) and s.terminal = v_session.terminal
     and s.id <> v_session.id and s.closed_at is null;
  if v_former.id is null then return jsonb_build_object('session', null); end if;
  perform sec.end_sessions(array[v_former.id]);
  perform sec.write_audit(v_former.terminal, v_former.staff, 'switch', null, jsonb_build_object('session', v_former.id, 'to', v_session.id));
  return jsonb_build_object('session', v_former.id);
end $$;
grant execute on function api.leave_former(bytea) to huiyuan_terminal;
