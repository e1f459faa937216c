-- Who asks: terminals (login roles), staff, their sessions, guesses, approvals, the audit.
set role huiyuan_owner;

create table sec.schema_version(version int primary key, at timestamptz not null default now());
create table sec.pepper(id int primary key default 1 check (id = 1), k bytea not null check (length(k) = 32));

create table sec.terminal(
  id int generated always as identity primary key,
  role name not null unique,                              -- session_user of this seat, and CN of its certificate
  store int not null references shop.unit,
  code text not null check (code ~ '^[0-9]{1,3}$'),
  drawer int references shop.drawer,
  active boolean not null default true,
  number bigint not null default 0,                       -- highest receipt sequence posted
  chain_seq bigint not null default 0,
  head bytea not null default '\x',
  enrolled_at timestamptz not null default now(),
  unique (store, code)) with (fillfactor = 40);

-- A login that only reports: no seat, no session, rows of its units under row-level security.
create table sec.reader(role name primary key, units int[] not null check (cardinality(units) > 0), active boolean not null default true);

create table sec.duty(code text primary key, name text not null);        -- a role that staff hold
create table sec.permission(duty text not null references sec.duty, permission text not null,
  limit_minor bigint,                                     -- most a document may total; null: no limit
  limit_bp int,                                           -- most of a line's value a manual discount may take
  primary key (duty, permission));
create table sec.staff(
  id int generated always as identity primary key,
  number text not null unique check (number ~ '^[0-9]{2,8}$'),
  name text not null check (shop.clean(name, 64)),
  duty text not null references sec.duty,
  units int[] not null check (cardinality(units) > 0),    -- a unit stands for everything below it
  verifier bytea not null check (length(verifier) = 32),
  active boolean not null default true,
  pin_changed_at timestamptz not null default now(),
  version int not null default 1);

create table sec.session(
  id bigint generated always as identity primary key,
  staff int not null references sec.staff,
  terminal int not null references sec.terminal,
  opened_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null default clock_timestamp() + interval '12 hours',
  closed_at timestamptz,
  resume_hash bytea not null unique);
create index on sec.session(terminal, id);
create table sec.attached(pid int primary key, backend_start timestamptz not null, session bigint not null references sec.session);

-- A guess is a row that an earlier transaction committed before anything depends on whether it is right: a client may wrap
-- anything in begin and rollback, and it can read the log position and the counters of its own transaction.
create table sec.sign_in_attempt(
  id uuid primary key, staff_number text not null, terminal int not null, pid int not null default pg_backend_pid(),
  at timestamptz not null default clock_timestamp(), xid xid8 not null default pg_current_xact_id(),
  guess bytea not null, used_at timestamptz);
create index on sec.sign_in_attempt(staff_number, at);
create index on sec.sign_in_attempt(terminal, at);
create table sec.pin_attempt(
  id uuid primary key, wallet bigint not null, document uuid not null, terminal int not null,
  at timestamptz not null default clock_timestamp(), xid xid8 not null default pg_current_xact_id(),
  guess bytea not null);
create index on sec.pin_attempt(wallet, at);

-- Four eyes: an approval signs this document with exactly this content.
create table sec.proposal(
  document uuid not null, fingerprint bytea not null, shape int not null, body jsonb not null,
  kind text not null, total_minor bigint not null, terminal int not null, store int not null,
  by_staff int not null references sec.staff, at timestamptz not null default clock_timestamp(),
  ok_staff int references sec.staff, ok_terminal int, ok_at timestamptz, declined_at timestamptz,
  primary key (document, fingerprint),
  constraint four_eyes check (ok_staff is null or ok_staff <> by_staff));
create index on sec.proposal(store, at);

create table sec.audit(
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  terminal int, staff int, what text not null, document uuid, facts jsonb not null default '{}');
create index on sec.audit(at);
create table sec.backup(id bigint generated always as identity primary key, at timestamptz not null default clock_timestamp(),
  digest bytea not null, bytes bigint not null, entries bigint not null);
reset role;
