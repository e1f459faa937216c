-- Who a member is: personal data (sealed by the counter), notes, consents, every change, and who looked at what.
-- New columns have constant defaults, so nothing is rewritten. Postings wait while the index over documents is built; without it
-- the purchases of one member would be looked for among everybody's.
set role huiyuan_owner;

alter table shop.member
  add column source text not null default 'counter' check (source in ('counter', 'call_centre', 'website', 'import')),
  add column created_store int references shop.unit,
  add column created_by int references sec.staff,
  add column doubts text[] not null default '{}',         -- why somebody should look at the record again; empty: nobody has to
  add column id_no_index bytea check (length(id_no_index) = 32);
-- One account a person: an archived one does not stand in the way.
create unique index member_id_no on shop.member(id_no_index) where archived_at is null;
create index member_doubtful on shop.member(id) where doubts <> '{}';
create index on shop.wallet(member);
create index card_blank on shop.card(type) where state = 'blank';
create index document_wallet on ledger.document(wallet, business_date, id) where wallet is not null;

-- A sealed value is key version (1 byte), nonce (12), AES-256-GCM of the text and its tag, bound to member and field: see
-- repositories/sealing.py. What is shown of it (a mask) is sealed as well; the phone's stands in shop.member_search.
create table shop.personal(
  member bigint primary key references shop.member,
  gender text check (gender in ('male', 'female')),
  birth_calendar text check (birth_calendar in ('solar', 'lunar')),
  birth_year int check (birth_year between 1900 and 2200),
  birth_month int check (birth_month between 1 and 12),
  birth_day int check (birth_day between 1 and 31),
  birth_leap boolean not null default false,              -- a lunar month that came twice in its year
  phone bytea, id_no bytea, id_no_shown bytea, address bytea,
  check ((id_no is null) = (id_no_shown is null)), check (coalesce(length(phone), 30) between 30 and 200),
  check (coalesce(length(id_no), 30) between 30 and 200 and coalesce(length(id_no_shown), 30) between 30 and 200),
  check (coalesce(length(address), 30) between 30 and 1000),
  check ((birth_calendar is null) = (birth_month is null) and (birth_month is null) = (birth_day is null)),
  check (birth_calendar = 'lunar' or not birth_leap), check (birth_calendar is distinct from 'solar' or birth_year is not null));

create table shop.member_note(
  id bigint generated always as identity primary key,
  member bigint not null references shop.member,
  text text not null check (shop.clean(text, 200)),
  pops_up boolean not null default false,                 -- shown before anything else when the member is opened
  staff int not null references sec.staff, store int not null references shop.unit,
  at timestamptz not null default clock_timestamp(),
  removed_by int references sec.staff, removed_at timestamptz);
create index on shop.member_note(member);

-- What the member agreed to; the last row of a purpose holds.
create table shop.consent(
  id bigint generated always as identity primary key,
  member bigint not null references shop.member,
  purpose text not null check (purpose in ('marketing')),
  given boolean not null,
  staff int not null references sec.staff, store int not null references shop.unit,
  at timestamptz not null default clock_timestamp());
create index on shop.consent(member, purpose, id);

-- Before and after of every change. Never a personal value in clear: names are masked, what is sealed stays sealed. It goes
-- when the member is erased, so it is no part of the audit.
create table shop.member_change(
  id bigint generated always as identity primary key,
  member bigint not null references shop.member,
  at timestamptz not null default clock_timestamp(),
  staff int not null references sec.staff, terminal int not null, store int not null references shop.unit,
  checked text check (checked in ('id_document', 'card_pin', 'call_back')),   -- how the person was known for who he is
  request uuid unique,                                    -- the same save sent again is found by it
  before jsonb not null, after jsonb not null);
create index on shop.member_change(member, id);

-- Who asked for a value in full and why: a row that is committed before the value is handed out.
create table sec.reveal(
  id uuid primary key, member bigint not null, field text not null check (field in ('phone', 'id_no', 'address')),
  reason text not null check (shop.clean(reason, 200)),
  staff int not null, terminal int not null, session bigint not null,
  at timestamptz not null default clock_timestamp(), xid xid8 not null default pg_current_xact_id(), used_at timestamptz);
create index on sec.reveal(staff, at);

-- The new permissions go to the duties that decide today; from now on they are given like any other.
insert into sec.permission(duty, permission)
select p.duty, w.permission from sec.permission p cross join (values ('reveal'), ('member_tier')) w(permission) where p.permission = 'approve'
on conflict do nothing;
reset role;
