-- Baskets put aside: any till of the store takes one, exactly one till gets it. A basket is no document, nothing moves.

-- Put aside. Asked again it answers what became of it, and puts nothing aside twice; the till that had taken it gives it back changed.
create or replace function api.hold_sale(id uuid, note text, member bigint, total_minor bigint, line_count int, basket jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('sale');
  h shop.held_sale;
begin
  if w.refused is not null then return w.refused; end if;
  if id is null or jsonb_typeof(basket) is distinct from 'object' or length(basket::text) > 262144
     or coalesce(total_minor not between 0 and 1000000000000, true) or coalesce(line_count not between 1 and 1000, true) then
    return sec.malformed('held', 'basket');
  end if;
  if note is not null and not shop.clean(note, 60) then return sec.refusal('unclean_text', '{"field": "note"}'); end if;
  if member is not null and not exists (select from shop.member m where m.id = hold_sale.member) then
    return sec.refusal('unknown_member', jsonb_build_object('member', member));
  end if;
  if (select count(*) from shop.held_sale x where x.store = w.store and x.ended_at is null) >= 200 then
    return sec.refusal('too_many_held', '{"most": 200}');
  end if;
  delete from shop.held_sale x where x.store = w.store and x.ended_at < clock_timestamp() - interval '30 days';
  insert into shop.held_sale as x (id, store, terminal, staff, member, note, total_minor, line_count, basket)
  values (hold_sale.id, w.store, w.terminal, w.staff, hold_sale.member, hold_sale.note, hold_sale.total_minor, hold_sale.line_count, hold_sale.basket)
  on conflict on constraint held_sale_pkey do update set staff = excluded.staff, terminal = excluded.terminal, member = excluded.member,
      note = coalesce(excluded.note, x.note), total_minor = excluded.total_minor, line_count = excluded.line_count, basket = excluded.basket,
      taken_by = null, taken_at = null
    where x.store = w.store and x.ended_at is null and x.taken_by = w.terminal;
  select x.* into h from shop.held_sale x where x.id = hold_sale.id;
  if h.store <> w.store then return sec.refused(w.terminal, w.staff, 'held_gone', jsonb_build_object('held', id)); end if;
  return jsonb_build_object('held', h.id, 'state', case when h.ended_at is not null then h.ended when h.taken_by is not null then 'taken'
                                                         else 'held' end);
end $$;

drop function if exists api.held_sales();
create or replace function api.held_sales(after uuid default null, most int default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record := sec.asks(null);
begin
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', h.id, 'terminal', t.code, 'staff_name', f.name, 'member_name', m.name, 'note', h.note,
             'total_minor', h.total_minor, 'line_count', h.line_count, 'held_at', h.held_at, 'age_s', extract(epoch from now() - h.held_at)::int,
             'taken_by', b.code, 'here', h.taken_by = w.terminal) order by h.held_at, h.id)
      from (select x.* from shop.held_sale x where x.store = w.store and x.ended_at is null
               and (held_sales.after is null or (x.held_at, x.id) > (select a.held_at, a.id from shop.held_sale a where a.id = held_sales.after))
             order by x.held_at, x.id limit held_sales.most) h
      join sec.terminal t on t.id = h.terminal join sec.staff f on f.id = h.staff
      left join shop.member m on m.id = h.member left join sec.terminal b on b.id = h.taken_by), '[]');
end $$;

-- The row that is asked about, locked; `refused` where it is not here any more or another till has it (only an approver goes over that).
create or replace function shop.held_here(held uuid, w record, over_others boolean, out h shop.held_sale, out refused jsonb)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  select x.* into h from shop.held_sale x where x.id = held and x.store = w.store and x.ended_at is null for no key update;
  if h.id is null then refused := sec.refusal('held_gone', jsonb_build_object('held', held)); return; end if;
  if h.taken_by is null or h.taken_by = w.terminal then return; end if;
  if not over_others then
    refused := sec.refusal('held_elsewhere', jsonb_build_object('terminal', (select t.code from sec.terminal t where t.id = h.taken_by)));
  elsif (sec.permission_of((select f.duty from sec.staff f where f.id = w.staff), 'approve')).permission is null then
    refused := sec.refused(w.terminal, w.staff, 'not_permitted', '{"permission": "approve"}');
  end if;
end $$;

-- Exactly one till gets it; the same till gets it again, however often its answer is lost. Taking it over from another till leaves a trace.
create or replace function api.recall_sale(held uuid, over_others boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record := sec.asks('sale');
  r record;
begin
  if w.refused is not null then return w.refused; end if;
  select * into r from shop.held_here(held, w, coalesce(over_others, false));
  if r.refused is not null then return r.refused; end if;
  update shop.held_sale x set taken_by = w.terminal, taken_at = coalesce(case x.taken_by when w.terminal then x.taken_at end, clock_timestamp())
   where x.id = held;
  if (r.h).taken_by <> w.terminal then
    perform sec.write_audit(w.terminal, w.staff, 'recall_over', null, jsonb_build_object('held', held, 'from', (r.h).taken_by));
  end if;
  return jsonb_build_object('held', held, 'basket', (r.h).basket, 'note', (r.h).note, 'attached', (
    select ledger.attached_of(v.id, w.store) from shop.wallet v where v.member = (r.h).member
     order by exists (select from shop.card c where c.wallet = v.id and c.state = 'active') desc, v.id desc limit 1));
end $$;

create or replace function api.drop_held(held uuid, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('sale');
  r record;
begin
  if w.refused is not null then return w.refused; end if;
  if coalesce(length(btrim(reason)), 0) < 2 or not shop.clean(reason, 200) then return sec.refusal('reason_missing'); end if;
  select * into r from shop.held_here(held, w, true);
  if r.refused is not null then return r.refused; end if;
  update shop.held_sale x set ended_at = clock_timestamp(), ended = 'dropped', basket = null where x.id = held;
  perform sec.write_audit(w.terminal, w.staff, 'drop_held', null, jsonb_build_object('held', held, 'reason', reason,
    'total_minor', (r.h).total_minor, 'lines', (r.h).line_count, 'by', (r.h).staff));
  return jsonb_build_object('held', held, 'state', 'dropped');
end $$;
revoke all on function shop.held_here(uuid, record, boolean) from public;
grant execute on function api.hold_sale(uuid, text, bigint, bigint, int, jsonb), api.held_sales(uuid, int), api.recall_sale(uuid, boolean),
  api.drop_held(uuid, text) to huiyuan_terminal;
