-- Coupons: a series is a rule of the family `coupon`, its versions are published by two people; a code is a row here. Adds nullable
-- columns, types and tables: nothing of before is rewritten.
set role huiyuan_owner;
do $$                                                     -- one family more, whichever there are by now
declare
  v_families text := (select pg_get_constraintdef(c.oid) from pg_constraint c where c.conname = 'rule_family_check');
begin
  execute 'alter table shop.rule drop constraint rule_family_check';
  execute 'alter table shop.rule add constraint rule_family_check ' || replace(v_families, 'ARRAY[', 'ARRAY[''coupon''::text, ');
end $$;

-- A code is worth money to whoever shows it: the row knows its HMAC and the last four characters, the slip alone has it whole.
-- The version is that of the day it was given out: what was promised then holds until it expires.
create table shop.coupon(
  id bigint generated always as identity primary key,
  hmac bytea not null unique check (length(hmac) = 32), last text not null check (last ~ '^[0-9A-Z]{4}$'),
  rule int not null, version int not null, foreign key (rule, version) references shop.rule_version(rule, version),
  holder bigint references shop.member,                   -- null: whoever brings it
  issued_by uuid not null, issued_at timestamptz not null, issued_store int not null references shop.unit,
  starts_at timestamptz not null, expires_at timestamptz not null,
  used_by uuid, used_at timestamptz, used_on date, used_store int, used_member bigint,
  void_by uuid, voided_at timestamptz,
  check ((used_by is null) = (used_at is null)), check (used_by is null or void_by is null)) with (fillfactor = 80);
create index on shop.coupon(holder) where holder is not null;
create index on shop.coupon(rule, used_member) where used_by is not null;
create index on shop.coupon(used_by) where used_by is not null;
create index on shop.coupon(issued_by);

-- What each document did to a code; append-only, in the document's digest.
create table ledger.coupon_event(document uuid not null, coupon bigint not null references shop.coupon,
  what text not null, was bigint, now bigint,             -- issued, used, given_back, voided, transferred: whose it was, whose it is
  primary key (document, coupon));
create index on ledger.coupon_event(coupon);
create trigger no_change before update or delete on ledger.coupon_event for each row execute function ledger.deny();
create trigger no_truncate before truncate on ledger.coupon_event for each statement execute function ledger.deny();
alter table ledger.coupon_event enable always trigger no_change;
alter table ledger.coupon_event enable always trigger no_truncate;
revoke update, delete, truncate on ledger.coupon_event from huiyuan_owner;

create type ledger.coupon_in as (token text, last text, rule int, version int, holder bigint);
alter type ledger.draft add attribute coupons ledger.coupon_in[];
alter type ledger.adjustment_in add attribute coupon text;                -- the code's HMAC, hex
alter table ledger.adjustment add column coupon bigint references shop.coupon;

-- A chain that is there already: whoever approves gives coupons out within the same limit and voids them.
insert into sec.permission(duty, permission, limit_minor) select p.duty, 'coupon_issue', p.limit_minor from sec.permission p
 where p.permission = 'approve' on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'coupon_void' from sec.permission p
 where p.permission = 'approve' on conflict do nothing;
reset role;
