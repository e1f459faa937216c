-- The catalogue of a store as its counters keep it: whole at first, then what changed, in pages.

-- Transaction numbers mean something within one life of one database only. A restore, a copy and a change of the primary begin
-- another one, and then a counter fetches everything anew.
create or replace function shop.epoch() returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select c.system_identifier from pg_control_system() c) || '.' ||
         case when pg_is_in_recovery() then 'standby' else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end || '.' ||
         (select d.oid from pg_database d where d.datname = current_database());
end $$;

-- Microseconds since 1970: whole numbers at both ends. Null: no end.
create or replace function shop.micros(at timestamptz) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select case when isfinite(at) then floor(extract(epoch from at) * 1000000)::bigint when at < 'epoch' then 0 end $$;

-- A product as a row: [id] alone is one that is not sold any more; else with its barcodes [code, qty_milli] and the prices that
-- hold or will hold in this store [1: its own / 0: of every store, from, to, amount_minor]; a fifth value names a list for members.
create or replace function shop.catalogue_row(p shop.product, store int, since timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when not p.active then jsonb_build_array(p.id) else jsonb_build_array(
      p.id, p.code, p.name, p.kind, p.base_unit, p.tax_code, p.sold_by, p.open_price, p.category, p.brand, p.spec,
      p.words,
      coalesce((select jsonb_agg(jsonb_build_array(b.code, b.qty_milli) order by b.code) from shop.barcode b where b.product = p.id), '[]'),
      coalesce((select jsonb_agg(jsonb_build_array((r.store is not null)::int, shop.micros(r.valid_from), shop.micros(r.valid_to), r.amount_minor)
                                 || case when r.list = 'retail' then '[]' else jsonb_build_array(r.list) end
                         order by r.list, r.store nulls last, r.valid_from)
                  from shop.price r
                 where r.product = p.id and (r.store is null or r.store = catalogue_row.store)
                   and (r.valid_to is null or r.valid_to > since)), '[]')) end $$;

-- Needs the terminal's login only: a counter fills its file before anybody signs in, and prices hang on the shelf anyway.
-- `horizon` null asks for everything, else for what may have changed since the answer that gave it; `after` is the last product of
-- the page before. The horizon of a round's first page is the one to come back with.
create or replace function api.catalogue(epoch text, horizon text, after int, most int) returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  seat sec.terminal := sec.terminal_here();
  v_epoch text := shop.epoch();
  v_now pg_snapshot := pg_current_snapshot();
  v_since xid8 := case when horizon ~ '^[0-9]{1,19}$' and epoch = v_epoch then horizon::xid8 end;
  v_most int := least(greatest(coalesce(most, 1), 1), 2000);
  v_after int := coalesce(after, 0);
  v_rows jsonb; v_care jsonb;
begin
  if seat.id is null then return sec.refusal('unknown_terminal'); end if;
  if horizon is not null and v_since is null then v_after := 0; end if;
  if v_since is null then
    select jsonb_agg(shop.catalogue_row(p, seat.store, now() - interval '1 day') order by p.id) into v_rows
      from (select * from shop.product q where q.id > v_after and q.active order by q.id limit v_most) p;
  else
    select jsonb_agg(shop.catalogue_row(p, seat.store, now() - interval '1 day') order by p.id) into v_rows
      from (select q.* from shop.product_change c join shop.product q on q.id = c.product
             where c.xid >= v_since and c.xid < pg_snapshot_xmax(v_now) and c.product > v_after order by c.product limit v_most) p;
  end if;
  select jsonb_agg(jsonb_build_array(p.id, p.min_age, p.warning) order by p.id) into v_care
    from jsonb_array_elements(v_rows) r join shop.product p on p.id = (r->>0)::int where p.active
     and (p.min_age is not null or p.warning is not null);
  return jsonb_build_object(
    'epoch', v_epoch, 'care', coalesce(v_care, '[]'),
    'horizon', pg_snapshot_xmin(v_now)::text, 'whole', v_since is null, 'store', seat.store, 'at', shop.micros(clock_timestamp()),
    'products', coalesce(v_rows, '[]'), 'more', coalesce(jsonb_array_length(v_rows), 0) = v_most,
    'taxes', (select jsonb_agg(jsonb_build_array(x.code, x.rate_bp) order by x.code) from shop.tax x),
    'scale', coalesce(shop.setting_of(seat.store, 'scale_codes'), '[]'));
end $$;
grant execute on function api.catalogue(text, text, int, int) to huiyuan_terminal;
