-- The opening of every call that reads or edits: who asks, from which store, and may they. A call answers `refused` as it is.
create or replace function sec.asks(permission text, out terminal int, out store int, out drawer int, out staff int, out units int[],
  out refused jsonb) language plpgsql set search_path = pg_catalog, pg_temp as $$
declare here sec.session; seat sec.terminal; person sec.staff;
begin
  seat := sec.terminal_here();
  if seat.id is null then refused := sec.refusal('unknown_terminal'); return; end if;
  here := sec.session_here();
  if here.id is null then refused := sec.refusal('not_signed_in'); return; end if;
  select f.* into person from sec.staff f where f.id = here.staff;
  terminal := seat.id; store := seat.store; drawer := seat.drawer; staff := person.id; units := person.units;
  if permission is not null and ((sec.permission_of(person.duty, permission)).permission is null or not sec.in_scope(person.units, seat.store)) then
    refused := sec.refused(terminal, staff, 'not_permitted', jsonb_build_object('permission', permission));
  end if;
end $$;

-- A refusal that leaves a trace: a counter that probes is seen.
create or replace function sec.refused(terminal int, staff int, code text, facts jsonb) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform sec.write_audit(terminal, staff, 'refused', null, sec.refusal(code, facts));
  return sec.refusal(code, facts);
end $$;

-- The stores whose rows this login may read in reports: its own with somebody signed in; with the permission `report` all that lie in
-- the person's units; for a reader (a login that only reports) those of its units. Never called with a column: once a statement.
create or replace function api.my_stores() returns int[]
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here sec.session; seat sec.terminal; person sec.staff; wide int[];
begin
  select r.units into wide from sec.reader r where r.role = session_user and r.active;
  if wide is null then
    here := sec.session_here();
    if here.id is null then return '{}'; end if;
    seat := sec.terminal_here();
    select f.* into person from sec.staff f where f.id = here.staff;
    if (sec.permission_of(person.duty, 'report')).permission is null then return array[seat.store]; end if;
    wide := person.units;
  end if;
  return array(
    with recursive below as (
      select u.id, u.kind from shop.unit u where u.id = any (wide)
      union
      select u.id, u.kind from below b join shop.unit u on u.parent = b.id)
    select b.id from below b where b.kind = 'store' order by b.id);
end $$;
grant execute on function api.my_stores() to huiyuan_terminal, huiyuan_report;

-- How many rows a page has: as many as were asked for, `usual` where nothing was said, never more than `most`.
create or replace function sec.at_most(asked int, usual int, most int) returns int
language sql immutable set search_path = pg_catalog, pg_temp as $$ select least(greatest(coalesce(asked, usual), 0), most) $$;
