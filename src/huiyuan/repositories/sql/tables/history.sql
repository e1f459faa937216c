-- What history needs beyond what a counter posts.
-- A line of the past may state a quantity of nothing (a deposit, a correction); what a till posts has more than that: guard.arithmetic.
set role huiyuan_owner;
alter table ledger.line drop constraint line_qty_milli_check, add constraint line_qty_milli_check check (qty_milli >= 0);

-- One document of a batch, read once. `state`: null while it is to be posted, known where it stands already, else its refusal.
create type ledger.history_row as (ord int, id uuid, body jsonb, fingerprint bytea, kind text, store int, terminal int, number bigint,
  occurred_at timestamptz, business_date date, wallet bigint, total_minor bigint);
reset role;
