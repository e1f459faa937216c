-- After all kinds.
-- A reversal may post the mirror of whatever a reversible kind posts. What a debt of points took over may lie on either account.
insert into ledger.kind_pair(kind, demand, debit, credit)
select distinct 'reversal', p.demand, m.debit, m.credit from ledger.kind_pair p join ledger.kind k on k.kind = p.kind and k.reversible
 cross join lateral (values (p.credit, p.debit),
                            (case p.credit when 'points' then 'points_debt' end, p.debit),
                            (p.credit, case p.debit when 'points_debt' then 'points' end)) m(debit, credit)
 where m.debit is not null and m.credit is not null
on conflict do nothing;
