-- as superuser
-- The two functions that need more than the owner may: a login role for a seat (t_...) or for somebody who only reads reports (r_...),
-- and its end. They belong to huiyuan_enroller, who may make roles and owns nothing else; only the owner's functions call them.
do $$
begin
  if not exists (select from pg_auth_members m where m.roleid = 'huiyuan_report'::regrole and m.member = 'huiyuan_enroller'::regrole
                    and m.admin_option) then
    grant huiyuan_report to huiyuan_enroller with admin option;
  end if;
end $$;

create or replace function sec.make_login(role text, verifier text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_setting text[];
  v_group text := case left(role, 2) when 't_' then 'huiyuan_terminal' else 'huiyuan_report' end;
begin
  if role !~ '^[tr]_[a-z0-9_]{1,40}$' then raise exception 'not the name of a terminal or reader' using errcode = '22023'; end if;
  -- Only a SCRAM verifier: a password in clear would reach the server's log and its statistics.
  if verifier !~ '^SCRAM-SHA-256\$[0-9]{4,7}:[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$' then
    raise exception 'not a SCRAM verifier' using errcode = '22023';
  end if;
  if not exists (select from pg_roles r where r.rolname = role) then
    execute format('create role %I in role %I', role, v_group);
  elsif not exists (select from pg_auth_members m where m.roleid = v_group::regrole and m.member = role::regrole)
     or exists (select from pg_roles r where r.rolname = role and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolbypassrls)) then
    raise exception 'a role of this name is neither' using errcode = '42710';
  end if;
  execute format('alter role %I login connection limit 4 password %L', role, verifier);
  execute format(case when verifier is null then 'grant huiyuan_certificate to %I' else 'revoke huiyuan_certificate from %I' end, role);
  foreach v_setting slice 1 in array array[
      -- What a dead counter holds is free again within seconds; no single one of these is enough.
      ['idle_in_transaction_session_timeout', '5s'], ['tcp_user_timeout', '8s'], ['tcp_keepalives_idle', '5'],
      ['tcp_keepalives_interval', '2'], ['tcp_keepalives_count', '3'], ['client_connection_check_interval', '2s'],
      ['statement_timeout', '30s'], ['lock_timeout', '3s'], ['jit', 'off'],
      -- A client cannot lift these two.
      ['temp_file_limit', '256MB'], ['log_parameter_max_length', '0']] loop
    execute format('alter role %I set %I = %L', role, v_setting[1], v_setting[2]);
  end loop;
end $$;
alter function sec.make_login(text, text) owner to huiyuan_enroller;
revoke all on function sec.make_login(text, text) from public;
grant execute on function sec.make_login(text, text) to huiyuan_owner;

-- No new connection, and the present ones end. Answers how many were ended.
create or replace function sec.close_login(role text) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if role !~ '^[tr]_[a-z0-9_]{1,40}$' or role = session_user then raise exception 'not to be closed' using errcode = '22023'; end if;
  if exists (select from pg_roles r where r.rolname = role) then
    execute format('alter role %I nologin password null', role);
  end if;
  return (select count(*) filter (where pg_terminate_backend(a.pid)) from pg_stat_activity a where a.usename = role);
end $$;
alter function sec.close_login(text) owner to huiyuan_enroller;
revoke all on function sec.close_login(text) from public;
grant execute on function sec.close_login(text) to huiyuan_owner;
