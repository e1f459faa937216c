-- The history entry: what a chain was before it came here. Only the role huiyuan_import, which no terminal has, may call it. Each call
-- takes a batch, is one transaction, and the same batch again changes nothing: rows are known by the source's own numbers.

-- The opening of every import: this is the chain, and its money is the source's money.
create or replace function api.import_begin(source text, currency text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare c shop.chain;
begin
  select x.* into c from shop.chain x;
  if c.id is null then return sec.refusal('no_chain'); end if;
  if c.demo and source <> 'demo' then return sec.refusal('demo_chain'); end if;
  if c.currency is distinct from import_begin.currency then
    return sec.refusal('currency_differs', jsonb_build_object('chain', c.currency, 'asked', import_begin.currency));
  end if;
  perform sec.write_audit(null, null, 'import_begun', null, jsonb_build_object('source', left(source, 40)));
  return jsonb_build_object('uid', c.uid, 'name', c.name, 'currency', c.currency, 'minor_digits', c.minor_digits, 'time_zone', c.time_zone);
end $$;

-- [{code, name, time_zone}]: a store that is missing comes with a drawer, below the headquarters. One that trades in another zone than
-- the source says is refused: its days would be other days.
create or replace function api.import_stores(stores jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare v_fault jsonb; v_made int;
begin
  v_fault := (select f.fault from (select s.code, case
      when z.name is null then sec.refusal('unknown_zone', jsonb_build_object('zone', left(s.time_zone, 40)))
      when u.id is not null and u.kind <> 'store' then sec.refusal('unknown_store', jsonb_build_object('store', s.code))
      when u.id is not null and coalesce(u.time_zone, c.time_zone) <> s.time_zone then
        sec.refusal('zone_differs', jsonb_build_object('store', s.code, 'zone', coalesce(u.time_zone, c.time_zone), 'asked', s.time_zone))
      when (s.code ~ '^[A-Z0-9]{1,8}$' and shop.clean(s.name, 64)) is not true then sec.malformed('stores', left(s.code, 40)) end as fault
    from shop.chain c cross join jsonb_to_recordset(stores) s(code text, name text, time_zone text)
    left join shop.unit u on u.code = s.code left join pg_timezone_names z on z.name = s.time_zone )
    f where f.fault is not null order by f.code limit 1);
  if v_fault is not null then return v_fault; end if;
  with made as (
    insert into shop.unit(parent, kind, code, name, time_zone)
    select (select r.id from shop.unit r where r.parent is null order by r.id limit 1), 'store', s.code, s.name, s.time_zone
      from jsonb_to_recordset(stores) s(code text, name text, time_zone text)
     where not exists (select from shop.unit u where u.code = s.code) order by s.code on conflict (code) do nothing returning id, code)
  insert into shop.drawer(store, name) select m.id, m.code || '-01' from made m order by m.id;
  get diagnostics v_made = row_count;
  return jsonb_build_object('made', v_made, 'stores', (select coalesce(jsonb_object_agg(u.code, u.id), '{}') from shop.unit u
    where u.code in (select x.code from jsonb_to_recordset(stores) x(code text))));
end $$;

-- [{id, body}]: what stands already is counted, what does not add up stays out with its reason, the rest is posted.
create or replace function api.import_sales(shape int, documents jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_all ledger.history_row[]; v_new ledger.history_row[]; v_known int; v_refused jsonb; v_bad int[];
begin
  if shape is distinct from 1 then return sec.refusal('unknown_shape', jsonb_build_object('shape', shape, 'known', 1)); end if;
  if jsonb_typeof(documents) is distinct from 'array' or jsonb_array_length(documents) > 2000 then
    return sec.malformed('documents', 'a list of at most 2000');
  end if;
  perform ledger.lock_history_seats(documents);
  v_all := ledger.read_history(documents);
  v_new := array(select d from unnest(v_all) d where not exists (
    select from ledger.document k where k.id = d.id and k.fingerprint = d.fingerprint and k.terminal = d.terminal) order by d.ord);
  v_known := cardinality(v_all) - cardinality(v_new);
  perform ledger.check_history_keys(v_new);
  select array_agg(f.ord), jsonb_agg(jsonb_build_object('id', d.id, 'number', d.number, 'refused', f.code, 'facts', f.facts) order by f.ord)
    into v_bad, v_refused from ledger.history_faults(v_new) f join unnest(v_new) d on d.ord = f.ord;
  v_new := array(select d from unnest(v_new) d where d.ord <> all (coalesce(v_bad, '{}')) order by d.ord);
  perform ledger.write_history(v_new);
  update shop.member_search s set last_seen_on = n.day
    from (select w.member, max(d.business_date) as day from unnest(v_new) d join shop.wallet w on w.id = d.wallet group by w.member) n
   where s.member = n.member and s.last_seen_on < n.day;
  return jsonb_build_object('posted', cardinality(v_new),
    'lines', (select coalesce(sum(jsonb_array_length(d.body->'lines')), 0) from unnest(v_new) d), 'known', v_known,
    'refused', coalesce(v_refused, '[]'));
exception
  when sqlstate 'HY001' then return sec.refusal('malformed', jsonb_build_object('section', 'documents', 'detail', sqlerrm));
  when data_exception then return sec.refusal('malformed', jsonb_build_object('section', 'documents', 'detail', left(sqlerrm, 120)));
end $$;

grant execute on function api.import_begin(text, text), api.import_stores(jsonb), api.import_sales(int, jsonb)
  to huiyuan_import;
