-- Group-buy orders at the counter of their store: opened, joined, left, called off, read. Closing one is a document (coupons given out).

create or replace function shop.group_series_row(v shop.rule_version) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('version', v.version, 'kind', v.body->>'kind', 'off_minor', v.body->'off_minor', 'rate_bp', v.body->'rate_bp',
    'max_minor', v.max_document_minor, 'least_minor', v.min_minor) $$;

create or replace function shop.group_row(g shop.group_order) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('id', g.id, 'product', g.product, 'product_code', p.code, 'product_name', p.name,
    'organiser', o.name, 'organiser_number', o.number, 'note', g.note, 'opened_at', g.opened_at, 'opened_by', f.name,
    'closes_at', g.closes_at, 'over', g.closes_at <= now(),
    'state', case when g.document is not null then 'closed' when g.reason is not null then 'called_off' else 'open' end,
    'ended_at', g.ended_at, 'ended_by', (select e.name from sec.staff e where e.id = g.ended_by), 'reason', g.reason,
    'receipt', (select d.result->>'receipt' from ledger.document d where d.id = g.document), 'most_milli', shop.group_most(g.id),
    'members', (select count(*) from shop.group_standing(g.id)),
    'qty_milli', (select coalesce(sum(s.qty_milli), 0) from shop.group_standing(g.id) s),
    'tiers', (select jsonb_agg(jsonb_build_object('from_milli', t.from_milli, 'rule', t.rule, 'name', r.name)
        || shop.group_series_row(shop.series_here(t.rule, g.store)) order by t.from_milli)
      from shop.group_tier t join shop.rule r on r.id = t.rule
     where t.group_order = g.id))
    from shop.product p, shop.member o, sec.staff f where p.id = g.product and o.id = g.organiser and f.id = g.opened_by $$;

create or replace function shop.group_place_row(p shop.group_place) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('place', p.id, 'member', coalesce(h.id, m.id), 'number', coalesce(h.number, m.number),
    'name', coalesce(h.name, m.name), 'gone', coalesce(h.archived_at, m.archived_at) is not null and (h.id is null or h.archived_at is not null),
    'qty_milli', p.qty_milli, 'joined_at', p.joined_at, 'joined_by', f.name, 'left_at', p.left_at,
    'left_by', (select l.name from sec.staff l where l.id = p.left_by))
    from shop.member m left join shop.member h on h.id = m.merged_into, sec.staff f where m.id = p.member and f.id = p.joined_by $$;

-- An order with all places, those that stand first as they joined, then the newest 200 that were left.
create or replace function shop.group_whole(g shop.group_order) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select shop.group_row(g) || jsonb_build_object('places',
    coalesce((select jsonb_agg(shop.group_place_row(p.*) order by p.joined_at, p.id) from shop.group_place p
      where p.group_order = g.id and p.left_at is null), '[]')
    || coalesce((select jsonb_agg(shop.group_place_row(p.p) order by (p.p).left_at desc, (p.p).id) from (select x as p from shop.group_place x
      where x.group_order = g.id and x.left_at is not null order by x.left_at desc limit 200) p), '[]')) $$;

-- Where an order stands in the list: open ones first, the next to end on top; then those that ended, the last one first.
create or replace function shop.group_at(g shop.group_order) returns bigint[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when g.ended_at is null then array[0, (extract(epoch from g.closes_at) * 1000000)::bigint]
              else array[1, -(extract(epoch from g.ended_at) * 1000000)::bigint] end $$;

create or replace function api.group_orders(after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
begin
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(shop.group_row(x.g) order by shop.group_at(x.g), (x.g).id)
    from (select g from shop.group_order g
           where g.store = w.store and (group_orders.after is null
              or (shop.group_at(g), g.id) > (select shop.group_at(a), a.id from shop.group_order a where a.id = group_orders.after))
           order by shop.group_at(g), g.id limit sec.at_most(most, 50, 200)) x), '[]');
end $$;

