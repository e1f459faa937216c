-- Who may be named as the one who served, and what was sold by whom in a shift.

create or replace function api.sellers() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_array(f.id, f.number, f.name) order by f.number) from sec.staff f
    where f.active and sec.in_scope(f.units, w.store)), '[]');
end $$;

-- By who rang it up: documents, and what they brought of goods (what came back counts against). By who served: lines and their shares.
create or replace function ledger.shift_people(shift uuid) returns table(part text, code text, documents bigint, amount bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select 'cashier', f.number || ' ' || f.name, count(distinct d.id),
         sum(case when p.credit = 'revenue' then p.amount when p.debit = 'revenue' then -p.amount else 0 end)::bigint
    from ledger.document d join sec.staff f on f.id = d.rung_by
    left join ledger.posting p on p.document = d.id and 'revenue' in (p.debit, p.credit) and 'tax' not in (p.debit, p.credit)
    join ledger.kind q on q.kind = d.kind and q.counts is null
   where d.shift = shift_people.shift group by f.number, f.name
  union all
  select 'seller', f.number || ' ' || f.name, count(*), sum(x.amount)::bigint from (
      select (s->>'staff')::int as staff, round(l.total_minor::numeric * (s->>'share_bp')::int / 10000) as amount
        from ledger.document d cross join jsonb_array_elements(d.body->'sellers') s
        join ledger.line l on l.document = d.id and l.n = (s->>'line')::int
       where d.shift = shift_people.shift and d.kind in ('sale', 'exchange') and not exists (select from ledger.reversed r where r.document = d.id)
      union all
      select (s->>'staff')::int, -round(l.total_minor::numeric * (s->>'share_bp')::int / 10000)
        from ledger.document d join ledger.document o on o.id = d.of cross join jsonb_array_elements(o.body->'sellers') s
        join ledger.line l on l.document = d.id and l.of_line = (s->>'line')::int
       where d.shift = shift_people.shift and d.kind in ('return', 'exchange')
         and not exists (select from ledger.reversed r where r.document = d.id)) x
    join sec.staff f on f.id = x.staff group by f.number, f.name $$;
grant execute on function api.sellers() to huiyuan_terminal;
