-- The drawer over a day: money that comes and goes beside sales, counts by denomination, reports that are numbered, and what was
-- taken off a basket before anybody paid.
set role huiyuan_owner;

alter table ledger.kind add column moves_cash text check (moves_cash in ('in', 'out'));   -- into the drawer or out of it, beside tenders
alter type ledger.header_in add attribute amount_minor bigint;            -- how much such a kind moves

-- Notes and coins (or slips) as somebody counted them; a tender that is not cash says its sum.
create type ledger.count_in as (tender text, denomination_minor bigint, pieces bigint, amount_minor bigint);
-- What left a basket before it was paid: it rides on the next document. `session`: who took it off.
create type ledger.removed_in as (id uuid, session bigint, at timestamptz, product int, qty_milli bigint, value_minor bigint, why text);
alter type ledger.draft add attribute counts ledger.count_in[], add attribute removed ledger.removed_in[];

alter table shop.tender add column counted boolean not null default false;   -- its slips are counted when a shift closes
create table shop.denomination(currency text not null, value_minor bigint not null check (value_minor > 0), primary key (currency, value_minor));

create table ledger.removed(document uuid not null, n int not null, id uuid not null unique, store int not null, staff int not null,
  product int not null, qty_milli bigint not null check (qty_milli > 0), value_minor bigint not null check (value_minor >= 0),
  why text not null, at timestamptz not null, primary key (document, n));
create index on ledger.removed(store, at);
-- Every X and Z that was put on paper, numbered within its shift; the second print of a Z is its first copy.
create table sec.shift_print(shift uuid not null, what text not null check (what in ('x', 'z')), n int not null, staff int not null,
  terminal int not null, at timestamptz not null default clock_timestamp(), primary key (shift, what, n));
do $$
declare t text;
begin
  foreach t in array array['ledger.removed', 'sec.shift_print'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;

-- Duties that exist: who keeps a drawer moves its cash, small sums alone; who approves sees what should lie in it.
insert into sec.permission(duty, permission, limit_minor)
select p.duty, x.permission, case when a.duty is null then x.most end from sec.permission p
  left join sec.permission a on a.duty = p.duty and a.permission = 'approve'
 cross join (values ('cash_in', null), ('cash_drop', null), ('cash_out', 20000), ('expense', 20000), ('no_sale', null),
                    ('shift_variance', 1000)) x(permission, most)
 where p.permission = 'shift' on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'shift_expected' from sec.permission p
 where p.permission = 'approve' on conflict do nothing;
reset role;
