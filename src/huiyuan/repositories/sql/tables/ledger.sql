-- What was posted (append-only) and what stands (locked in one order). docs/LEDGER.md explains it.
set role huiyuan_owner;

-- What is allowed: rows, not code.
create table ledger.account_kind(
  kind text primary key,
  normal text not null check (normal in ('debit', 'credit')),
  owner text not null check (owner in ('wallet', 'drawer', 'store')),   -- store: an open account, no row of its own
  unit text not null check (unit in ('money', 'point')),
  lots boolean not null default false,
  merges boolean not null default false);                 -- lots of one expiry become one lot
create table ledger.kind(
  kind text primary key,
  family text not null default 'live' check (family in ('live', 'history')),
  permission text not null,
  sections text[] not null,
  required text[] not null,
  contra text references ledger.account_kind,             -- what tenders or corrections move against
  takes_back text check (takes_back in ('whole', 'lines')),
  counts text check (counts in ('open', 'close')),
  guards text[] not null,                                 -- in this order; each is named for its refusal
  card_moves text[] not null default '{}',
  stock_from text, stock_to text,                         -- places; 'store' is the terminal's own
  needs_shift boolean not null default true,
  reversible boolean not null default false,
  needs_reason boolean not null default false,
  approval_above_minor bigint);                           -- null: never; 0: always
create table ledger.kind_pair(kind text not null references ledger.kind, demand text not null,
  debit text not null references ledger.account_kind, credit text not null references ledger.account_kind,
  primary key (kind, demand, debit, credit));
create table ledger.section(name text primary key, keys text[] not null, needed text[] not null);

-- What was posted. A UUIDv7 sorts by time, so every key that starts with it can be partitioned by month.
create table ledger.document(
  id uuid primary key, kind text not null references ledger.kind, shape int not null,
  store int not null references shop.unit, terminal int not null references sec.terminal, number bigint not null, chain_seq bigint not null,
  session bigint, rung_by int references sec.staff, posted_by int references sec.staff, approved_by int references sec.staff,
  shift uuid, wallet bigint, of uuid, total_minor bigint not null,
  occurred_at timestamptz not null, posted_at timestamptz not null, business_date date not null,
  fingerprint bytea not null, body jsonb not null, result jsonb not null, head bytea not null,
  unique (terminal, chain_seq), unique (terminal, number));
create index on ledger.document(shift);
create index on ledger.document(of) where of is not null;
create index on ledger.document(store, business_date);
create table ledger.line(document uuid not null, n int not null, store int not null, product int not null,
    qty_milli bigint not null check (qty_milli > 0),
  price_minor bigint not null, value_minor bigint not null, total_minor bigint not null check (total_minor >= 0),
  tax_code text not null, of_line int, primary key (document, n));
create table ledger.adjustment(document uuid not null, n int not null, line int not null, source text not null, rule int, version int,
  amount_minor bigint not null check (amount_minor > 0), primary key (document, n));
create table ledger.posting(document uuid not null, n int not null, store int not null, demand text not null, unit text not null,
  debit text not null, debit_ref bigint not null, credit text not null, credit_ref bigint not null,
  amount bigint not null check (amount > 0), method text, reference text, rule int, version int, of_n int, primary key (document, n));
create table ledger.entry(account bigint not null, seq bigint not null, document uuid not null, delta bigint not null check (delta <> 0),
  balance bigint not null, posted_at timestamptz not null, business_date date not null, hash bytea not null, primary key (account, seq));
create table ledger.lot_move(document uuid not null, n int not null, lot bigint not null, account bigint not null,
  delta bigint not null check (delta <> 0), of uuid, primary key (document, n));
create index on ledger.lot_move(lot);
create index on ledger.lot_move(of) where of is not null;
create table ledger.stock_move(document uuid not null, n int not null, product int not null, store int not null, qty_milli bigint not null,
  place_from text not null, place_to text not null, cost_minor bigint, primary key (document, n));
create index on ledger.stock_move(product, store);
create table ledger.card_event(document uuid not null, card bigint not null, was text not null, now text not null, wallet bigint,
  primary key (document, card));
create index on ledger.card_event(card);
create table ledger.reversed(document uuid primary key, by uuid not null);
create table ledger.outbox(id bigint generated always as identity primary key, document uuid not null, body jsonb not null);

-- What stands.
create table ledger.account(
  id bigint generated always as identity primary key,
  kind text not null references ledger.account_kind, unit text not null,
  wallet bigint references shop.wallet, drawer int references shop.drawer,
  limit_minor bigint not null default 0 check (limit_minor >= 0),
  balance bigint not null default 0, seq bigint not null default 0, head bytea not null default '\x',
  check ((wallet is null) <> (drawer is null)), unique (wallet, kind), unique (drawer, kind),
  constraint below_limit check (balance >= -limit_minor)) with (fillfactor = 60);
create table ledger.lot(
  id bigint generated always as identity primary key, account bigint not null references ledger.account,
  kind text not null, document uuid not null, store int not null, staff int, expires_at timestamptz,
  amount bigint not null, remaining bigint not null,
  constraint principal_never_expires check (kind <> 'principal' or expires_at is null),   -- MOFCOM order 9/2012, registered cards
  constraint lot_bounds check (remaining between 0 and amount)) with (fillfactor = 70);
create index on ledger.lot(account, expires_at, id);
create table ledger.on_hand(store int not null references shop.unit, product int not null references shop.product,
  qty_milli bigint not null, primary key (store, product)) with (fillfactor = 60);
create table ledger.returned(document uuid not null, line int not null, qty_milli bigint not null check (qty_milli >= 0),
  amount_minor bigint not null check (amount_minor >= 0), primary key (document, line));
create table ledger.shift(
  id uuid primary key, drawer int not null references shop.drawer, store int not null, number int not null,
  opened_at timestamptz not null, opened_by int not null, closed_at timestamptz, closed_by_document uuid, unique (drawer, number));
create unique index shift_open on ledger.shift(drawer) where closed_at is null;

-- Append-only means also for the owner, and also under session_replication_role = replica.
create function ledger.deny() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as
$$ begin raise exception '% is append-only', tg_table_name using errcode = 'HY002'; end $$;
do $$
declare t text;
begin
  foreach t in array array['ledger.document', 'ledger.line', 'ledger.adjustment', 'ledger.posting', 'ledger.entry', 'ledger.lot_move',
      'ledger.stock_move', 'ledger.card_event', 'sec.audit'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;
reset role;
