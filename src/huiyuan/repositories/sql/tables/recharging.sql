-- Recharge rules: where money comes onto cards, what is given for it at once, and what month by month. Adds columns with constant
-- defaults, types and tables: nothing of before is rewritten.
set role huiyuan_owner;

alter table shop.unit add column recharges boolean not null default true;          -- false: no money onto cards in this store

-- The parts of a bonus that come month by month, as they were promised; append-only, in the digest of the top-up.
create table ledger.bonus_plan(document uuid primary key, wallet bigint not null references shop.wallet, rule int not null, version int not null,
  part_minor bigint not null check (part_minor > 0), parts int not null check (parts > 0), begins_on date not null,
  store int not null);
create index on ledger.bonus_plan(wallet);
-- What was released of them: a part comes once.
create table ledger.bonus_part(document uuid not null, n int not null, plan uuid not null, part int not null, primary key (document, n),
  unique (plan, part));
-- What a month of buying brought back as bonus: once a wallet, rule and month.
create table ledger.cash_back(document uuid not null, n int not null, wallet bigint not null references shop.wallet, rule int not null,
  month date not null, base_minor bigint not null, primary key (document, n), unique (wallet, rule, month));
create type ledger.release_in as (plan text, part int, amount_minor bigint);
create type ledger.cash_back_in as (wallet bigint, rule int, version int, month text, amount_minor bigint);
alter type ledger.draft add attribute releases ledger.release_in[], add attribute cash_backs ledger.cash_back_in[];
do $$
declare t text;
begin
  foreach t in array array['ledger.bonus_plan', 'ledger.bonus_part', 'ledger.cash_back'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;

-- A chain that is there already: whoever tops cards up also books what was promised for it.
insert into sec.permission(duty, permission) select p.duty, 'bonus_release' from sec.permission p where p.permission = 'top_up'
on conflict do nothing;
reset role;
