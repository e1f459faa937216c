-- Group-buy orders: goods at a price that more pieces in all make better. An order names published series of coupons as its tiers; whoever
-- takes part has a place with so many pieces, and leaves it without touching anybody else's. New tables, nothing of before is rewritten.
set role huiyuan_owner;

create table shop.group_order(
  id uuid primary key, store int not null references shop.unit, product int not null references shop.product,
  organiser bigint not null references shop.member, note text check (shop.clean(note, 60)),
  opened_at timestamptz not null default clock_timestamp(), opened_by int not null references sec.staff, closes_at timestamptz not null,
  -- How it ended: closed by the document that gave the coupons out, or called off with a reason.
  document uuid unique, reason text check (shop.clean(reason, 200)), ended_at timestamptz, ended_by int references sec.staff,
  check (closes_at > opened_at), check (document is null or reason is null),
  check ((ended_at is null) = (document is null and reason is null)), check ((ended_at is null) = (ended_by is null)));
create index on shop.group_order(store, opened_at, id);

-- From so many pieces in all, every piece has a code of this series.
create table shop.group_tier(
  group_order uuid not null references shop.group_order, from_milli bigint not null check (from_milli > 0 and from_milli % 1000 = 0),
  rule int not null references shop.rule, primary key (group_order, from_milli), unique (group_order, rule));

create table shop.group_place(
  id uuid primary key, group_order uuid not null references shop.group_order, member bigint not null references shop.member,
  qty_milli bigint not null check (qty_milli > 0 and qty_milli % 1000 = 0),
  joined_at timestamptz not null default clock_timestamp(), joined_by int not null references sec.staff,
  left_at timestamptz, left_by int references sec.staff, check ((left_at is null) = (left_by is null)));
create unique index group_place_standing on shop.group_place(group_order, member) where left_at is null;

alter type ledger.header_in add attribute group_order uuid;   -- of coupons given out: the order that they close

-- A chain that is there already: whoever signs members up keeps these orders. Closing one gives coupons out, within that limit.
insert into sec.permission(duty, permission, limit_minor) select p.duty, 'group_order', null from sec.permission p
 where p.permission = 'members' on conflict do nothing;
reset role;
