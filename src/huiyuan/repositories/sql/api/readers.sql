-- Logins that only read reports: no seat, no session, rows of their units under row-level security.

create or replace function sec.describe_reader(r sec.reader) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('role', r.role, 'active', r.active,
    'units', (select coalesce(jsonb_agg(u.code order by u.code), '[]') from shop.unit u where u.id = any (r.units))) $$;

-- Whoever hands out or takes away a reader answers for all of its units.
create or replace function sec.reader_in_scope(units int[], r sec.reader) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select bool_and(sec.in_scope(reader_in_scope.units, u)) from unnest(r.units) u);
end $$;

-- The same role again: new credentials and these units.
create or replace function api.reader_enrol(role text, units text[], verifier text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('terminals');
  v_reader sec.reader;
  v_units int[] := array(select u.id from shop.unit u where u.code in (select upper(x) from unnest(units) x) order by u.id);
  v_unknown text := (select x from unnest(units) x left join shop.unit u on u.code = upper(x)
                      where u.id is null or not sec.in_scope(w.units, u.id) order by x limit 1);
  v_refusal jsonb;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v_reader from sec.reader r where r.role = reader_enrol.role for no key update;
  v_refusal := case
    when coalesce(role, '') !~ '^r_[a-z0-9_]{1,40}$' then sec.malformed('reader', 'role')
    when verifier !~ '^SCRAM-SHA-256\$' then sec.malformed('reader', 'verifier')
    when v_unknown is not null then sec.refusal('unknown_unit', jsonb_build_object('unit', left(v_unknown, 8)))
    when cardinality(v_units) = 0 then sec.malformed('reader', 'units')
    when v_reader.role is null and exists (select from pg_roles r where r.rolname = role)
      or v_reader.role is not null and not sec.reader_in_scope(w.units, v_reader) then
      sec.refusal('role_taken', jsonb_build_object('role', role)) end;
  if v_refusal is not null then return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts'); end if;
  insert into sec.reader as r (role, units) values (reader_enrol.role, v_units)
    on conflict on constraint reader_pkey do update set units = excluded.units, active = true returning r.* into v_reader;
  perform sec.make_login(role, verifier);
  perform sec.write_audit(w.terminal, w.staff, 'reader_enrol', null, sec.describe_reader(v_reader));
  return sec.describe_reader(v_reader);
end $$;

-- As a terminal is blocked: its connections end and none begins. Called twice for what connected before the first call's commit.
create or replace function api.reader_block(role text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('terminals');
  v_reader sec.reader;
  v_ended int;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v_reader from sec.reader r where r.role = reader_block.role;
  if v_reader.role is null or not sec.reader_in_scope(w.units, v_reader) then
    return sec.refused(w.terminal, w.staff, 'unknown_role', jsonb_build_object('role', left(role, 42)));
  end if;
  update sec.reader r set active = false where r.role = v_reader.role;
  v_ended := sec.close_login(role);
  perform sec.write_audit(w.terminal, w.staff, 'reader_block', null, jsonb_build_object('role', role, 'ended', v_ended));
  return jsonb_build_object('role', role, 'ended', v_ended);
end $$;

create or replace function api.reader_list() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('terminals');
begin
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(sec.describe_reader(r) order by r.role) from sec.reader r where sec.reader_in_scope(w.units, r)), '[]');
end $$;
grant execute on function api.reader_enrol(text, text[], text), api.reader_block(text), api.reader_list() to huiyuan_terminal;
