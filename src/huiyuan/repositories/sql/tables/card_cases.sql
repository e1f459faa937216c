-- Something is wrong with a card: reported, the person verified, acted on, closed. Who reported it is sealed at the counter, bound to the
-- card; nothing personal stands here in clear.
set role huiyuan_owner;
create table shop.card_case(
  id uuid primary key, card bigint not null references shop.card,
  kind text not null check (kind in ('stolen', 'lost', 'damaged', 'disputed', 'other')),
  what text not null check (shop.clean(what, 200)),
  reporter bytea not null check (length(reporter) between 30 and 400), contact bytea not null check (length(contact) between 30 and 400),
  store int not null references shop.unit, opened_by int not null references sec.staff, opened_at timestamptz not null default clock_timestamp(),
  checked text check (checked in ('id_document', 'card_pin', 'call_back')), checked_by int references sec.staff, checked_at timestamptz,
  act uuid,                                               -- the document that froze, reported, replaced or cancelled the card
  outcome text check (shop.clean(outcome, 200)), closed_by int references sec.staff, closed_at timestamptz,
  check ((closed_at is null) = (outcome is null)), check (closed_at is null or checked is not null));
create index card_case_open on shop.card_case(opened_at) where closed_at is null;
create index on shop.card_case(card);
reset role;
