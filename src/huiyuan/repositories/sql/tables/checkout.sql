-- Selling: points that pay, prices typed at the till, weighed goods. Adds columns with constant defaults: no table is rewritten.
set role huiyuan_owner;

alter table shop.tender drop constraint tender_account_check,
  add constraint tender_account_check check (account in ('cash', 'tender', 'stored', 'points'));
alter table shop.rule drop constraint rule_family_check,
  add constraint rule_family_check check (family in ('tier', 'promotion', 'points', 'bonus', 'fee', 'redeem'));

-- What a row of a document may say beside what it said on the first day.
alter type ledger.line_in add attribute open boolean;                     -- a price typed at the till
alter type ledger.adjustment_in add attribute list text,                  -- the price list that lowers the line
  add attribute name text;                                                -- what a discount by hand was given for
alter type ledger.tender_in add attribute points bigint, add attribute rule int, add attribute version int;

alter table ledger.line add column open boolean not null default false;
alter table ledger.adjustment add column list text, add column name text;
-- What a document earns and what it spends may lie in one lot: taken back, each finds its own moves by this.
alter table ledger.lot_move add column demand text;

-- Functions of the first day whose parameters are others now.
drop function if exists ledger.net_lots(uuid, bigint), ledger.take_from_lots(ledger.draft, bigint, bigint),
  ledger.new_lot(ledger.draft, bigint, bigint, timestamptz, uuid), ledger.take_points(ledger.draft, bigint, int, int, int);

-- A chain of the first day has its rows already; a new one brings its own.
insert into shop.tender(kind, account, reference) select 'points', 'points', false from shop.chain on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'open_price' from sec.permission p where p.permission = 'prices'
on conflict do nothing;
reset role;
