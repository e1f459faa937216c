-- Goods that come with a top-up, and the receipt of a purchase that entitles to a rule. A new table and new keys, nothing of before is
-- rewritten.
set role huiyuan_owner;

create type ledger.gift_in as (product int, qty_milli bigint, rule int, version int);
alter type ledger.draft add attribute gifts ledger.gift_in[];
alter type ledger.header_in add attribute bought uuid;        -- of a top-up: the sale whose receipt entitles to what its rule gives

-- Which sale entitled which top-up: one that stands has no second one. Append-only, in the digest of the top-up.
create table ledger.entitlement(document uuid primary key, sale uuid not null);
create index on ledger.entitlement(sale);
create trigger no_change before update or delete on ledger.entitlement for each row execute function ledger.deny();
create trigger no_truncate before truncate on ledger.entitlement for each statement execute function ledger.deny();
alter table ledger.entitlement enable always trigger no_change;
alter table ledger.entitlement enable always trigger no_truncate;
revoke update, delete, truncate on ledger.entitlement from huiyuan_owner;
reset role;
