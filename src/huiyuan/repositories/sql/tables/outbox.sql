-- Slips that go to members as messages. Nothing personal stands here: the number is the member's own, sealed where it lies, and is
-- handed out to whoever sends. `doubt`: an earlier try of this very message may have gone out.
set role huiyuan_owner;

alter type ledger.header_in add attribute message text;   -- the slip goes to the member: beside paper, or instead of it
create table shop.outbox(
  document uuid primary key, store int not null references shop.unit, member bigint not null references shop.member,
  state text not null default 'queued' check (state in ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
  queued_at timestamptz not null default clock_timestamp(), not_before timestamptz not null default clock_timestamp(),
  tries int not null default 0, copies int not null default 0, doubt boolean not null default false,
  taken_by int, taken_at timestamptz, fault text check (fault ~ '^[a-z_]{1,40}$'), ended_at timestamptz,
  check ((ended_at is null) = (state in ('queued', 'sending', 'unknown'))));
create index outbox_waiting on shop.outbox(store, queued_at) where state in ('queued', 'sending', 'unknown', 'failed');
create index outbox_ended on shop.outbox(store, ended_at) where ended_at is not null;

-- Besides marketing: that slips come as messages.
alter table shop.consent drop constraint consent_purpose_check,
  add constraint consent_purpose_check check (purpose in ('marketing', 'slip'));
reset role;
