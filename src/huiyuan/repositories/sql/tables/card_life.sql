-- The life of a card and of a membership: every move is a document. Adds nullable columns, types and tables; one CHECK is widened.
set role huiyuan_owner;

-- expired: past its validity, usable again after a renewal; replaced: another card has its wallet; void: a blank one that was destroyed.
alter table shop.card drop constraint card_state_check, drop constraint card_check,
  add constraint card_state_check check (state in ('blank', 'issued', 'active', 'frozen', 'lost', 'expired', 'replaced', 'closed', 'void')),
  add constraint card_wallet_check check ((state in ('blank', 'void')) = (wallet is null)),
  add column valid_to date,                               -- its last day; null: it does not end
  add column issued_on date;                              -- the first card of its line; fees of every year come in that month
create index card_ends on shop.card(valid_to) where valid_to is not null and state in ('issued', 'active');
alter table shop.card_type
  add column valid_months int check (valid_months between 1 and 600),      -- from activation, and again with every renewal; null: no end
  add column by_application boolean not null default false;                -- issued only on an approved application
alter table shop.member add column state text not null default 'active' check (state in ('active', 'frozen', 'cancelled'));

alter table ledger.kind
  add column needs_identity boolean not null default false,                -- who asks is known by a paper, where the card has a holder
  add column card_term text check (card_term in ('starts', 'renews', 'follows')),   -- what the kind does to the validity of a card
  add column member_moves text[] not null default '{}',
  add column application_moves text[] not null default '{}';

-- How somebody was known for who he is. `match`: HMAC of the number on the paper (hex), compared with the member's file; none: seen only.
create type ledger.identity_in as (holder bigint, paper text, match text);
create type ledger.member_in as (member bigint, was text, now text);
create type ledger.application_in as (application bigint, was text, now text, type int, holder bigint, papers text);
alter type ledger.card_in add attribute type int;                          -- another card type
alter type ledger.fee_in add attribute card bigint, add attribute year int;
alter type ledger.draft add attribute identity ledger.identity_in[], add attribute members ledger.member_in[],
  add attribute applications ledger.application_in[];

alter table ledger.card_event add column terms jsonb;                      -- type and last day, where they changed: {"was": {}, "now": {}}
create table ledger.identity_check(document uuid not null, n int not null, member bigint not null references shop.member,
  paper text not null, matched boolean not null, staff int not null, store int not null, at timestamptz not null, primary key (document, n));
create index on ledger.identity_check(member);
create table ledger.member_event(document uuid not null, member bigint not null references shop.member, was text not null, now text not null,
  primary key (document, member));
create index on ledger.member_event(member);
-- A fee that is asked every year, whether it was paid or waived. It follows the wallet and the holder, not the piece of plastic.
create table ledger.fee_year(document uuid not null, n int not null, card bigint not null references shop.card, wallet bigint not null,
  holder bigint, rule int not null, year int not null, due_minor bigint not null, paid_minor bigint not null, primary key (document, n));
create index on ledger.fee_year(wallet, rule, year);

create table shop.card_application(
  id bigint generated always as identity primary key,
  member bigint not null references shop.member, type int not null references shop.card_type,
  state text not null check (state in ('applied', 'approved', 'rejected', 'withdrawn', 'issued')),
  papers text not null check (shop.clean(papers, 200)),   -- which papers were shown, in words; no number of any
  store int not null references shop.unit, at timestamptz not null,
  applied_by int not null, decided_by int, decided_at timestamptz, reason text, card bigint references shop.card);
create index on shop.card_application(member);
create index application_open on shop.card_application(store, id) where state = 'applied';
create table ledger.application_event(document uuid not null, application bigint not null references shop.card_application,
  was text not null, now text not null, card bigint, primary key (document, application));
create index on ledger.application_event(application);
do $$
declare t text;
begin
  foreach t in array array['ledger.identity_check', 'ledger.member_event', 'ledger.fee_year', 'ledger.application_event'] loop
    execute format('create trigger no_change before update or delete on %s for each row execute function ledger.deny()', t);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function ledger.deny()', t);
    execute format('alter table %s enable always trigger no_change', t);
    execute format('alter table %s enable always trigger no_truncate', t);
    execute format('revoke update, delete, truncate on %s from huiyuan_owner', t);
  end loop;
end $$;

-- Duties that exist: who issues cards sees to them at the counter; what gives back what was taken away needs who approves.
insert into sec.permission(duty, permission) select p.duty, x.permission from sec.permission p
 cross join (values ('card_lost'), ('card_freeze'), ('card_replace'), ('card_renew'), ('card_fee'), ('card_apply')) x(permission)
 where p.permission = 'card_issue' on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, x.permission from sec.permission p
 cross join (values ('card_unfreeze'), ('card_type'), ('card_cancel'), ('card_restore'), ('card_review'), ('member_state')) x(permission)
 where p.permission = 'approve' on conflict do nothing;
reset role;
