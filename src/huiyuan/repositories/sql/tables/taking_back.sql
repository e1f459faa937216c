-- Taking goods back in another store, against other goods, and without a receipt; baskets put aside. Nothing of 0002 is rewritten.
set role huiyuan_owner;

alter table shop.chain add column returns_across boolean not null default false;    -- a sale of one store comes back in another
alter table ledger.kind drop constraint kind_takes_back_check,
  add constraint kind_takes_back_check check (takes_back in ('whole', 'lines', 'goods'));
do $$                                                     -- one family more, whichever there are by now
declare
  v_families text := (select pg_get_constraintdef(c.oid) from pg_constraint c where c.conname = 'rule_family_check');
begin
  execute 'alter table shop.rule drop constraint rule_family_check';
  execute 'alter table shop.rule add constraint rule_family_check ' || replace(v_families, 'ARRAY[', 'ARRAY[''blind_return''::text, ');
end $$;

-- An exchange: what comes back stands beside what goes out, and a part of what it cost is carried over.
alter type ledger.draft add attribute backs ledger.line_in[], add attribute carried bigint;
alter type ledger.header_in add attribute held uuid;      -- the basket put aside that this sale settles

-- A basket put aside is no document: nothing moved. `taken_by` is the one till that has it on its screen; one that ended keeps its id
-- for a month, so that a counter that asks again does not put it aside twice.
create table shop.held_sale(
  id uuid primary key, store int not null references shop.unit, terminal int not null references sec.terminal,
  staff int not null references sec.staff, member bigint references shop.member, note text check (shop.clean(note, 60)),
  total_minor bigint not null check (total_minor >= 0), line_count int not null check (line_count > 0), basket jsonb,
  held_at timestamptz not null default clock_timestamp(),
  taken_by int references sec.terminal, taken_at timestamptz,
  ended_at timestamptz, ended text check (ended in ('settled', 'dropped')),
  check ((ended_at is null) = (ended is null)), check ((ended_at is null) = (basket is not null)));
create index held_sale_open on shop.held_sale(store, held_at) where ended_at is null;

-- Functions of before whose parameters are others now.
drop function if exists ledger.lot_demand(ledger.posting_row), ledger.net_lots(uuid, bigint, text),
  ledger.take_from_lots(ledger.draft, bigint, bigint, text);

-- A chain that is there already: whoever approves may also take goods back without a receipt, within the same limit.
insert into sec.permission(duty, permission, limit_minor) select p.duty, 'blind_return', p.limit_minor from sec.permission p
 where p.permission = 'approve' on conflict do nothing;
reset role;