create or replace function api.group_order(group_order uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
  g shop.group_order;
begin
  if w.refused is not null then return w.refused; end if;
  select x.* into g from shop.group_order x where x.id = group_order.group_order and x.store = w.store;
  if g.id is null then return sec.refused(w.terminal, w.staff, 'group_refused', '{"why":"unknown"}'); end if;
  return shop.group_whole(g);
end $$;

-- What the tiers of an order for a product can be here now.
create or replace function api.group_series(product int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
begin
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('series', coalesce((
    select jsonb_agg(jsonb_build_object('rule', f.id, 'name', f.name) || shop.group_series_row(shop.series_here(f.id, w.store)) order by f.name, f.id)
      from shop.rule f where f.family = 'coupon' and shop.group_series_why(f.id, w.store, group_series.product) is null), '[]'));
end $$;

-- Why an order cannot be opened like this; each tier is {from_milli, rule}.
create or replace function shop.group_open_why(store int, product int, organiser bigint, closes_at timestamptz, tiers jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad record;
begin
  if not exists (select from shop.product p where p.id = product and p.active and p.sold_by = 'piece') then return '{"why":"product"}'; end if;
  if not exists (select from shop.member m where m.id = organiser and m.archived_at is null) then return '{"why":"member"}'; end if;
  if closes_at is null or closes_at <= now() or closes_at > now() + interval '366 days' then return '{"why":"closes"}'; end if;
  if jsonb_typeof(tiers) is distinct from 'array' or jsonb_array_length(tiers) not between 1 and 9 then return '{"why":"tiers"}'; end if;
  if exists (select from jsonb_array_elements(tiers) t where jsonb_typeof(t) <> 'object' or t - '{from_milli,rule}'::text[] <> '{}'
      or coalesce(t->>'from_milli', '') !~ '^[1-9][0-9]{0,3}000$' or (t->>'from_milli')::int > 1000000
      or coalesce(t->>'rule', '') !~ '^[1-9][0-9]{0,8}$')
    or (select count(distinct t->>'from_milli') < count(*) or count(distinct t->>'rule') < count(*) from jsonb_array_elements(tiers) t) then
    return '{"why":"tiers"}';
  end if;
  select t->'rule' as rule, shop.group_series_why((t->>'rule')::int, store, product) as why into v_bad
    from jsonb_array_elements(tiers) t where shop.group_series_why((t->>'rule')::int, store, product) is not null limit 1;
  return case when v_bad.why is not null then jsonb_build_object('why', v_bad.why, 'rule', v_bad.rule) end;
end $$;

-- The same id again answers the order that stands.
create or replace function api.group_open(id uuid, product int, organiser bigint, closes_at timestamptz, note text, tiers jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
  g shop.group_order;
  v_why jsonb;
begin
  if w.refused is not null then return w.refused; end if;
  select x.* into g from shop.group_order x where x.id = group_open.id;
  if g.id is not null then
    if g.store <> w.store or g.opened_by <> w.staff or g.product is distinct from group_open.product then
      return sec.refused(w.terminal, w.staff, 'group_refused', '{"why":"unknown"}');
    end if;
    return shop.group_whole(g);
  end if;
  if id is null then return sec.malformed('group_order', 'id'); end if;
  if note is not null and not shop.clean(note, 60) then return sec.refusal('unclean_text', '{"field":"note"}'); end if;
  v_why := shop.group_open_why(w.store, product, organiser, closes_at, tiers);
  if v_why is not null then return sec.refusal('group_refused', v_why); end if;
  insert into shop.group_order as x (id, store, product, organiser, note, opened_by, closes_at)
  values (group_open.id, w.store, group_open.product, group_open.organiser, group_open.note, w.staff, group_open.closes_at)
  on conflict on constraint group_order_pkey do nothing returning x.* into g;
  if g.id is null then return sec.refusal('group_refused', '{"why":"unknown"}'); end if;
  insert into shop.group_tier(group_order, from_milli, rule)
  select g.id, (t->>'from_milli')::bigint, (t->>'rule')::int from jsonb_array_elements(tiers) t;
  perform sec.edited(w.terminal, w.staff, 'group_order', null, to_jsonb(g) || jsonb_build_object('tiers', tiers));
  return shop.group_whole(g);
end $$;

-- The order by its id, locked; `refused` where it is not of this store or has ended.
create or replace function shop.group_here(group_order uuid, w record, out g shop.group_order, out refused jsonb)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  select x.* into g from shop.group_order x where x.id = group_here.group_order and x.store = w.store for no key update;
  if g.id is null then
    refused := sec.refused(w.terminal, w.staff, 'group_refused', '{"why":"unknown"}');
  elsif g.ended_at is not null then
    refused := sec.refusal('group_refused', jsonb_build_object('why', case when g.document is null then 'called_off' else 'closed' end));
  end if;
end $$;

-- A place for a member; the same place again answers the order as it stands.
create or replace function api.group_join(group_order uuid, place uuid, member bigint, qty_milli bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
  r record;
  p shop.group_place;
  v_why jsonb;
begin
  if w.refused is not null then return w.refused; end if;
  select * into r from shop.group_here(group_join.group_order, w);
  if r.refused is not null then return r.refused; end if;
  if exists (select from shop.group_place x where x.id = place) then
    return case when exists (select from shop.group_place x where x.id = place and x.group_order = (r.g).id and x.member = group_join.member
                    and x.qty_milli = group_join.qty_milli) then shop.group_whole(r.g)
      else sec.refused(w.terminal, w.staff, 'group_refused', '{"why":"unknown"}') end;
  end if;
  if place is null then return sec.malformed('group_place', 'id'); end if;
  v_why := case
    when (r.g).closes_at <= clock_timestamp() then '{"why":"over"}'::jsonb
    when not exists (select from shop.member m where m.id = group_join.member and m.archived_at is null) then '{"why":"member"}'
    when exists (select from shop.group_standing((r.g).id) s where s.holder = group_join.member) then '{"why":"joined"}'
    when qty_milli is null or qty_milli < 1000 or qty_milli % 1000 <> 0 or qty_milli > shop.group_most((r.g).id)
      then jsonb_build_object('why', 'pieces', 'qty_milli', shop.group_most((r.g).id))
    when qty_milli + (select coalesce(sum(s.qty_milli), 0) from shop.group_standing((r.g).id) s) > 1000000
      then '{"why":"full","qty_milli":1000000}' end;
  if v_why is not null then return sec.refusal('group_refused', v_why); end if;
  insert into shop.group_place as x (id, group_order, member, qty_milli, joined_by)
  values (place, (r.g).id, group_join.member, group_join.qty_milli, w.staff)
  on conflict on constraint group_place_pkey do nothing returning x.* into p;
  if p.id is null then return sec.refusal('group_refused', '{"why":"unknown"}'); end if;
  perform sec.edited(w.terminal, w.staff, 'group_place', null, to_jsonb(p));
  return shop.group_whole(r.g);
end $$;

-- One place is left; all others and the order stay as they are. Left twice is left once.
create or replace function api.group_leave(group_order uuid, place uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
  r record;
  before shop.group_place; after shop.group_place;
begin
  if w.refused is not null then return w.refused; end if;
  select * into r from shop.group_here(group_leave.group_order, w);
  if r.refused is not null then return r.refused; end if;
  select x.* into before from shop.group_place x where x.id = place and x.group_order = (r.g).id;
  if before.id is null then return sec.refused(w.terminal, w.staff, 'group_refused', '{"why":"unknown"}'); end if;
  if before.left_at is null then
    update shop.group_place x set left_at = clock_timestamp(), left_by = w.staff where x.id = before.id returning x.* into after;
    perform sec.edited(w.terminal, w.staff, 'group_place', to_jsonb(before), to_jsonb(after));
  end if;
  return shop.group_whole(r.g);
end $$;

-- No coupons, whoever is in it; with a reason.
create or replace function api.group_call_off(group_order uuid, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record := sec.asks('group_order');
  r record;
  after shop.group_order;
begin
  if w.refused is not null then return w.refused; end if;
  if coalesce(length(btrim(reason)), 0) < 2 or not shop.clean(reason, 200) then return sec.refusal('reason_missing'); end if;
  select * into r from shop.group_here(group_call_off.group_order, w);
  if r.refused is not null then return r.refused; end if;
  update shop.group_order x set reason = group_call_off.reason, ended_at = clock_timestamp(), ended_by = w.staff where x.id = (r.g).id
    returning x.* into after;
  perform sec.edited(w.terminal, w.staff, 'group_order', to_jsonb(r.g), to_jsonb(after));
  return shop.group_whole(after);
end $$;
revoke all on function shop.group_here(uuid, record) from public;
grant execute on function api.group_orders(uuid, int), api.group_order(uuid), api.group_series(int),
  api.group_open(uuid, int, bigint, timestamptz, text, jsonb),
  api.group_join(uuid, uuid, bigint, bigint), api.group_leave(uuid, uuid), api.group_call_off(uuid, text) to huiyuan_terminal;
