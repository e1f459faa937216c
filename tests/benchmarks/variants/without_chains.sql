create or replace function ledger.entry_hash(prev bytea, account bigint, seq bigint, delta bigint, balance bigint,
  at timestamptz, document uuid, fingerprint bytea) returns bytea language plpgsql as $$ begin return '\x00'; end $$;
create or replace function ledger.terminal_hash(prev bytea, chain_seq bigint, fingerprint bytea, result jsonb)
returns bytea language plpgsql as $$ begin return '\x00'; end $$;
create or replace function ledger.content_digest(document ledger.document) returns text language plpgsql as $$ begin return ''; end $$;
