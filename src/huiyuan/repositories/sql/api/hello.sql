-- What a counter learns before anybody signs in, and what its home screen shows.

-- The nearest value of a setting: the store's own, else the one of the unit above it.
create or replace function shop.setting_of(unit int, key text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  with recursive up as (
    select u.id, u.parent, 0 as steps from shop.unit u where u.id = setting_of.unit
    union all
    select u.id, u.parent, up.steps + 1 from up join shop.unit u on u.id = up.parent)
  select s.value from up join shop.setting s on s.unit = up.id and s.key = setting_of.key order by up.steps limit 1 $$;

create or replace function ledger.open_shift(drawer int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as
$$ select jsonb_build_object('id', s.id, 'number', s.number, 'opened_at', s.opened_at) from ledger.shift s
    where s.drawer = open_shift.drawer and s.closed_at is null $$;

create or replace function api.hello() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare seat sec.terminal;
begin
  seat := sec.terminal_here();
  if seat.id is null then return sec.refusal('unknown_terminal'); end if;
  return jsonb_build_object(
    'schema', (select max(v.version) from sec.schema_version v),
    'now', clock_timestamp(),
    'chain', (select to_jsonb(c) - '{id,created_at}'::text[] from shop.chain c),
    'store', (select jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name) from shop.unit u where u.id = seat.store),
    'terminal', jsonb_build_object('id', seat.id, 'code', seat.code, 'role', seat.role, 'drawer', seat.drawer),
    'shift', ledger.open_shift(seat.drawer),
    'next_number', seat.number + 1,
    'slip', jsonb_build_object('header', coalesce(shop.setting_of(seat.store, 'slip_header'), '[]'),
                               'footer', coalesce(shop.setting_of(seat.store, 'slip_footer'), '[]'),
                               'sellers', coalesce(shop.setting_of(seat.store, 'slip_sellers')->>0 = 'yes', false)),
    'tenders', coalesce((select jsonb_agg(t.kind order by t.kind) from shop.tender t
      where t.active and (t.account in ('prepaid', 'voucher') or (t.account = 'tender' and t.kind not in ('bank_card', 'mobile')))), '[]'),
    'tender_names', coalesce((select jsonb_object_agg(t.kind, t.name) from shop.tender t where t.name is not null), '{}'),
    'handover_at', coalesce(shop.setting_of(seat.store, 'handover_at')->>0, ''),
    'lock_minutes', coalesce((shop.setting_of(seat.store, 'auto_lock_minutes')->>0)::int, 0),
    'offline', (select to_jsonb(o) from ledger.offline_caps(seat.store) o),
    'quick_keys', coalesce(shop.setting_of(seat.store, 'quick_keys'), '[]'),
    'function_keys', coalesce(shop.setting_of(seat.store, 'function_keys'), '[]'),
    'reviews', (select count(*) from ledger.open_reviews(seat.store)),
    'messages', shop.outbox_open(seat.store),
    'approvals', sec.proposals_waiting(),
    'backup_at', (select max(b.at) from sec.backup b),
    'demo_staff', coalesce((
      select jsonb_agg(jsonb_build_object('number', f.number, 'name', f.name, 'duty', y.name) order by f.number)
        from sec.staff f join sec.duty y on y.code = f.duty
       where f.active and sec.in_scope(f.units, seat.store) and (select c.demo from shop.chain c)), '[]'));
end $$;

create or replace function api.home() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; backup timestamptz;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  select max(b.at) into backup from sec.backup b;
  return jsonb_build_object(
    'backup_at', backup,
    'backup_age_s', floor(extract(epoch from clock_timestamp() - backup))::bigint,
    'proposals', (select count(*) from sec.proposal p where p.store = w.store and p.ok_at is null and p.declined_at is null
                     and p.at > clock_timestamp() - interval '10 minutes'),
    'reviews', (select count(*) from ledger.open_reviews(w.store)),
    'shift', ledger.open_shift(w.drawer));
end $$;
grant execute on function api.hello(), api.home() to huiyuan_terminal;
