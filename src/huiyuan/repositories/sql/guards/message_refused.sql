-- A slip goes to a member's own number, so there has to be a member; whether there is a number is found out when it is sent.
create or replace function guard.message_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).message is null then return null; end if;
  if (d.header).message not in ('beside', 'instead') then return '{"why": "word"}'; end if;
  if not exists (select from shop.wallet w where w.id = (d.header).wallet and w.member is not null) then return '{"why": "nobody"}'; end if;
  return null;
end $$;
