-- X and Z: a shift read while it goes on and after it was closed, its prints by number, the closed ones of a store.

-- Money of the drawer beside sales (what was voided stands under voids), and what was opened without a sale.
create or replace function ledger.shift_cash(shift uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', x.kind, 'count', x.documents, 'amount', x.amount) order by x.kind), '[]')
    from (select d.kind, count(*) as documents, sum(case k.moves_cash when 'in' then d.total_minor else -d.total_minor end)::bigint as amount
            from ledger.document d join ledger.kind k on k.kind = d.kind and (k.moves_cash is not null or d.kind = 'no_sale')
           where d.shift = shift_cash.shift and not exists (select from ledger.reversed r where r.document = d.id) group by d.kind) x $$;

-- One row a kind and way of paying; what a return or a void gave back counts against.
create or replace function ledger.shift_paid(shift uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', x.kind, 'of', x.method, 'count', x.documents, 'amount', x.amount)
                  order by x.kind, x.method), '[]')
    from (select d.kind, p.method, count(distinct p.document) as documents,
                 sum(case when p.credit in ('revenue', 'fees') or (p.debit in ('cash', 'tender') and p.credit = 'principal') then p.amount
                          else -p.amount end)::bigint as amount
            from ledger.document d join ledger.posting p on p.document = d.id and p.demand in ('tender', 'refund')
           where d.shift = shift_paid.shift group by 1, 2) x $$;

