-- Ways of paying as data: cash that rounds, change that is kept, cards and vouchers of others, credit, and money paid ahead.
set role huiyuan_owner;

-- The least coin that this chain gives: the cash part of a sale is rounded to it, the rest of a split stays exact.
alter table shop.chain
  add column cash_step_minor int not null default 1 check (cash_step_minor in (1, 5, 10, 20, 50, 100)),
  add column cash_rounding text not null default 'nearest' check (cash_rounding in ('nearest', 'down')),
  add column keep_change_max_minor bigint not null default 10000 check (keep_change_max_minor >= 0);   -- most change that a card keeps

alter table shop.tender drop constraint tender_account_check,
  add constraint tender_account_check check (account in ('cash', 'tender', 'stored', 'points', 'prepaid', 'voucher', 'credit', 'advance')),
  add column name text check (shop.clean(name, 24));                      -- null: the word of the program
alter type ledger.tender_in
  add attribute rounded_minor bigint,                                     -- cash: what rounding adds to the amount (signed)
  add attribute kept_minor bigint;                                        -- cash: change that the member's wallet keeps

-- Accounts that a wallet has only once somebody asked for them.
alter table ledger.account_kind add column on_request boolean not null default false;

insert into shop.tender(kind, account, reference) select x.* from shop.chain cross join (values
  ('prepaid', 'prepaid', true), ('voucher', 'voucher', true), ('credit', 'credit', false), ('advance', 'advance', false)) x
on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'credit' from sec.permission p where p.permission = 'prices'
on conflict do nothing;
insert into sec.permission(duty, permission) select p.duty, 'advance_back' from sec.permission p where p.permission = 'approve'
on conflict do nothing;
reset role;
