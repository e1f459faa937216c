-- When the PIN of a wallet was chosen last: what lets it be chosen anew counts once. How a card was read.
set role huiyuan_owner;
alter table shop.wallet add column pin_set_at timestamptz;
-- How a card that was presented was read: typed, scanned, stripe, tag (a number out of a chip's open memory), chip; null: not said.
alter type ledger.proof_in add attribute source text;
reset role;
