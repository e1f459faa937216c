-- What every posting did to stored value, one row a wallet's part of it, in the store where it was posted: recharged, granted, consumed,
-- refunded and the rest, with who rang it up and the rule that gave a bonus. The rows of a store add up to what its documents moved on the
-- accounts. Of the stores that whoever asks may read; nothing of the customer.
create or replace view api.value_moves with (security_barrier) as
  select p.document, p.n, x.sign, d.store, d.business_date, d.posted_at, d.kind, d.result->>'receipt' as receipt, f.number as staff_number,
         f.name as who, (select r.name from shop.rule r where r.id = g.rule) as rule, x.part,
         case when x.other in ('principal', 'bonus') then 'moved'
              when x.other in ('cash', 'tender', 'prepaid', 'voucher')
                then case when (x.sign > 0) <> (d.kind = 'reversal') then 'sold' else 'refunded' end
              when x.other = 'bonus_granted' then case when (x.sign > 0) <> (d.kind = 'reversal') then 'granted' else 'forfeited' end
              when x.other in ('correction', 'opening') then 'corrected' else 'consumed' end as what,
         x.sign * p.amount as amount_minor
    from ledger.document d
    join ledger.posting p on p.document = d.id and (p.debit in ('principal', 'bonus') or p.credit in ('principal', 'bonus'))
   cross join lateral (values (p.credit, p.debit, 1), (p.debit, p.credit, -1)) x(part, other, sign)
    left join lateral (                                   -- money comes under the rule that gave the bonus of its document
      select q.rule from ledger.posting q where q.document = d.id and 'bonus_granted' in (q.debit, q.credit) and q.rule is not null
         and x.other in ('cash', 'tender', 'prepaid', 'voucher', 'bonus_granted') and (x.other <> 'bonus_granted' or q.n = p.n)
       order by q.n limit 1) g on true
    left join sec.staff f on f.id = d.rung_by
   where x.part in ('principal', 'bonus') and d.store = any ((select api.my_stores())::int[]);
grant select on api.value_moves to huiyuan_terminal, huiyuan_report;
