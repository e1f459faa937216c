-- When the PIN of a wallet was chosen last: what lets it be chosen anew counts once.
set role huiyuan_owner;
alter table shop.wallet add column pin_set_at timestamptz;
reset role;
