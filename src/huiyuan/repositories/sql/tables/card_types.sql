-- Card types as dated versions, passes, limits of one card, and which card each document was made with. Adds nullable columns, types
-- and tables: nothing of before is rewritten, and a type without a version may do what it always did.
set role huiyuan_owner;
do $$                                                     -- two families more, whichever there are by now
declare
  v_families text := (select pg_get_constraintdef(c.oid) from pg_constraint c where c.conname = 'rule_family_check');
begin
  execute 'alter table shop.rule drop constraint rule_family_check';
  execute 'alter table shop.rule add constraint rule_family_check ' || replace(v_families, 'ARRAY[', 'ARRAY[''card_type''::text, ''pass''::text, ');
end $$;

-- What a type may do is a rule of the family `card_type`: the row here, once made, only names it.
alter table shop.card_type add column rule int unique references shop.rule;
-- Narrower than the type: what this one card may spend. A supplementary card draws on the main wallet, so its holder has limits of his own.
create table shop.card_limit(
  card bigint primary key references shop.card,
  sale_max_minor bigint check (sale_max_minor > 0), day_max_minor bigint check (day_max_minor > 0),
  categories int[], set_by int not null references sec.staff, set_at timestamptz not null default clock_timestamp());

-- A pass is a rule of the family `pass`; its account is a kind of its own, `pass:<rule>`, in the unit PASS:<rule>.
alter table ledger.account_kind drop constraint account_kind_unit_check,
  add constraint account_kind_unit_check check (unit in ('money', 'point', 'pass'));
create type ledger.pass_in as (rule int, count bigint);
alter type ledger.draft add attribute passes ledger.pass_in[];

-- With which card, and for whom, value or a pass was used; what a document gave back of it stands here with its sign, on the day that it
-- was spent. Append-only, in the document's digest.
create table ledger.card_use(document uuid not null, n int not null, card bigint not null references shop.card, holder bigint, wallet bigint not null,
  store int not null, business_date date not null, what text not null, pass int,     -- value or pass
  amount bigint not null check (amount <> 0), primary key (document, n));
create index on ledger.card_use(card, business_date);
create index on ledger.card_use(wallet, business_date);
create trigger no_change before update or delete on ledger.card_use for each row execute function ledger.deny();
create trigger no_truncate before truncate on ledger.card_use for each statement execute function ledger.deny();
alter table ledger.card_use enable always trigger no_change;
alter table ledger.card_use enable always trigger no_truncate;
revoke update, delete, truncate on ledger.card_use from huiyuan_owner;

-- A chain that is there already: whoever publishes rules sets the limits of a card.
insert into sec.permission(duty, permission) select p.duty, 'card_limit' from sec.permission p where p.permission = 'rules'
on conflict do nothing;
reset role;