-- Tax, points and stored value as they moved: by code, in and out.
create or replace function ledger.shift_moved(shift uuid) returns table(part text, code text, documents bigint, amount bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  with moved as (select p.* from ledger.document d join ledger.posting p on p.document = d.id where d.shift = shift_moved.shift)
  select 'tax', m.method, count(distinct m.document), sum(case m.credit when 'tax' then m.amount else -m.amount end)::bigint
    from moved m where m.demand = 'tax' group by m.method
  union all
  select 'points', x.way, count(distinct x.document), sum(x.amount)::bigint
    from (select m.document, m.amount, case when m.credit in ('points', 'points_debt') then 'in' else 'out' end as way
            from moved m where m.unit = 'POINT') x group by x.way
  union all
  select 'stored', x.code, count(distinct x.document), sum(x.amount)::bigint
    from (select m.document, m.amount, m.credit || '_in' as code from moved m where m.unit <> 'POINT' and m.credit in ('principal', 'bonus')
          union all
          select m.document, m.amount, m.debit || '_out' from moved m where m.unit <> 'POINT' and m.debit in ('principal', 'bonus')) x
   group by x.code
  union all
  select 'coins', x.code, count(distinct x.document), sum(case x.debit when 'cash' then x.amount else -x.amount end)::bigint
    from (select m.*, case m.demand when 'keep' then 'kept' else 'rounding' end as code from moved m where m.demand in ('keep', 'rounding')) x
   group by x.code $$;

-- What a person should be asked about: voids, lines taken off, prices typed over the list's.
create or replace function ledger.shift_watched(s ledger.shift) returns table(part text, code text, documents bigint, amount bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select 'discount', a.source, count(distinct a.document), sum(a.amount_minor)::bigint
    from ledger.document d join ledger.adjustment a on a.document = d.id
   where d.shift = (shift_watched.s).id and not exists (select from ledger.reversed r where r.document = d.id) group by a.source
  union all
  select 'void', o.kind, count(*), sum(d.total_minor)::bigint from ledger.document d join ledger.document o on o.id = d.of
   where d.shift = (shift_watched.s).id and d.kind = 'reversal' group by o.kind
  union all
  select 'removed', r.why, count(*), sum(r.value_minor)::bigint from ledger.document d join ledger.removed r on r.document = d.id
   where d.shift = (shift_watched.s).id group by r.why
  union all
  select 'override', 'price', count(*), sum(l.total_minor)::bigint
    from ledger.document d join ledger.line l on l.document = d.id and l.open and d.kind = 'sale'
    join shop.product p on p.id = l.product and not p.open_price
   where d.shift = (shift_watched.s).id having count(*) > 0
  union all
  select 'recount', 'cash', count(*), null from sec.audit a
   where a.at between (shift_watched.s).opened_at and coalesce((shift_watched.s).closed_at, clock_timestamp()) and a.what = 'refused'
     and a.facts->>'shift' = (shift_watched.s).id::text and a.facts->>'kind' = 'shift_close' and a.facts->>'code' = 'variance_unexplained'
  having count(*) > 0 $$;

-- First and last receipt of each till that used the drawer.
create or replace function ledger.shift_receipts(shift uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('terminal', x.code, 'first', x.first, 'last', x.last, 'count', x.documents) order by x.code), '[]')
    from (select t.code, min(d.number) as first, max(d.number) as last, count(*) as documents
            from ledger.document d join sec.terminal t on t.id = d.terminal where d.shift = shift_receipts.shift group by t.id, t.code) x $$;

-- The whole report. While the shift is open, whoever may not know what should lie in the drawer gets the counts and no sums: any of
-- them would give the cash away.
create or replace function ledger.read_shift(s ledger.shift, sums boolean) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_closed ledger.document := (select d from ledger.document d where d.id = s.closed_by_document);
  v_kinds jsonb; v_tenders jsonb; v_parts jsonb;
begin
  select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.documents, 'total_minor', case when sums then k.total end)
                  order by k.kind), '[]')
    into v_kinds from (select d.kind, count(*) as documents, sum(d.total_minor)::bigint as total from ledger.document d
      join ledger.kind q on q.kind = d.kind and q.counts is null where d.shift = s.id group by d.kind) k;
  select coalesce(jsonb_agg(case when sums then t else t || '{"amount_minor": null}' end order by t->>'kind'), '[]') into v_tenders
    from jsonb_array_elements(ledger.shift_tenders(s.id)) t;
  select jsonb_object_agg(x.part, x.rows) into v_parts from (
    select m.part, jsonb_agg(jsonb_build_object('code', m.code, 'count', m.documents, 'amount', m.amount) order by m.code) as rows
      from (select * from ledger.shift_moved(s.id) where sums union all select * from ledger.shift_people(s.id) where sums
            union all select * from ledger.shift_watched(s)) m group by m.part
    union all select 'cash', ledger.shift_cash(s.id)
    union all select 'paid', ledger.shift_paid(s.id) where sums) x;
  return jsonb_build_object('shift', s.id, 'number', s.number, 'opened_at', s.opened_at, 'closed_at', s.closed_at,
    'drawer', (select w.name from shop.drawer w where w.id = s.drawer),
    'opened_by', (select f.name from sec.staff f where f.id = s.opened_by),
    'closed_by', (select f.name from sec.staff f where f.id = v_closed.rung_by),
    'approved_by', (select f.name from sec.staff f where f.id = v_closed.approved_by),
    'float_minor', (select (d.body->>'counted_minor')::bigint from ledger.document d where d.id = s.id),
    'expected_minor', case when s.closed_at is not null then (v_closed.result->>'expected_minor')::bigint
      when sums then (select a.balance from ledger.account a where a.drawer = s.drawer and a.kind = 'cash') end,
    'counted_minor', (v_closed.body->>'counted_minor')::bigint, 'counts', coalesce(v_closed.body->'counts', '[]'),
    'tenders_counted', coalesce(v_closed.result->'tenders_counted', '[]'), 'reason', v_closed.body->>'reason',
    'heads', v_closed.result->>'heads', 'head', v_closed.result->>'head', 'receipt', v_closed.result->>'receipt',
    'kinds', v_kinds, 'tenders', v_tenders, 'parts', v_parts, 'receipts', ledger.shift_receipts(s.id),
    'documents', (select count(*) from ledger.document d join ledger.kind q on q.kind = d.kind and q.counts is null where d.shift = s.id));
end $$;

