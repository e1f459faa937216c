-- Sales while the line was away: what came in late, and what a person still has to look at because the world moved meanwhile.
set role huiyuan_owner;

alter type ledger.header_in add attribute offline_at timestamptz;        -- since when the counter could ask nobody
alter type ledger.draft add attribute late boolean;                      -- its shift was closed meanwhile
alter type ledger.draft add attribute unearned bigint;                   -- points that were promised and are not booked

-- Cash that a late sale brings was counted already when its shift was closed: it lies among what was over.
create table sec.late_shift(shift uuid primary key, of uuid not null unique);

create table sec.offline_sale(document uuid primary key, terminal int not null, store int not null, offline_at timestamptz not null,
  occurred_at timestamptz not null, posted_at timestamptz not null, cash_minor bigint not null check (cash_minor >= 0));
create index on sec.offline_sale(terminal, posted_at);
-- One row a thing that differed at the return of the line; it is shown until somebody with a name says what was done.
create table sec.review(document uuid not null, n int not null, store int not null, what text not null, amount_minor bigint, facts jsonb not null,
  at timestamptz not null, primary key (document, n));
create index on sec.review(store, at);
create table sec.review_decided(document uuid not null, n int not null, staff int not null, terminal int not null,
  reason text not null check (shop.clean(reason, 200)), at timestamptz not null default clock_timestamp(), primary key (document, n));
do $$
declare t text;
begin
  foreach t in array array['sec.late_shift', 'sec.offline_sale', 'sec.review', 'sec.review_decided'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;
reset role;
