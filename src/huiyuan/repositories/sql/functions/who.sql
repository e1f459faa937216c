-- Who asks. session_user is the terminal: inside a definer function current_user would be the owner.
create or replace function sec.refuse(code text, facts jsonb default '{}') returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'HY001', message = code, detail = facts::text;
end $$;

-- A refusal as a value: what an api function returns instead of raising.
create or replace function sec.refusal(code text, facts jsonb default '{}') returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select jsonb_build_object('refused', code, 'facts', coalesce(facts, '{}')) $$;

-- The enrolled, active seat of this login; a row of nulls if there is none.
create or replace function sec.terminal_here() returns sec.terminal
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as
$$
begin
  return (select t from sec.terminal t where t.role = session_user and t.active);
end $$;

-- The live session attached to this very connection; a row of nulls if there is none. backend_start tells a reused pid.
create or replace function sec.session_here() returns sec.session
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select s from sec.attached a
    join sec.session s on s.id = a.session and s.closed_at is null and s.ends_at > clock_timestamp()
    join sec.terminal t on t.id = s.terminal and t.role = session_user and t.active
    join sec.staff f on f.id = s.staff and f.active
   where a.pid = pg_backend_pid()
     and a.backend_start = (select b.backend_start from pg_stat_get_activity(pg_backend_pid()) b));
end $$;

-- A unit in a person's scope stands for everything below it.
create or replace function sec.in_scope(units int[], store int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive up as (
    select u.id, u.parent from shop.unit u where u.id = store
    union all
    select u.id, u.parent from up join shop.unit u on u.id = up.parent)
  select exists (select from up where up.id = any (units)));
end $$;

create or replace function sec.permission_of(duty text, permission text) returns sec.permission
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$
begin
  return (select p from sec.permission p where p.duty = permission_of.duty and p.permission = permission_of.permission);
end $$;

create or replace function sec.write_audit(terminal int, staff int, what text, document uuid, facts jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as
$$
begin
  insert into sec.audit(terminal, staff, what, document, facts) values (terminal, staff, what, document, coalesce(facts, '{}'));
end $$;
