-- Who served a line of a sale, with shares: what they are paid by.
set role huiyuan_owner;

create type ledger.seller_in as (line int, staff int, share_bp int);
alter type ledger.draft add attribute sellers ledger.seller_in[];
reset role;
