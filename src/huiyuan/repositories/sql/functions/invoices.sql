-- What of a receipt can be invoiced, and what is invoiced beyond it.

-- What an invoice of such a document says: goods and services with their tax, or money put on a prepaid card, without tax.
create or replace function shop.invoice_what(kind text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when kind in ('top_up', 'pass_sale') then 'prepaid'
              when kind in ('sale', 'exchange', 'card_issue', 'card_replacement', 'card_renewal', 'card_type_change', 'annual_fee')
                then 'goods' end $$;

-- What money pays: goods on account are invoiced with the goods, and so are goods paid ahead. Not what was invoiced when it was paid in
-- (stored value) or is invoiced by others (their cards and vouchers), and not what nobody paid (points, bonus).
create or replace function shop.invoice_money(kind text) returns text[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when kind in ('sale', 'exchange') then '{cash,tender,credit,advance}'::text[] else '{cash,tender}' end $$;

-- What settlements paid out of the lots that a top-up made, wherever they were carried.
create or replace function shop.topped_up_back(d ledger.document) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  with own as (select l.id from ledger.account a join ledger.lot l on l.account = a.id
                where a.wallet = d.wallet and a.kind = 'principal' and l.document = d.id),
  lots as (select o.id from own o union select l.id from own o join ledger.lot l on l.root = o.id)
  select coalesce(sum(-m.delta), 0)::bigint from lots l join ledger.lot_move m on m.lot = l.id
    join ledger.document x on x.id = m.document and x.kind = 'settlement'
   where not exists (select from ledger.reversed r where r.document = x.id) $$;

-- The money that a document took and that nothing which stands gave back.
create or replace function shop.invoiceable(d ledger.document) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_money text[] := shop.invoice_money(d.kind);
  v_left bigint;
begin
  if shop.invoice_what(d.kind) is null or exists (select from ledger.reversed r where r.document = d.id) then return 0; end if;
  select coalesce(sum(case when p.debit = any (v_money) then p.amount else 0 end - case when p.credit = any (v_money) then p.amount else 0 end), 0)
    into v_left
    from (select o.debit, o.credit, o.amount from ledger.posting o where o.document = d.id and o.demand in ('tender', 'rounding')
          union all
          select b.debit, b.credit, b.amount from ledger.document x join ledger.posting b on b.document = x.id
           where x.of = d.id and x.kind in ('return', 'exchange')
             and (b.demand = 'refund' or (b.demand = 'rounding' and x.kind = 'return'))
             and not exists (select from ledger.reversed r where r.document = x.id)) p;
  if d.kind = 'top_up' then v_left := v_left - shop.topped_up_back(d); end if;
  return greatest(v_left, 0);
end $$;

-- What stands against a document; of it, what was issued.
create or replace function shop.invoiced(document uuid, only_issued boolean) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(sum(i.amount_minor), 0)::bigint from shop.invoice i
   where i.document = invoiced.document and (i.state = 'issued' or (i.state = 'wanted' and not only_issued)) $$;

-- One at a time decides about the invoices of a document; taken before anything about them is read.
create or replace function shop.lock_invoices(document uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as
$$ begin perform pg_advisory_xact_lock(hashtextextended(document::text, 6)); end $$;

create or replace function shop.mark_due(document uuid) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_due boolean := shop.invoiced(document, true) > (select shop.invoiceable(d) from ledger.document d where d.id = mark_due.document);
begin
  update shop.invoice i set red_due = v_due where i.document = mark_due.document and i.state = 'issued' and i.red_due <> v_due;
end $$;

-- A return, an exchange, a reversal, a settlement: what it took back, and what that had taken back itself.
create or replace function shop.invoices_moved(moved ledger.document) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_document uuid;
begin
  for v_document in
    select x.document from (
      select moved.of union select o.of from ledger.document o where o.id = moved.of
      union select coalesce(r.document, l.document) from ledger.lot_move m join ledger.lot l on l.id = m.lot left join ledger.lot r on r.id = l.root
             where m.document = moved.id and exists (select from shop.invoice i where i.document = coalesce(r.document, l.document))) x(document)
     where x.document is not null order by x.document loop
    perform shop.lock_invoices(v_document);
    if exists (select from shop.invoice i where i.document = v_document) then perform shop.mark_due(v_document); end if;
  end loop;
end $$;
