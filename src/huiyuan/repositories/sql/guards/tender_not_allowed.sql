-- The tender is known, in use, and has a pair in this kind's table; stored value and points name their wallet.
create or replace function guard.tender_not_allowed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('tender', t.kind) from unnest(d.tenders) t left join shop.tender x on x.kind = t.kind and x.active
    where x.kind is null or (x.account in ('stored', 'points', 'credit', 'advance')) <> (t.wallet is not null)
       or not exists (select from ledger.kind_pair q where q.kind = (d.kind).kind and q.demand = 'tender'
                       
                       and case (d.kind).takes_back when 'goods' then q.credit else q.debit end
                          = case x.account when 'stored' then 'principal' when 'points' then 'points_redeemed'
                                       else x.account end) limit 1);
end $$;
