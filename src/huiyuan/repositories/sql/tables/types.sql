-- The shape of a document's sections, as the counter sends them, and the draft that the door carries from step to step.
set role huiyuan_owner;
create type ledger.line_in as (n int, product int, qty_milli bigint, price_minor bigint, value_minor bigint, total_minor bigint, of int);
create type ledger.adjustment_in as (line int, source text, rule int, version int, amount_minor bigint);
create type ledger.tax_in as (code text, rate_bp int, base_minor bigint, amount_minor bigint);
create type ledger.tender_in as (kind text, amount_minor bigint, given_minor bigint, wallet bigint, reference text);
create type ledger.grant_in as (kind text, rule int, version int, amount bigint);
create type ledger.fee_in as (code text, rule int, version int, amount_minor bigint);
create type ledger.proof_in as (wallet bigint, token_kind text, token text, pin_attempt uuid);
create type ledger.card_in as (card bigint, was text, now text, holder bigint, wallet bigint);
create type ledger.stock_in as (product int, qty_milli bigint, cost_minor bigint);
create type ledger.correction_in as (account text, amount bigint);
create type ledger.header_in as (kind text, session bigint, number bigint, occurred_at timestamptz, priced_at timestamptz, shift uuid, wallet bigint,
  of uuid, reason text, counted_minor bigint, total_minor bigint, store int);

create type ledger.posting_row as (n int, demand text, unit text, debit text, debit_ref bigint, credit text, credit_ref bigint, amount bigint,
  method text, reference text, rule int, version int, of_n int);
create type ledger.stock_row as (product int, qty_milli bigint, place_from text, place_to text, cost_minor bigint);
create type ledger.draft as (
  id uuid, shape int, mode text, fingerprint bytea, body jsonb, at timestamptz, business_date date, currency text,
  header ledger.header_in, kind ledger.kind, terminal sec.terminal, session sec.session, staff sec.staff, approver sec.staff,
  origin ledger.document, tier int, total bigint,
  lines ledger.line_in[], adjustments ledger.adjustment_in[], taxes ledger.tax_in[], tenders ledger.tender_in[], grants ledger.grant_in[],
  fees ledger.fee_in[], proofs ledger.proof_in[], cards ledger.card_in[], stock ledger.stock_in[], corrections ledger.correction_in[],
  postings ledger.posting_row[], moves ledger.stock_row[]);
reset role;
