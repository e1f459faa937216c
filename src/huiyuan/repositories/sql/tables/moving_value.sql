-- Value that moves between wallets, is paid back, or comes in instalments: sections of the door, what a merge re-points, the lots'
-- first issuer. Adds nullable columns, types and tables: nothing of before is rewritten.
set role huiyuan_owner;
do $$                                                     -- families more, whichever there are by now
declare
  v_families text := (select pg_get_constraintdef(c.oid) from pg_constraint c where c.conname = 'rule_family_check');
begin
  execute 'alter table shop.rule drop constraint rule_family_check';
  execute 'alter table shop.rule add constraint rule_family_check '
    || replace(v_families, 'ARRAY[', 'ARRAY[''recharge''::text, ''spending''::text, ''settlement''::text, ''cash_back''::text, ');
end $$;

create type ledger.transfer_in as (wallet bigint, taker bigint, amount_minor bigint);
create type ledger.merge_in as (member bigint, kept bigint);
create type ledger.settlement_in as (wallet bigint, method text, amount_minor bigint, forfeit_minor bigint, points bigint, reference text,
  rule int, version int);
alter type ledger.draft add attribute transfers ledger.transfer_in[], add attribute merges ledger.merge_in[],
  add attribute settlements ledger.settlement_in[];

-- A lot that was carried to another wallet keeps its term, its store and who issued it; `root` is the lot that the money came into.
alter table ledger.lot add column root bigint references ledger.lot;

-- A wallet or member that was merged: what still comes back to it goes on to the one it was merged into. Its number stays.
alter table shop.wallet add column merged_into bigint references shop.wallet;
alter table shop.member add column merged_into bigint references shop.member;
create index on shop.member(merged_into) where merged_into is not null;

-- What a merge pointed elsewhere, so that undoing it points it back; append-only, in the document's digest.
create table ledger.repointed(document uuid not null, n int not null, what text not null, id bigint not null, was bigint, now bigint,
  primary key (document, n));
-- Whose name the bank account bears, compared before the posting that pays: neither the name nor the number is kept.
create table sec.payee_seen(document uuid primary key, wallet bigint not null, same boolean not null, terminal int not null, staff int not null,
  at timestamptz not null default clock_timestamp());
do $$
declare t text;
begin
  foreach t in array array['ledger.repointed', 'sec.payee_seen'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;

-- A chain that is there already: whoever sells moves value between cards that lie there, small sums alone; whoever approves merges
-- members and pays out a card that is closed.
insert into sec.permission(duty, permission, limit_minor)
select p.duty, x.permission, case when a.duty is null then x.most else a.limit_minor end from sec.permission p
  left join sec.permission a on a.duty = p.duty and a.permission = 'approve'
 cross join (values ('value_transfer', 50000), ('settlement', 10000)) x(permission, most)
 where p.permission = 'top_up' on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'member_merge' from sec.permission p
 where p.permission = 'approve' on conflict do nothing;
reset role;
