-- Who sold without the line may have signed in without it, too: by what the counter remembers of a session of the last hours.
set role huiyuan_owner;

alter type ledger.header_in add attribute signed_at timestamptz;         -- when, by the counter's clock
reset role;