-- Who asks for which shift: the open one of the own drawer, a closed one of any drawer of the store.
create or replace function ledger.shift_asked(p_shift uuid, out s ledger.shift, out sums boolean, out staff int, out terminal int,
  out refused jsonb) language plpgsql set search_path = pg_catalog, pg_temp as $$
declare w record;
begin
  w := sec.asks('shift');
  staff := w.staff; terminal := w.terminal; refused := w.refused;
  if refused is not null then return; end if;
  select x.* into s from ledger.shift x
   where x.id = p_shift and (x.drawer = w.drawer or x.store = w.store and x.closed_at is not null);
  if s.id is null then refused := sec.refusal('shift_missing'); end if;
  sums := s.closed_at is not null
    or (sec.permission_of((select f.duty from sec.staff f where f.id = w.staff), 'shift_expected')).permission is not null;
end $$;

-- What is counted at the close: notes and coins of the currency down to the least that this chain gives, and the tenders whose slips are counted.
create or replace function ledger.countable() returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object(
    'denominations', coalesce((select jsonb_agg(m.value_minor order by m.value_minor desc) from shop.denomination m
                                 join shop.chain c on c.currency = m.currency and m.value_minor >= c.cash_step_minor), '[]'),
    'counted_tenders', coalesce((select jsonb_agg(t.kind order by t.kind) from shop.tender t
                                  where t.counted and t.active and t.account in ('tender', 'prepaid', 'voucher')), '[]')) $$;

create or replace function api.shift_report(shift uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare a record;
begin
  a := ledger.shift_asked(shift);
  if a.refused is not null then return a.refused; end if;
  return ledger.read_shift(a.s, a.sums) || ledger.countable();
end $$;

-- The same for paper: `print` is its number within the shift. A Z is printed once, whatever comes after is a copy.
create or replace function api.shift_print(shift uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare a record; v_what text; v_n int;
begin
  a := ledger.shift_asked(shift);
  if a.refused is not null then return a.refused; end if;
  v_what := case when (a.s).closed_at is null then 'x' else 'z' end;
  perform pg_advisory_xact_lock(hashtextextended(shift::text, 3));                  -- two tills print at once: two numbers
  select coalesce(max(p.n), 0) + 1 into v_n from sec.shift_print p where p.shift = shift_print.shift and p.what = v_what;
  insert into sec.shift_print(shift, what, n, staff, terminal) values (shift_print.shift, v_what, v_n, a.staff, a.terminal);
  return ledger.read_shift(a.s, a.sums) || ledger.countable() || jsonb_build_object('print', v_n);
end $$;

-- Closed shifts of this store, newest first, older than `after`; of a number, or of a business day.
drop function if exists api.shifts(int, date, int);
create or replace function api.shifts(number int, on_day date, most int, after uuid default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks('shift');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(x.row order by x.closed_at desc, x.id desc) from (
    select s.id, s.closed_at, jsonb_build_object('shift', s.id, 'number', s.number, 'drawer', r.name, 'opened_at', s.opened_at,
             'closed_at', s.closed_at,
             'closed_by', f.name, 'counted_minor', (d.body->>'counted_minor')::bigint, 'over_short_minor', (d.result->>'over_short_minor')::bigint,
             'prints', (select count(*) from sec.shift_print p where p.shift = s.id and p.what = 'z')) as row
      from ledger.shift s join ledger.document d on d.id = s.closed_by_document join shop.drawer r on r.id = s.drawer
      left join sec.staff f on f.id = d.rung_by
     where s.store = w.store and (shifts.number is null or s.number = shifts.number) and (on_day is null or d.business_date = on_day)
       and (shifts.after is null
            or (s.closed_at, s.id) < (select a.closed_at, a.id from ledger.shift a where a.id = shifts.after and a.store = w.store))
     order by s.closed_at desc, s.id desc limit sec.at_most(most, 50, 200)) x), '[]');
end $$;
grant execute on function api.shift_report(uuid), api.shift_print(uuid), api.shifts(int, date, int, uuid) to huiyuan_terminal;
