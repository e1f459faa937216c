-- Promotions: the bounds of a version as columns, holidays as rows, what a company buys at wholesale. Adds nullable columns and
-- constants: no table is rewritten.
set role huiyuan_owner;

-- A company's dealer level: the price list of that name is open to it.
create table shop.dealer_level(
  code text primary key check (code ~ '^[a-z][a-z0-9_]{0,15}$' and code not in ('retail', 'member')),
  name text not null check (shop.clean(name, 64)));
alter table shop.member add column dealer text references shop.dealer_level,
  add constraint dealer_is_company check (dealer is null or kind = 'company') not valid;
alter table shop.member validate constraint dealer_is_company;

-- Public holidays as they were published, year by year: the next year's are not known before its notice, and no library knows better.
create table shop.holiday(day date primary key, name text not null check (shop.clean(name, 64)));
create table shop.holiday_year(year int primary key check (year between 2000 and 2100));

-- The door makes them out of the body when a version is published, so that body and bounds cannot disagree.
alter table shop.rule_version
  add column bounded boolean not null default false,      -- the columns below say something
  add column pass text check (pass in ('line', 'basket')),
  add column combine text check (combine in ('exclusive', 'best', 'stack')),
  add column with_member boolean,                         -- false: it takes the place of a member's price
  add column products int[],                              -- goods in scope: whatever one of the three names; all null: all
  add column categories int[],                            -- with all below them, as they stood when it was published
  add column brands text[],
  add column but int[],
  add column goods text check (goods in ('goods', 'service')),
  add column max_unit_minor bigint,                       -- most off a base unit
  add column needs int[],                                 -- what has to be in the basket for a gift
  add column of_milli bigint,                             -- a set; for every whole one
  add column give_milli bigint,                           -- at most so much is covered
  add column left_minor bigint,                           -- and at least so much left to pay
  add column part_milli bigint[],                         -- what a set holds of each of products
  add column step_from bigint[], add column step_minor bigint[], add column step_bp int[], add column repeats boolean,
  add column max_qty_milli bigint,                        -- most a sale has of it
  add column day_qty_milli bigint,                        -- most a member has of it in a business day
  add column first_order boolean,
  add column weekdays int[], add column from_minute int, add column to_minute int, add column days date[], add column not_holidays boolean;

alter type ledger.adjustment_in add attribute qty_milli bigint;           -- how much of the line a promotion covers
alter table ledger.adjustment add column qty_milli bigint;

insert into shop.holiday_year values (2025), (2026);
insert into shop.holiday(day, name)
  select d::date, h.name from (values
    ('元旦', '2025-01-01', '2025-01-01'), ('春节', '2025-01-28', '2025-02-04'), ('清明节', '2025-04-04', '2025-04-06'),
    ('劳动节', '2025-05-01', '2025-05-05'), ('端午节', '2025-05-31', '2025-06-02'), ('国庆节、中秋节', '2025-10-01', '2025-10-08'),
    ('元旦', '2026-01-01', '2026-01-03'), ('春节', '2026-02-15', '2026-02-23'), ('清明节', '2026-04-04', '2026-04-06'),
    ('劳动节', '2026-05-01', '2026-05-05'), ('端午节', '2026-06-19', '2026-06-21'), ('中秋节', '2026-09-25', '2026-09-27'),
    ('国庆节', '2026-10-01', '2026-10-07')) h(name, first, last)
   cross join generate_series(h.first::timestamp, h.last::timestamp, interval '1 day') d;
reset role;
