-- Finding a member: what the one box looks in. Written when a member is written, never by a posting.
set role huiyuan_owner;

-- `tokens` is made by repositories/search_words.py: single characters, pairs of characters, forms of the pinyin, Latin words.
-- Phone numbers stand here as HMACs and as an encrypted mask only; whoever copies the database learns none.
create table shop.member_search(
  member bigint primary key references shop.member on delete cascade,
  tokens text[] not null check (cardinality(tokens) <= 160),
  last_seen_on date not null default current_date,          -- folded later (shop.fold_last_seen): posting a sale writes no search row
  phone_index bytea,                                        -- HMAC of the whole number, normalised
  phone4_index bytea,                                       -- HMAC of its last four digits: a bucket
  phone_mask bytea);                                        -- the masked number, encrypted like the number itself
create index member_search_tokens on shop.member_search using gin (tokens);
create index member_search_recent on shop.member_search(last_seen_on desc, member desc);
create index member_search_phone on shop.member_search(phone_index) where phone_index is not null;
create index member_search_phone4 on shop.member_search(phone4_index, last_seen_on desc) where phone4_index is not null;
alter table shop.member_search alter column tokens set statistics 100;

-- Makes a member findable. Null leaves what stands; an empty bytea says that there is no phone any more.
create function shop.index_member(member bigint, tokens text[], phone_index bytea default null, phone4_index bytea default null,
  phone_mask bytea default null) returns void
language sql set search_path = pg_catalog, pg_temp as $$
  insert into shop.member_search as s (member, tokens, phone_index, phone4_index, phone_mask)
  values (index_member.member, coalesce(index_member.tokens, '{}'), nullif(index_member.phone_index, '\x'),
          nullif(index_member.phone4_index, '\x'), nullif(index_member.phone_mask, '\x'))
  on conflict on constraint member_search_pkey do update set
    tokens = coalesce(index_member.tokens, s.tokens),
    phone_index = case when index_member.phone_index is null then s.phone_index else excluded.phone_index end,
    phone4_index = case when index_member.phone4_index is null then s.phone4_index else excluded.phone4_index end,
    phone_mask = case when index_member.phone_mask is null then s.phone_mask else excluded.phone_mask end $$;

create index on shop.card(holder) where holder is not null;

-- How much each person looked for on each terminal, hour by hour: a search is a read, and a row of the audit for each key that is
-- pressed would bury it. What was typed stands nowhere.
create table sec.find_tally(
  staff int not null references sec.staff, terminal int not null references sec.terminal, hour timestamptz not null,
  finds int not null default 0, shown int not null default 0, misses int not null default 0,
  primary key (staff, terminal, hour)) with (fillfactor = 50);
reset role;
