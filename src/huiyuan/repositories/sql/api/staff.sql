-- Staff: who works here, with which duty, in which units. Nobody hands out more than he holds, and nobody edits himself.

-- The first permission of `p_duty` that `p_own` lacks or holds only up to a lower limit; null: covered.
create or replace function sec.not_covered(p_own text, p_duty text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select p.permission from sec.permission p
    left join sec.permission o on o.duty = p_own and o.permission = p.permission
   where p.duty = p_duty and (o.permission is null
      or coalesce(p.limit_minor > o.limit_minor, p.limit_minor is null and o.limit_minor is not null)
      or coalesce(p.limit_bp > o.limit_bp, p.limit_bp is null and o.limit_bp is not null))
   order by p.permission limit 1 $$;

-- Why the person who asks may not give this duty in these units; null: he may.
create or replace function sec.duty_refusal(p_staff int, p_duty text, p_units int[]) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_own sec.staff;
  v_lacks text;
  v_unit int;
begin
  select * into v_own from sec.staff f where f.id = p_staff;
  if not exists (select from sec.duty d where d.code = p_duty) then
    return sec.refusal('unknown_duty', jsonb_build_object('duty', left(p_duty, 40)));
  end if;
  v_lacks := sec.not_covered(v_own.duty, p_duty);
  if v_lacks is not null then
    return sec.refusal('above_own_duty', jsonb_build_object('duty', p_duty, 'permission', v_lacks));
  end if;
  if coalesce(cardinality(p_units), 0) = 0 then return sec.refusal('unknown_unit', '{"unit": null}'); end if;
  select u into v_unit from unnest(p_units) u where not sec.in_scope(v_own.units, u) limit 1;
  if found then return sec.refusal('unknown_unit', jsonb_build_object('unit', v_unit)); end if;
  return null;
end $$;

create or replace function sec.units_of(p_codes text[]) returns int[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select array_agg(coalesce(u.id, 0) order by u.id) from unnest(p_codes) c left join shop.unit u on u.code = upper(c) $$;

create or replace function api.staff_add(number text, name text, duty text, units text[], key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('staff');
  v_units int[] := sec.units_of(units);
  v_refusal jsonb;
  v_id int;
begin
  if w.refused is not null then return w.refused; end if;
  v_refusal := case
    when number is null or number !~ '^[0-9]{2,8}$' then sec.malformed('staff', 'number')
    when name is null or not shop.clean(name, 64) then sec.refusal('unclean_text', '{"field": "name"}')
    when key is null or length(key) <> 32 then sec.malformed('staff', 'key')
    else sec.duty_refusal(w.staff, duty, v_units) end;
  if v_refusal is null then
    insert into sec.staff(number, name, duty, units, verifier) values (number, name, duty, v_units, sec.verifier(key))
      on conflict do nothing returning id into v_id;
    if v_id is null then v_refusal := sec.refusal('number_taken', jsonb_build_object('number', number)); end if;
  end if;
  if v_refusal is not null then return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts'); end if;
  perform sec.write_audit(w.terminal, w.staff, 'staff_add', null, jsonb_build_object('staff', v_id, 'duty', duty, 'units', v_units));
  return jsonb_build_object('id', v_id, 'number', number);
end $$;

-- Whose row the person who asks may edit: another one's, active, below or beside his own duty, within his units.
create or replace function sec.edit_staff(p_staff int, p_number text, inout target sec.staff, out refusal jsonb)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  select * into target from sec.staff f where f.number = p_number and f.active for no key update;
  refusal := case
    when target.id is null then sec.refusal('unknown_staff', jsonb_build_object('number', left(p_number, 8)))
    when target.id = p_staff then sec.refusal('own_account')
    else sec.duty_refusal(p_staff, target.duty, target.units) end;
end $$;

-- A forgotten PIN: a new one, and every session of that person ends.
create or replace function api.staff_pin(number text, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('staff');
  v_edit record;
begin
  if w.refused is not null then return w.refused; end if;
  if key is null or length(key) <> 32 then return sec.malformed('staff', 'key'); end if;
  v_edit := sec.edit_staff(w.staff, number, null);
  if v_edit.refusal is not null then return sec.refused(w.terminal, w.staff, v_edit.refusal->>'refused', v_edit.refusal->'facts'); end if;
  update sec.staff f set verifier = sec.verifier(key), pin_changed_at = clock_timestamp(), version = f.version + 1
   where f.id = (v_edit.target).id;
  perform sec.end_sessions_of((v_edit.target).id);
  perform sec.write_audit(w.terminal, w.staff, 'staff_pin', null, jsonb_build_object('staff', (v_edit.target).id));
  return jsonb_build_object('number', number);
end $$;

-- Another duty, and with `units` other units. It holds from the next statement on; permissions are never copied into a session.
create or replace function api.staff_duty(number text, duty text, units text[] default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('staff');
  v_edit record;
  v_refusal jsonb;
  v_units int[];
begin
  if w.refused is not null then return w.refused; end if;
  v_edit := sec.edit_staff(w.staff, number, null);
  v_units := case when units is null then (v_edit.target).units else sec.units_of(units) end;
  v_refusal := coalesce(v_edit.refusal, sec.duty_refusal(w.staff, duty, v_units));
  if v_refusal is not null then return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts'); end if;
  update sec.staff f set duty = staff_duty.duty, units = v_units, version = f.version + 1 where f.id = (v_edit.target).id;
  perform sec.write_audit(w.terminal, w.staff, 'staff_duty', null,
    jsonb_build_object('staff', (v_edit.target).id, 'was', (v_edit.target).duty, 'now', duty, 'units', v_units));
  return jsonb_build_object('number', number, 'duty', duty);
end $$;

create or replace function api.staff_leave(number text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('staff');
  v_edit record;
begin
  if w.refused is not null then return w.refused; end if;
  v_edit := sec.edit_staff(w.staff, number, null);
  if v_edit.refusal is not null then return sec.refused(w.terminal, w.staff, v_edit.refusal->>'refused', v_edit.refusal->'facts'); end if;
  update sec.staff f set active = false, version = f.version + 1 where f.id = (v_edit.target).id;
  perform sec.end_sessions_of((v_edit.target).id);
  perform sec.write_audit(w.terminal, w.staff, 'staff_leave', null, jsonb_build_object('staff', (v_edit.target).id));
  return jsonb_build_object('number', number);
end $$;

-- The staff of the person's units, and the duties there are with what they allow.
drop function if exists api.staff_list();
create or replace function api.staff_list(after text default null, most int default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks('staff');
begin
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object(
    'staff', coalesce((
      select jsonb_agg(jsonb_build_object('number', f.number, 'name', f.name, 'duty', f.duty, 'active', f.active,
               'units', (select jsonb_agg(u.code order by u.code) from shop.unit u where u.id = any (f.units)),
               'pin_changed_at', f.pin_changed_at) order by f.number)
        from (select x.* from sec.staff x where exists (select from unnest(x.units) u where sec.in_scope(w.units, u))
                 and (staff_list.after is null or x.number > staff_list.after) order by x.number limit staff_list.most) f), '[]'),
    'duties', (
      select jsonb_agg(jsonb_build_object('code', d.code, 'name', d.name, 'permissions', coalesce((
               select jsonb_object_agg(p.permission, jsonb_build_object('limit_minor', p.limit_minor, 'limit_bp', p.limit_bp))
                 from sec.permission p where p.duty = d.code), '{}')) order by d.code) from sec.duty d));
end $$;
grant execute on function api.staff_add(text, text, text, text[], bytea), api.staff_pin(text, bytea), api.staff_duty(text, text, text[]),
  api.staff_leave(text), api.staff_list(text, int) to huiyuan_terminal;
