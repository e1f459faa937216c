-- Past sales in bulk: the shape-1 body of a `history_sale`, many in one statement. Prices, stock, tenders of today and permissions are
-- off; what remains is once-only (id, content, source number), conservation (lines, adjustments, tenders, total) and the chain.

-- The store's history seat, made where it is missing, locked in id order: its number and chain are written last.
create or replace function ledger.lock_history_seats(documents jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into sec.terminal(role, store, code)
  select 'huiyuan_import:' || u.id, u.id, '000' from shop.unit u
   where u.kind = 'store' and u.id in (select (e->'body'->>'store')::int from jsonb_array_elements(documents) e) order by u.id
  on conflict do nothing;
  perform from sec.terminal t where t.role in (select 'huiyuan_import:' || (e->'body'->>'store') from jsonb_array_elements(documents) e)
    order by t.id for no key update;
end $$;

create or replace function ledger.read_history(documents jsonb) returns ledger.history_row[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(array_agg((e.ord, (e.row->>'id')::uuid, e.row->'body', sha256(convert_to((e.row->'body')::text, 'UTF8')), h.kind, h.store,
        t.id, h.number, h.occurred_at,
        ledger.business_date_of(h.occurred_at, coalesce(u.time_zone, c.time_zone), c.cutover_minutes), h.wallet, h.total_minor)::ledger.history_row
        order by e.ord), '{}')
    from jsonb_array_elements(documents) with ordinality e(row, ord)
    cross join lateral jsonb_populate_record(null::ledger.header_in, (e.row->'body') - '{lines,adjustments,tenders}'::text[]) h
    cross join shop.chain c left join shop.unit u on u.id = h.store and u.kind = 'store'
    left join sec.terminal t on t.role = 'huiyuan_import:' || u.id);
end $$;

-- A misspelt key is refused, not ignored. What ledger.check_keys asks of one document at the front door, for all of a batch; types are
-- asked by the records that the sections are read into.
create or replace function ledger.check_history_keys(documents ledger.history_row[]) returns void
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_header text[] := '{kind,store,number,occurred_at,wallet,total_minor,lines,adjustments,tenders}';
  v_bad text;
begin
  select k into v_bad from unnest(documents) d cross join lateral jsonb_object_keys(d.body - v_header) k limit 1;
  if v_bad is null then
    select s.name into v_bad from unnest(documents) d
     cross join (values ('lines', '{n,product,qty_milli,price_minor,value_minor,total_minor}'::text[]), ('adjustments', '{line,source,amount_minor}'),
                        ('tenders', '{kind,amount_minor,given_minor,wallet}')) s(name, keys)
     cross join lateral jsonb_array_elements(coalesce(d.body->s.name, '[]')) e where jsonb_typeof(e) <> 'object' or e - s.keys <> '{}' limit 1;
  end if;
  if v_bad is not null then perform sec.refuse('unknown_key', jsonb_build_object('section', '', 'key', left(v_bad, 40))); end if;
end $$;

-- What does not add up, one finding a document at most: the sum of its lines is what was paid and what it says.
create or replace function ledger.history_sums(documents ledger.history_row[]) returns table(ord int, code text, facts jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with lines as (select d.ord, l.* from unnest(documents) d cross join lateral jsonb_populate_recordset(null::ledger.line_in, d.body->'lines') l),
       offs as (select d.ord, a.line, sum(a.amount_minor) as off, bool_and(coalesce(a.amount_minor > 0 and a.source is not null, false)) as good
                  from unnest(documents) d cross join lateral jsonb_populate_recordset(null::ledger.adjustment_in, d.body->'adjustments') a
                 group by d.ord, a.line),
       paid as (select d.ord, sum(t.amount_minor) as amount, bool_and(coalesce(t.amount_minor > 0 and t.wallet is null, false)) as good
                  from unnest(documents) d cross join lateral jsonb_populate_recordset(null::ledger.tender_in, d.body->'tenders') t group by d.ord),
       sums as (select l.ord, count(*) as many, count(distinct l.n) as numbers, max(l.n) as highest, sum(l.total_minor) as total,
                       min(l.n) filter (where (l.product is not null and l.qty_milli >= 0 and l.price_minor >= 0 and l.value_minor >= 0
                         and l.total_minor >= 0 and l.total_minor = l.value_minor - coalesce(o.off, 0) and coalesce(o.good, true)) is not true) as bad
                  from lines l left join offs o on o.ord = l.ord and o.line = l.n group by l.ord)
  select d.ord,
         case when s.bad is not null or o.line is not null or s.many <> s.numbers or s.many <> s.highest then 'arithmetic'
              when s.total <> d.total_minor then 'total_differs' else 'unbalanced' end,
         case when s.bad is not null or o.line is not null then jsonb_build_object('line', coalesce(s.bad, o.line))
              when s.many <> s.numbers or s.many <> s.highest then '{"section":"lines"}'
              when s.total <> d.total_minor then jsonb_build_object('total', s.total)
              else jsonb_build_object('lines', s.total, 'tendered', coalesce(p.amount, 0)) end
    from unnest(documents) d join sums s on s.ord = d.ord left join paid p on p.ord = d.ord
    left join lateral (select x.line from offs x where x.ord = d.ord and (x.line between 1 and s.many) is not true limit 1) o on true
   where s.bad is not null or o.line is not null or s.many <> s.numbers or s.many <> s.highest or s.total is distinct from d.total_minor
      or coalesce(p.amount, 0) <> s.total or not coalesce(p.good, true);
end $$;

-- Why a document does not go in; the first reason of each.
create or replace function ledger.history_faults(documents ledger.history_row[]) returns table(ord int, code text, facts jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select distinct on (x.ord) x.ord, x.code, x.facts from (
    select d.ord, 1 as rank, 'unknown_kind' as code, jsonb_build_object('kind', left(d.kind, 40)) as facts from unnest(documents) d
     where d.kind is distinct from 'history_sale'
    union all
    select d.ord, 2, 'unknown_store', jsonb_build_object('store', d.store) from unnest(documents) d where d.terminal is null
    union all
    select d.ord, 3, 'id_reused', jsonb_build_object('number', k.number) from unnest(documents) d join ledger.document k on k.id = d.id
    union all
    select d.ord, 4, 'number_used', jsonb_build_object('number', d.number, 'next', null)
      from (select x.*, row_number() over (partition by x.terminal, x.number order by x.ord) as nth from unnest(documents) x) d
     where d.nth > 1 or exists (select from ledger.document k where k.terminal = d.terminal and k.number = d.number and k.id <> d.id)
    union all
    select d.ord, 5, 'malformed', jsonb_build_object('section', 'header', 'detail', case when d.id is null then 'id'
           when (d.number between 1 and 999999999999999) is not true then 'number' else 'occurred_at' end) from unnest(documents) d
     where d.id is null or (d.number between 1 and 999999999999999) is not true or (d.occurred_at <= clock_timestamp()
       and d.body->>'occurred_at' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$') is not true
    union all
    select d.ord, 6, 'empty_document', '{"section":"lines"}' from unnest(documents) d where coalesce(jsonb_array_length(d.body->'lines'), 0) = 0
    union all
    select d.ord, 7, 'unknown_wallet', jsonb_build_object('wallet', d.wallet) from unnest(documents) d
     where d.wallet is not null and not exists (select from shop.wallet w where w.id = d.wallet)
    union all
    select d.ord, 8, 'unknown_product', jsonb_build_object('line', l.n, 'product', l.product) from unnest(documents) d
     cross join lateral jsonb_populate_recordset(null::ledger.line_in, d.body->'lines') l
     where not exists (select from shop.product p where p.id = l.product)
    union all
    select s.ord, 9, s.code, s.facts from ledger.history_sums(documents) s) x order by x.ord, x.rank;
end $$;

create or replace function ledger.write_history_children(documents ledger.history_row[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.line(document, n, store, product, qty_milli, price_minor, value_minor, total_minor, tax_code)
  select d.id, l.n, d.store, l.product, l.qty_milli, l.price_minor, l.value_minor, l.total_minor, p.tax_code
    from unnest(documents) d cross join lateral jsonb_populate_recordset(null::ledger.line_in, d.body->'lines') l
    join shop.product p on p.id = l.product;
  insert into ledger.adjustment(document, n, line, source, amount_minor)
  select d.id, a.ord, a.line, a.source, a.amount_minor from unnest(documents) d cross join lateral rows from (
      jsonb_to_recordset(d.body->'adjustments') as (line int, source text, amount_minor bigint)) with ordinality a(line, source, amount_minor, ord);
  insert into ledger.posting(document, n, store, demand, unit, debit, debit_ref, credit, credit_ref, amount, method)
  select d.id, t.ord, d.store, 'tender', c.currency, 'opening', d.store, 'revenue', d.store, t.amount_minor, t.kind
    from shop.chain c cross join unnest(documents) d cross join lateral rows from (
      jsonb_to_recordset(d.body->'tenders') as (kind text, amount_minor bigint)) with ordinality t(kind, amount_minor, ord);
end $$;

-- The header, its result and the next link of the history seat's chain, in the order of the batch.
create or replace function ledger.write_history(documents ledger.history_row[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d record;
  v_at timestamptz := clock_timestamp();
  v_row ledger.document;
  v_seat sec.terminal;
begin
  perform ledger.write_history_children(documents);
  for d in select x.*, u.code from unnest(documents) x join shop.unit u on u.id = x.store order by x.terminal, x.ord loop
    if v_seat.id is distinct from d.terminal then
      select t.* into v_seat from sec.terminal t where t.id = d.terminal;
    end if;
    v_row := null;
    v_row.id := d.id; v_row.kind := d.kind; v_row.shape := 1; v_row.store := d.store; v_row.terminal := d.terminal; v_row.number := d.number;
    v_row.chain_seq := v_seat.chain_seq + 1; v_row.wallet := d.wallet; v_row.total_minor := d.total_minor; v_row.occurred_at := d.occurred_at;
    v_row.posted_at := v_at; v_row.business_date := d.business_date; v_row.fingerprint := d.fingerprint; v_row.body := d.body;
    v_row.result := jsonb_build_object('id', d.id, 'kind', d.kind, 'number', d.number,
      'receipt', d.code || '-' || v_seat.code || '-' || lpad(d.number::text, greatest(6, length(d.number::text)), '0'),
      'posted_at', v_at, 'business_date', d.business_date, 'total_minor', d.total_minor, 'chain_seq', v_row.chain_seq);
    v_row.result := v_row.result || jsonb_build_object('digest', ledger.content_digest(v_row));
    v_row.head := ledger.terminal_hash(v_seat.head, v_row.chain_seq, d.fingerprint, v_row.result);
    v_row.result := v_row.result || jsonb_build_object('head', encode(v_row.head, 'hex'));
    insert into ledger.document select v_row.*;
    v_seat.number := greatest(v_seat.number, d.number); v_seat.chain_seq := v_row.chain_seq; v_seat.head := v_row.head;
    update sec.terminal t set number = v_seat.number, chain_seq = v_seat.chain_seq, head = v_seat.head where t.id = v_seat.id;
  end loop;
end $$;
