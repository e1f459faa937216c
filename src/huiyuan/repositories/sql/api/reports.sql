-- What a shift took by each way of paying.

-- What each way of paying brought, less what went back the same way. A top-up's money comes in although its credit is the member's.
create or replace function ledger.shift_tenders(shift uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', s.method, 'count', s.documents, 'amount_minor', s.amount) order by s.method), '[]')
    from (select p.method, count(distinct p.document) as documents,
                 sum(case when p.credit in ('revenue', 'fees') or (p.debit in ('cash', 'tender') and p.credit = 'principal') then p.amount
                          else -p.amount end)::bigint as amount
            from ledger.document d join ledger.posting p on p.document = d.id and p.demand in ('tender', 'refund')
           where d.shift = shift_tenders.shift group by p.method) s $$;
