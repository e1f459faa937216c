-- Master data: the chain, its units, members, cards, goods, prices, rules.
set role huiyuan_owner;

create table shop.chain(
  id int primary key default 1 check (id = 1),
  uid uuid not null default gen_random_uuid(),            -- goes into the salts of staff and card PINs
  name text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  minor_digits int not null default 2 check (minor_digits between 0 and 3),
  time_zone text not null,
  cutover_minutes int not null default 0 check (cutover_minutes between 0 and 720),   -- after midnight, still yesterday's business
  demo boolean not null default false,
  price_grace_s int not null default 600 check (price_grace_s between 0 and 3600),
  pin_floor_minor bigint not null default 10000,          -- above this in one sale a card PIN is asked
  pin_floor_day_minor bigint not null default 30000,      -- and above this in one business day
  spend_policy text not null default 'principal_first' check (spend_policy in ('principal_first', 'bonus_first', 'pro_rata')),
  put_back_days int not null default 30,                  -- least term of a lot that a reversal puts back after it expired
  created_at timestamptz not null default now());

create table shop.unit(
  id int generated always as identity primary key,
  parent int references shop.unit,
  kind text not null check (kind in ('headquarters', 'region', 'store')),
  code text not null unique check (code ~ '^[A-Z0-9]{1,8}$'),
  name text not null,
  time_zone text);                                        -- null: the chain's
create table shop.setting(unit int not null references shop.unit, key text not null, value jsonb not null, primary key (unit, key));

create table shop.drawer(id int generated always as identity primary key, store int not null references shop.unit, name text not null);

create table shop.tier(id int generated always as identity primary key, code text not null unique, name text not null, rank int not null unique);
create table shop.member(
  id bigint generated always as identity primary key,
  number text not null unique,
  kind text not null default 'person' check (kind in ('person', 'company')),
  name text not null,
  tier int not null references shop.tier,
  home_store int references shop.unit,
  joined_at timestamptz not null default now(),
  archived_at timestamptz,
  version int not null default 1);

create table shop.card_type(
  id int generated always as identity primary key, code text not null unique, name text not null,
  registered boolean not null,                            -- a registered card's principal never expires (MOFCOM order 9/2012)
  balance_max_minor bigint not null check (balance_max_minor >= 0));
create table shop.wallet(id bigint generated always as identity primary key, member bigint references shop.member,
  pin_verifier bytea, opened_at timestamptz not null default now());
create table shop.card(
  id bigint generated always as identity primary key,
  number text not null unique,
  type int not null references shop.card_type,
  state text not null check (state in ('blank', 'issued', 'active', 'frozen', 'lost', 'closed')),
  wallet bigint references shop.wallet,
  holder bigint references shop.member,
  replaced_by bigint references shop.card,
  check ((state = 'blank') = (wallet is null)));
create index on shop.card(wallet);
create table shop.card_token(
  kind text not null check (kind in ('number', 'barcode', 'magstripe', 'uid', 'ndef')),
  hmac bytea not null, card bigint not null references shop.card,
  valid_from timestamptz not null default now(), valid_to timestamptz, primary key (kind, hmac));

create table shop.tax(code text primary key, rate_bp int not null check (rate_bp between 0 and 10000));
create table shop.product(
  id int generated always as identity primary key,
  code text not null unique,
  name text not null,
  kind text not null default 'goods' check (kind in ('goods', 'service')),
  base_unit text not null default 'piece',
  tax_code text not null references shop.tax,
  active boolean not null default true,
  version int not null default 1);
create table shop.barcode(code text primary key, product int not null references shop.product, qty_milli bigint not null default 1000);
create table shop.price(
  id bigint generated always as identity primary key,
  product int not null references shop.product,
  list text not null default 'retail',
  store int references shop.unit,                         -- null: every store that has no price of its own
  valid_from timestamptz not null default now(),
  valid_to timestamptz,
  amount_minor bigint not null check (amount_minor >= 0),
  published_by int,
  check (valid_to > valid_from));
create index on shop.price(product, list, valid_from);

-- A tender says which account takes it; stored value is expanded by the door.
create table shop.tender(kind text primary key, account text not null check (account in ('cash', 'tender', 'stored')),
  reference boolean not null default false, active boolean not null default true);

create table shop.rule(id int generated always as identity primary key,
  family text not null check (family in ('tier', 'promotion', 'points', 'bonus', 'fee')), name text not null);
create table shop.rule_version(
  rule int not null references shop.rule,
  version int not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  stores int[],                                           -- null: every store
  tiers int[],                                            -- null: every tier, and no member at all
  max_bp int check (max_bp between 0 and 10000),          -- of a line's value (tier, promotion); of the top-up (bonus)
  max_line_minor bigint,
  max_document_minor bigint,
  points_rate int check (points_rate >= 0),               -- points per 10,000 minor units paid
  min_minor bigint not null default 0,                    -- least total for which the rule holds
  amount_minor bigint,                                    -- a fee
  term_days int check (term_days > 0),                    -- life of the lot that a grant makes; null: no expiry
  body jsonb not null default '{}',
  published_by int, approved_by int, published_at timestamptz not null default now(),
  primary key (rule, version),
  check (valid_to > valid_from), check (published_by is null or published_by is distinct from approved_by));
create table shop.rule_proposal(                          -- inactive until another person approves it
  id bigint generated always as identity primary key,
  rule int references shop.rule, version int,             -- null: a new rule; filled when it is approved
  family text not null, name text not null, terms jsonb not null,
  by_staff int not null, at timestamptz not null default clock_timestamp(),
  decided_by int, decided_at timestamptz);
-- Two versions of one rule, or two prices of one key, never hold at the same moment.
alter table shop.rule_version add constraint rule_version_overlap
  exclude using gist (int4range(rule, rule, '[]') with &&, tstzrange(valid_from, valid_to) with &&);
alter table shop.price add constraint price_overlap
  exclude using gist (int4range(product, product, '[]') with &&, int8range(hashtext(list), hashtext(list), '[]') with &&,
                      int4range(coalesce(store, 0), coalesce(store, 0), '[]') with &&, tstzrange(valid_from, valid_to) with &&);

-- Text from outside: the last of three walls. No control, no bidirectional override, no invisible character, NFC, trimmed.
create function shop.clean(value text, most int) returns boolean language sql immutable set search_path = pg_catalog, pg_temp as
$$ select value !~ '[\u0001-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\u3164\ufeff]'
     and value = normalize(value, NFC) and value = btrim(value) and length(value) between 1 and most $$;
alter table shop.chain add check (shop.clean(name, 64));
alter table shop.unit add check (shop.clean(name, 64));
alter table shop.member add check (shop.clean(name, 64)), add check (shop.clean(number, 32));
alter table shop.product add check (shop.clean(name, 120)), add check (shop.clean(code, 32));
alter table shop.card add check (shop.clean(number, 32));
alter table shop.rule add check (shop.clean(name, 64));
alter table shop.tier add check (shop.clean(name, 64));
reset role;
