-- What a terminal may call to post. Autocommit, one statement, one round trip.
create or replace function api.post(id uuid, shape int, body jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC'
  set plan_cache_mode = force_generic_plan as
$$ begin return ledger.post(id, shape, body, 'live'); end $$;

-- The journal of a counter that crashed is drained with the terminal's login alone, before anybody signs in.
create or replace function api.resend(id uuid, shape int, body jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC'
  set plan_cache_mode = force_generic_plan as
$$ begin return ledger.post(id, shape, body, 'resend'); end $$;

-- Opening balances and history: only the role that no terminal has.
create or replace function api.post_history(id uuid, shape int, body jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC'
  set plan_cache_mode = force_generic_plan as
$$ begin return ledger.post(id, shape, body, 'history'); end $$;

grant usage on schema api to huiyuan_terminal, huiyuan_report, huiyuan_import;
grant execute on function api.post(uuid, int, jsonb), api.resend(uuid, int, jsonb) to huiyuan_terminal;
grant execute on function api.post_history(uuid, int, jsonb) to huiyuan_import;
