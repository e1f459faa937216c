-- What a person should be asked about, one row each: voids, goods taken off a basket, drawers opened without a sale, prices typed over the
-- list's, discounts by hand. Of the stores that whoever asks may read; the person's name and number, nothing of the customer.
create or replace view api.till_events with (security_barrier) as
  select e.what, e.document, d.store, d.business_date, f.number as staff_number, f.name as who, e.amount_minor
    from (select 'void' as what, v.id as document, v.rung_by as staff, v.total_minor as amount_minor
            from ledger.document v where v.kind = 'reversal'
          union all
          select 'removed', r.document, r.staff, r.value_minor from ledger.removed r
          union all
          select 'no_sale', n.id, n.rung_by, 0 from ledger.document n where n.kind = 'no_sale'
          union all
          select 'price', l.document, s.rung_by, l.total_minor from ledger.line l
            join shop.product p on p.id = l.product and not p.open_price join ledger.document s on s.id = l.document where l.open
          union all
          select 'discount', a.document, s.rung_by, a.amount_minor from ledger.adjustment a
            join ledger.document s on s.id = a.document where a.source = 'manual') e
    join ledger.document d on d.id = e.document
    left join sec.staff f on f.id = e.staff
   where d.store = any ((select api.my_stores())::int[]);
grant select on api.till_events to huiyuan_terminal, huiyuan_report;
