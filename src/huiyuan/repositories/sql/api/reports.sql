-- The X report of a shift, and what reports may select themselves under row-level security.

-- What each way of paying brought, less what went back the same way. A top-up's money comes in although its credit is the member's.
create or replace function ledger.shift_tenders(shift uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.method, 'count', s.documents, 'amount_minor', s.amount) order by s.method), '[]')
    from (select p.method, count(distinct p.document) as documents,
                 sum(case when p.credit in ('revenue', 'fees') or (p.debit in ('cash', 'tender') and p.credit = 'principal') then p.amount
                          else -p.amount end)::bigint as amount
            from ledger.document d join ledger.posting p on p.document = d.id and p.demand in ('tender', 'refund')
           where d.shift = shift_tenders.shift group by p.method) s $$;

-- Own drawer's shift, open or closed. Expected cash is the drawer's account while it is open, the count's own answer afterwards.
create or replace function api.shift_report(shift uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; s ledger.shift;
begin
  w := sec.asks('shift');
  if w.refused is not null then return w.refused; end if;
  select x.* into s from ledger.shift x where x.id = shift_report.shift and x.drawer = w.drawer;
  if s.id is null then return sec.refusal('shift_missing'); end if;
  return jsonb_build_object(
    'shift', s.id, 'number', s.number, 'opened_at', s.opened_at, 'closed_at', s.closed_at,
    'opened_by', (select f.name from sec.staff f where f.id = s.opened_by),
    'float_minor', (select (d.body->>'counted_minor')::bigint from ledger.document d where d.id = s.id),
    'expected_minor', case when s.closed_at is null
      then (select a.balance from ledger.account a where a.drawer = s.drawer and a.kind = 'cash')
      else (select (d.result->>'expected_minor')::bigint from ledger.document d where d.id = s.closed_by_document) end,
    'kinds', (select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.documents, 'total_minor', k.total) order by k.kind), '[]')
                from (select d.kind, count(*) as documents, sum(d.total_minor)::bigint as total from ledger.document d
                        join ledger.kind q on q.kind = d.kind and q.counts is null where d.shift = s.id group by d.kind) k),
    'tenders', ledger.shift_tenders(s.id),
    'documents', (select count(*) from ledger.document d join ledger.kind q on q.kind = d.kind and q.counts is null where d.shift = s.id));
end $$;
grant execute on function api.shift_report(uuid) to huiyuan_terminal;
