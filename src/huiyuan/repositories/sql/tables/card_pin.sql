-- When the PIN of a wallet was chosen last: what lets it be chosen anew counts once. How a card was read.
set role huiyuan_owner;
alter table shop.wallet add column pin_set_at timestamptz;
-- How a card that was presented was read: typed, scanned, stripe, tag (a number out of a chip's open memory), chip; null: not said.
alter type ledger.proof_in add attribute source text;
-- Uses of a pass that a merge carried on are found by the lot in which they were paid for.
create index lot_root on ledger.lot(root) where root is not null;
reset role;
