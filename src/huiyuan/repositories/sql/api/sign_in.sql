-- Signing in inside the database. Two calls in one pipeline: begin stores the guess, finish judges it, and only one that an
-- earlier transaction committed. Nothing that begin does depends on whether the guess is right.
-- An unknown number takes the same way as a wrong PIN: same rows, same answer, same lockout.
create or replace function api.sign_in_begin(attempt uuid, staff_number text, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  v_terminal int;
  v_until timestamptz;
begin
  if sec.in_transaction() then return sec.refusal('in_transaction'); end if;
  select t.id into v_terminal from sec.terminal t where t.role = session_user and t.active for no key update;
  if v_terminal is null then return sec.refusal('unknown_terminal'); end if;
  if staff_number is null or staff_number !~ '^[0-9]{2,8}$' then
    return sec.malformed('sign_in', 'staff_number');
  elsif attempt is null or key is null or length(key) <> 32 then
    return sec.malformed('sign_in', 'key');
  end if;
  v_until := sec.locked_until(v_terminal, staff_number);
  if v_until is not null then
    return sec.refused(v_terminal, null, 'locked', jsonb_build_object('minutes', sec.minutes_until(v_until)));
  end if;
  insert into sec.sign_in_attempt(id, staff_number, terminal, guess) values (attempt, staff_number, v_terminal, sec.verifier(key))
    on conflict do nothing;
  if not found then return sec.refusal('id_reused'); end if;
  -- Whoever never asks for the verdict, or rolls it back, leaves this trace. No number: it may be a PIN in the wrong field.
  perform sec.write_audit(v_terminal, null, 'sign_in_try', null, jsonb_build_object('attempt', attempt));
  return jsonb_build_object('attempt', attempt);
end $$;

create or replace function sec.signed_in(p_session sec.session, p_token bytea) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object(
    'session', p_session.id, 'token', encode(p_token, 'hex'), 'ends_at', p_session.ends_at,
    'staff', jsonb_build_object('id', f.id, 'number', f.number, 'name', f.name, 'duty', f.duty),
    'permissions', coalesce((select jsonb_object_agg(p.permission, jsonb_build_object('limit_minor', p.limit_minor, 'limit_bp', p.limit_bp))
                               from sec.permission p where p.duty = f.duty), '{}'),
    'next_number', t.number + 1,
    'shift', (select jsonb_build_object('id', s.id, 'number', s.number, 'opened_at', s.opened_at) from ledger.shift s
               where s.drawer = t.drawer and s.closed_at is null))
    from sec.staff f, sec.terminal t where f.id = p_session.staff and t.id = p_session.terminal $$;

create or replace function api.sign_in_finish(attempt uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  v_terminal sec.terminal := sec.terminal_here();
  v_attempt sec.sign_in_attempt;
  v_staff sec.staff;
  v_session sec.session;
  v_token bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
begin
  if v_terminal.id is null then return sec.refusal('unknown_terminal'); end if;
  v_attempt := sec.take_attempt(attempt, v_terminal.id);
  if v_attempt.id is null then return sec.attempt_missing(attempt, v_terminal.id); end if;
  select * into v_staff from sec.staff f where f.number = v_attempt.staff_number and f.active;
  if v_staff.verifier is distinct from v_attempt.guess then
    return sec.wrong_pin(v_terminal.id, v_attempt.staff_number);
  elsif not sec.in_scope(v_staff.units, v_terminal.store) then
    return sec.refused(v_terminal.id, v_staff.id, 'wrong_store', jsonb_build_object('store', v_terminal.store));
  end if;
  insert into sec.session(staff, terminal, resume_hash) values (v_staff.id, v_terminal.id, sha256(v_token)) returning * into v_session;
  perform sec.attach(v_session.id, v_terminal.id);
  delete from sec.sign_in_attempt a where a.terminal = v_terminal.id and a.at < clock_timestamp() - interval '1 day';
  perform sec.write_audit(v_terminal.id, v_staff.id, 'sign_in', null, jsonb_build_object('session', v_session.id));
  return sec.signed_in(v_session, v_token);
end $$;

-- The token opens its session for another connection of the same terminal, as long as the session lives.
create or replace function api.resume(token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  v_terminal sec.terminal := sec.terminal_here();
  v_session sec.session;
begin
  if v_terminal.id is null then return sec.refusal('unknown_terminal'); end if;
  select s.* into v_session from sec.session s
    join sec.staff f on f.id = s.staff and f.active and sec.in_scope(f.units, v_terminal.store)
   where s.resume_hash = sha256(token) and s.terminal = v_terminal.id and s.closed_at is null and s.ends_at > clock_timestamp();
  if v_session.id is null then return sec.refused(v_terminal.id, null, 'not_signed_in', '{}'); end if;
  perform sec.attach(v_session.id, v_terminal.id);
  listen huiyuan_cards;                                   -- ledger.tell_cards: a card that is stopped elsewhere
  return sec.signed_in(v_session, token);
end $$;

create or replace function sec.leave_seat(what text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_session sec.session := sec.session_here();
begin
  if v_session.id is null then return jsonb_build_object('session', null); end if;
  perform sec.end_sessions(array[v_session.id]);
  perform sec.write_audit(v_session.terminal, v_session.staff, what, null, jsonb_build_object('session', v_session.id));
  return jsonb_build_object('session', v_session.id);
end $$;

create or replace function api.sign_out() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as
$$ begin return sec.leave_seat('sign_out'); end $$;

-- A locked seat needs the PIN again: nothing that was handed out before opens it.
create or replace function api.lock() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as
$$ begin return sec.leave_seat('lock'); end $$;

-- Own PIN. The attempt (sign_in_begin with the old PIN) proves that it is still the same person at the keys.
create or replace function api.change_pin(attempt uuid, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  v_session sec.session := sec.session_here();
  v_staff sec.staff;
  v_attempt sec.sign_in_attempt;
begin
  if v_session.id is null then return sec.refusal('not_signed_in'); end if;
  if key is null or length(key) <> 32 then return sec.malformed('pin', 'key'); end if;
  select * into v_staff from sec.staff f where f.id = v_session.staff for no key update;
  v_attempt := sec.take_attempt(attempt, v_session.terminal);
  if v_attempt.id is null or v_attempt.staff_number <> v_staff.number then return sec.attempt_missing(attempt, v_session.terminal); end if;
  if v_attempt.guess <> v_staff.verifier then return sec.wrong_pin(v_session.terminal, v_staff.number); end if;
  update sec.staff f set verifier = sec.verifier(key), pin_changed_at = clock_timestamp(), version = f.version + 1 where f.id = v_staff.id;
  perform sec.end_sessions(array(select s.id from sec.session s where s.staff = v_staff.id and s.id <> v_session.id and s.closed_at is null));
  perform sec.write_audit(v_session.terminal, v_staff.id, 'change_pin', null, '{}');
  return jsonb_build_object('staff', v_staff.number);
end $$;
grant usage on schema api to huiyuan_terminal;
grant execute on function api.sign_in_begin(uuid, text, bytea), api.sign_in_finish(uuid), api.resume(bytea), api.sign_out(), api.lock(),
  api.change_pin(uuid, bytea) to huiyuan_terminal;
