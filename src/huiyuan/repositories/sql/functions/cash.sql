-- The drawer beside sales: what a document of cash moves, what was counted, what was taken off a basket.

-- One pair between the drawer and the kind's contra account. What is not there does not come out; how much is there nobody learns.
create or replace function ledger.expand_cash(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := ledger.account_of('cash', null, (d.terminal).drawer);
  v_amount bigint := (d.header).amount_minor;
begin
  if v_amount is null or v_amount <= 0 then perform sec.refuse('malformed', '{"section":"header","detail":"amount_minor"}'); end if;
  d.postings := d.postings || case (d.kind).moves_cash
    when 'in' then (0, 'cash', d.currency, 'cash', v_cash, (d.kind).contra, (d.terminal).store, v_amount, null, null, null, null,
        null)::ledger.posting_row
    else (0, 'cash', d.currency, (d.kind).contra, (d.terminal).store, 'cash', v_cash, v_amount, null, null, null, null, null)::ledger.posting_row end;
end $$;

-- What each tender other than cash was counted at beside what was booked, under the shift's lock.
create or replace function ledger.counted_tenders(d ledger.draft) returns table(tender text, counted_minor bigint, expected_minor bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select c.tender, c.amount_minor, coalesce((
      select (t->>'amount_minor')::bigint from jsonb_array_elements(ledger.shift_tenders((d.header).shift)) t where t->>'kind' = c.tender), 0)
    from unnest(d.counts) c where c.denomination_minor is null order by c.tender;
end $$;

-- How far the count is from what was booked: the widest gap of any tender, whichever way.
create or replace function ledger.widest_gap(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return greatest(coalesce((select sum(p.amount) from unnest(d.postings) p where p.demand = 'over_short'), 0),
                  coalesce((select max(abs(t.counted_minor - t.expected_minor)) from ledger.counted_tenders(d) t), 0));
end $$;

-- A row that came before (a document that was sent again under another id) is there already. Whose it is, the session says.
create or replace function ledger.write_removed(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.removed(document, n, id, store, staff, product, qty_milli, value_minor, why, at)
  select d.id, r.ord, r.id, (d.terminal).store, s.staff, r.product, r.qty_milli, r.value_minor, r.why, least(r.at, d.at)
    from unnest(d.removed) with ordinality r(id, session, at, product, qty_milli, value_minor, why, ord)
    join sec.session s on s.id = r.session
   order by r.id
  on conflict (id) do nothing;
end $$;
