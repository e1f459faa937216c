create or replace function ledger.take_from_lots(d ledger.draft, account bigint, amount bigint) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$ begin end $$;
create or replace function ledger.put_into_lots(d ledger.draft, p ledger.posting_row) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$ begin end $$;
