-- The law about prepaid cards as dated rows: what a rule says, where it holds, from when, and which article says so. What was bought by
-- whom is kept beside the documents, so that sums of a buyer are a look-up. New columns are empty: no table is rewritten.
set role huiyuan_owner;

create table shop.law_rule(
  id bigint generated always as identity primary key,
  rule text not null check (rule ~ '^[a-z_]{3,40}$'),     -- which; docs/LEDGER.md lists them
  jurisdiction text not null check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,6})*$'),   -- CN; CN-31 is stricter law of a part of it
  article text not null check (shop.clean(article, 40)),
  source text not null check (shop.clean(source, 120)),
  amount_minor bigint check (amount_minor >= 0),
  rate_bp int check (rate_bp between 0 and 1000000),
  months int check (months >= 0),
  window_minutes int check (window_minutes > 0),          -- sums count what was bought within so many minutes
  valid_from timestamptz not null, valid_to timestamptz,
  proposed_by int, approved_by int, published_at timestamptz not null default now(),
  check (valid_to > valid_from), check (proposed_by is null or proposed_by is distinct from approved_by));
alter table shop.law_rule add constraint law_rule_overlap
  exclude using gist (int8range(hashtextextended(rule || ' ' || jurisdiction, 0), hashtextextended(rule || ' ' || jurisdiction, 0), '[]') with &&,
                      tstzrange(valid_from, valid_to) with &&);
create table shop.law_proposal(                           -- inactive until another person approves it
  id bigint generated always as identity primary key,
  rule text not null, jurisdiction text not null, terms jsonb not null,
  by_staff int not null, at timestamptz not null default clock_timestamp(),
  decided_by int, decided_at timestamptz, approved boolean);
-- Where a unit lies; null: as the unit above it, and without any the country of the chain's currency.
alter table shop.unit add column jurisdiction text check (jurisdiction ~ '^[A-Z]{2}(-[A-Z0-9]{1,6})*$');

-- Stored value that was sold: one row a document, by the door. The buyer is a member; null: nobody said who.
create table ledger.purchase(
  document uuid primary key, wallet bigint not null, buyer bigint, registered boolean not null, store int not null, terminal int not null,
  amount_minor bigint not null, cash_minor bigint not null, posted_at timestamptz not null,
  taken_over boolean not null default false);              -- of a document from before this table
create index on ledger.purchase(buyer, posted_at) where buyer is not null;
create index on ledger.purchase(terminal, posted_at) where buyer is null;
create trigger no_change before update or delete on ledger.purchase for each row execute function ledger.deny();
create trigger no_truncate before truncate on ledger.purchase for each statement execute function ledger.deny();
alter table ledger.purchase enable always trigger no_change;
alter table ledger.purchase enable always trigger no_truncate;
revoke update, delete, truncate on ledger.purchase from huiyuan_owner;
insert into ledger.purchase(document, wallet, buyer, registered, store, terminal, amount_minor, cash_minor, posted_at, taken_over)
select d.id, d.wallet, w.member, w.member is not null, d.store, d.terminal, d.total_minor,
       coalesce((select sum(p.amount) from ledger.posting p where p.document = d.id and p.debit = 'cash' and p.credit = 'principal'), 0),
       d.posted_at, true
  from ledger.document d join shop.wallet w on w.id = d.wallet where d.kind = 'top_up';

alter type ledger.header_in add attribute buyer bigint;   -- a member: who buys stored value, where it is not whoever the card belongs to

insert into shop.law_rule(rule, jurisdiction, article, source, amount_minor, rate_bp, months, window_minutes, valid_from)
select r.rule, 'CN', r.article, '商务部令2012年第9号 单用途商业预付卡管理办法（试行）', r.amount_minor, r.rate_bp, r.months, r.window_minutes,
       timestamptz '2012-11-01 00:00:00+08'
  from (values
    ('registered_cap',      '第十八条',   500000::bigint, null::int, null::int, null::int),
    ('bearer_cap',          '第十八条',   100000, null, null, null),
    ('identity_registered', '第十五条',        0, null, null, null),
    ('identity_bearer',     '第十五条',  1000000, null, null, 1440),
    ('identity_unnamed',    '第十五条',  1000000, null, null, 30),
    ('transfer_company',    '第十七条',   500000, null, null, 1440),
    ('transfer_person',     '第十七条',  5000000, null, null, 1440),
    ('registered_validity', '第十九条',     null, null,    0, null),
    ('bearer_validity',     '第十九条',     null, null,   36, null),
    ('refund_cash',         '第二十一条',  10000, null, null, null),
    ('retention',           '第十六条',     null, null,   60, null),
    ('liability_retail',    '第二十五条',   null, 4000, null, null),
    ('liability_services',  '第二十五条',   null, 10000, null, null)) r(rule, article, amount_minor, rate_bp, months, window_minutes);
reset role;
