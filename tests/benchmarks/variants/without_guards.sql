create or replace function ledger.run_guards(d ledger.draft) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$ begin end $$;
