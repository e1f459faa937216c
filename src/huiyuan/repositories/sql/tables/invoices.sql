-- Invoices (fapiao) that buyers ask for: of which receipt, how much of it, how far it is. The invoice itself is made in the system of the
-- tax office; here stands its number. The buyer's title and taxpayer number are sealed at the counter, bound to this invoice.
set role huiyuan_owner;
create table shop.invoice(
  id uuid primary key, document uuid not null, store int not null references shop.unit,
  buyer text not null check (buyer in ('person', 'company')),
  title bytea not null check (length(title) between 30 and 400), tax_no bytea check (length(tax_no) between 30 and 100),
  amount_minor bigint not null check (amount_minor > 0),
  state text not null default 'wanted' check (state in ('wanted', 'issued', 'red', 'withdrawn')),
  number text check (number ~ '^[0-9A-Z]{8,30}$'), red_number text check (red_number ~ '^[0-9A-Z]{8,30}$'),
  reason text check (shop.clean(reason, 200)),            -- why it was withdrawn
  red_due boolean not null default false,                 -- more is invoiced than the receipt still stands for
  turn int generated always as (case when red_due then 0 when state = 'wanted' then 1 else 2 end) stored,
  wanted_by int not null references sec.staff, wanted_at timestamptz not null default clock_timestamp(),
  issued_by int references sec.staff, issued_at timestamptz, closed_by int references sec.staff, closed_at timestamptz,
  check ((buyer = 'company') = (tax_no is not null)), check ((number is null) = (state in ('wanted', 'withdrawn'))),
  check ((red_number is not null) = (state = 'red')), check ((reason is not null) = (state = 'withdrawn')),
  check (not red_due or state = 'issued'));
create index on shop.invoice(document);
create index invoice_list on shop.invoice(store, turn, wanted_at desc, id desc);
create unique index invoice_number on shop.invoice(store, number);
create unique index invoice_red_number on shop.invoice(store, red_number);

-- What takes a document back moves what its invoices may stand for: in the same transaction, whoever posts it.
create function shop.invoice_moved() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$ begin perform shop.invoices_moved(new); return null; end $$;
create trigger invoice_moved after insert on ledger.document for each row
  when (new.of is not null or new.kind = 'settlement') execute function shop.invoice_moved();

insert into sec.permission(duty, permission) select p.duty, 'invoice' from sec.permission p where p.permission = 'sale'
on conflict do nothing;
reset role;
