-- The last wall: whatever the demands expanded to, each posting is a row of the kind's own table.
create or replace function guard.pair_not_allowed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('demand', p.demand, 'debit', p.debit, 'credit', p.credit) from unnest(d.postings) p
    where p.amount <= 0 or p.debit_ref = 0 or p.credit_ref = 0
       or not exists (select from ledger.kind_pair q where q.kind = (d.kind).kind and q.demand = p.demand and q.debit = p.debit
           and q.credit = p.credit) limit 1);
end $$;
