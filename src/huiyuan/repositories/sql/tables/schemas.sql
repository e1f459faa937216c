-- Five rooms; only api is entered by terminals.
create schema sec authorization huiyuan_owner;      -- who asks, and what they may
create schema shop authorization huiyuan_owner;     -- master data
create schema ledger authorization huiyuan_owner;   -- what was posted, and what stands
create schema guard authorization huiyuan_owner;    -- one function a refusal
create schema api authorization huiyuan_owner;      -- all that a terminal may call
