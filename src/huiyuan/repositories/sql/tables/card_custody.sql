-- Blank cards are money to be: which store has which numbers, who handed them to whom, how many were counted. Adds nullable columns.
set role huiyuan_owner;
alter table shop.card
  add column store int references shop.unit,              -- where a blank one lies; null: nobody has counted it in yet
  add column in_transit boolean not null default false;   -- handed to that store and not received there
create index card_custody on shop.card(store, type) where state = 'blank';
create type ledger.range_in as (first text, last text, count bigint, unit int);
alter type ledger.draft add attribute ranges ledger.range_in[];

-- What a document did to a range of numbers; `expected` is how many there should be where somebody counted.
create table ledger.card_custody(document uuid not null, n int not null, what text not null, first text not null, last text not null,
  store_from int, store_to int, count bigint not null, expected bigint, primary key (document, n));
create index on ledger.card_custody(store_to);
create index on ledger.card_custody(store_from);
create trigger no_change before update or delete on ledger.card_custody for each row execute function ledger.deny();
create trigger no_truncate before truncate on ledger.card_custody for each statement execute function ledger.deny();
alter table ledger.card_custody enable always trigger no_change;
alter table ledger.card_custody enable always trigger no_truncate;
revoke update, delete, truncate on ledger.card_custody from huiyuan_owner;
reset role;
