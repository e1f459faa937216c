-- What whoever sells goods has to mind: a least age of the customer, and a warning that is read at the scan.
set role huiyuan_owner;

alter table shop.product add column min_age int check (min_age between 1 and 99), add column warning text check (shop.clean(warning, 60));
alter type ledger.header_in add attribute age_checked int;   -- the customer is at least so old, somebody asked
reset role;
