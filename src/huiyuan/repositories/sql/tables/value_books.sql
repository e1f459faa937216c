-- The books of stored value: the revenue that what is outstanding is compared with, where it is not that of the books.
set role huiyuan_owner;
create table shop.revenue_figure(year int primary key check (year between 2000 and 2200), amount_minor bigint not null check (amount_minor >= 0),
  services boolean not null default false,                -- services to residents: another part of it is the most
  by_staff int not null, at timestamptz not null default clock_timestamp());
-- As it was at a moment is asked of the lots of a wallet: their moves lie by account.
create index lot_move_account on ledger.lot_move(account);
reset role;
