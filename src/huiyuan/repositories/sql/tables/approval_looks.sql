-- Who looks at what waits for a second person: the asker sees it. Swept with the proposals.
set role huiyuan_owner;

create table sec.proposal_look(document uuid not null, fingerprint bytea not null, staff int not null references sec.staff, terminal int not null,
  at timestamptz not null default clock_timestamp(), primary key (document, fingerprint, staff));
reset role;
