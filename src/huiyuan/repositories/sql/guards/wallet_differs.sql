-- An exchange stands on the wallet of the sale that it takes back: points are taken and earned there.
create or replace function guard.wallet_differs(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.origin).wallet is null or (d.origin).wallet is not distinct from (d.header).wallet then return null; end if;
  return jsonb_build_object('wallet', (d.origin).wallet);
end $$;
