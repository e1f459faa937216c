-- Which connections belong to which session, and how both end.

-- This connection belongs to that session from now on. Rows of connections that are gone are swept, of this terminal only:
-- no terminal ever waits for a row of another.
create or replace function sec.attach(p_session bigint, p_terminal int) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from sec.attached d where d.pid in (
    select x.pid from sec.attached x
      join sec.session s on s.id = x.session and s.terminal = p_terminal
      left join pg_stat_get_activity(null) b on b.pid = x.pid and b.backend_start = x.backend_start
     where b.pid is null for update of x skip locked);
  insert into sec.attached(pid, backend_start, session)
    select b.pid, b.backend_start, p_session from pg_stat_get_activity(pg_backend_pid()) b
    on conflict (pid) do update set backend_start = excluded.backend_start, session = excluded.session;
end $$;

-- Ends sessions for good: token and connections stop at once.
create or replace function sec.end_sessions(p_sessions bigint[]) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  update sec.session s set closed_at = clock_timestamp() where s.id = any (p_sessions) and s.closed_at is null;
  delete from sec.attached a where a.session = any (p_sessions); $$;

create or replace function sec.end_sessions_of(p_staff int) returns void
language sql set search_path = pg_catalog, pg_temp as
$$ select sec.end_sessions(array(select s.id from sec.session s where s.staff = p_staff and s.closed_at is null)) $$;
