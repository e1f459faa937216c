-- A slip that goes to the member waits from the moment the document stands; the posting sends nothing.
create or replace function ledger.queue_message(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into shop.outbox(document, store, member)
  select d.id, (d.terminal).store, w.member from shop.wallet w where w.id = (d.header).wallet and w.member is not null;
end $$;

-- How many messages of a store somebody should know about.
create or replace function shop.outbox_open(store int) returns bigint
language sql stable set search_path = pg_catalog, pg_temp as $$
  select count(*) from shop.outbox o where o.store = outbox_open.store and o.state in ('queued', 'sending', 'unknown', 'failed') $$;

-- Whether a member wants slips as messages; null: nobody ever asked.
create or replace function shop.wants_messages(member bigint) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.given from shop.consent c where c.member = wants_messages.member and c.purpose = 'slip' order by c.id desc limit 1 $$;
