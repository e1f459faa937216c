-- Seats: a login role, a store, a code on the receipt, a drawer.

-- The rows of a seat and its login. The same role, store and code again: new credentials for the same seat.
create or replace function sec.seat_terminal(p_role text, p_store int, p_code text, p_drawer int, p_verifier text,
  out terminal sec.terminal, out refusal jsonb) language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_drawer int := p_drawer;
begin
  select * into terminal from sec.terminal t where t.role = p_role for no key update;
  refusal := case
    when coalesce(p_role, '') !~ '^t_[a-z0-9_]{1,40}$' then sec.malformed('terminal', 'role')
    when coalesce(p_code, '') !~ '^(?!0+$)[0-9]{1,3}$' then sec.malformed('terminal', 'code')
    when p_verifier !~ '^SCRAM-SHA-256\$' then sec.malformed('terminal', 'verifier')
    when not exists (select from shop.unit u where u.id = p_store and u.kind = 'store') then
      sec.refusal('unknown_unit', jsonb_build_object('unit', p_store))
    when p_drawer is not null and not exists (select from shop.drawer d where d.id = p_drawer and d.store = p_store) then
      sec.refusal('unknown_drawer', jsonb_build_object('drawer', p_drawer))
    when terminal.id is not null and (terminal.store, terminal.code) is distinct from (p_store, p_code)
      or terminal.id is null and exists (select from pg_roles r where r.rolname = p_role) then
      sec.refusal('role_taken', jsonb_build_object('role', p_role))
    when terminal.id is null and exists (select from sec.terminal t where t.store = p_store and t.code = p_code) then
      sec.refusal('seat_taken', jsonb_build_object('code', p_code))
    end;
  if refusal is not null then return; end if;
  if terminal.id is null then
    if v_drawer is null then insert into shop.drawer(store, name) values (p_store, p_code) returning id into v_drawer; end if;
    insert into sec.terminal(role, store, code, drawer) values (p_role, p_store, p_code, v_drawer) returning * into terminal;
  else
    update sec.terminal t set active = true, drawer = coalesce(v_drawer, t.drawer) where t.id = terminal.id returning t.* into terminal;
  end if;
  perform sec.make_login(p_role, p_verifier);
end $$;

create or replace function sec.describe_terminal(t sec.terminal) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('id', t.id, 'role', t.role, 'code', t.code, 'drawer', t.drawer, 'active', t.active, 'enrolled_at', t.enrolled_at,
    'store', jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name)) from shop.unit u where u.id = t.store $$;

create or replace function api.terminal_enrol(role text, store text, code text, drawer int, verifier text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('terminals');
  v_store int := (select u.id from shop.unit u where u.code = upper(terminal_enrol.store));
  v_seat record;
begin
  if w.refused is not null then return w.refused; end if;
  if not sec.in_scope(w.units, v_store) then
    return sec.refused(w.terminal, w.staff, 'unknown_unit', jsonb_build_object('unit', left(store, 8)));
  end if;
  v_seat := sec.seat_terminal(role, v_store, code, drawer, verifier);
  if v_seat.refusal is not null then return sec.refused(w.terminal, w.staff, v_seat.refusal->>'refused', v_seat.refusal->'facts'); end if;
  perform sec.write_audit(w.terminal, w.staff, 'terminal_enrol', null, jsonb_build_object('terminal', (v_seat.terminal).id, 'role', role));
  return sec.describe_terminal(v_seat.terminal);
end $$;

-- A stolen counter: no call of its open connections works, they end, no new one begins. Called again it also ends what connected
-- between the first call's last step and its commit.
create or replace function api.terminal_block(role text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('terminals');
  v_terminal sec.terminal;
  v_refusal jsonb;
  v_ended int;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v_terminal from sec.terminal t where t.role = terminal_block.role;
  v_refusal := case
    when v_terminal.id is null or v_terminal.role !~ '^t_' or not sec.in_scope(w.units, v_terminal.store) then
      sec.refusal('unknown_role', jsonb_build_object('role', left(role, 42)))
    when v_terminal.id = w.terminal then sec.refusal('own_terminal') end;
  if v_refusal is not null then return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts'); end if;
  v_ended := sec.close_login(role);                       -- first: a hostile seat may hold a lock on its own row
  update sec.terminal t set active = false where t.id = v_terminal.id;
  perform sec.end_sessions(array(select s.id from sec.session s where s.terminal = v_terminal.id and s.closed_at is null));
  perform sec.write_audit(w.terminal, w.staff, 'terminal_block', null,
    jsonb_build_object('terminal', v_terminal.id, 'role', role, 'ended', v_ended));
  return jsonb_build_object('role', role, 'ended', v_ended);
end $$;

create or replace function api.terminal_list() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('terminals');
begin
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(sec.describe_terminal(t) order by t.role) from sec.terminal t
                    where t.role ~ '^t_' and sec.in_scope(w.units, t.store)), '[]');
end $$;
grant execute on function api.terminal_enrol(text, text, text, int, text), api.terminal_block(text), api.terminal_list() to huiyuan_terminal;
