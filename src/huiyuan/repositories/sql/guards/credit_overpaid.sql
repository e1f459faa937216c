-- A debt is paid down to nothing and no further: what is more belongs on the card.
create or replace function guard.credit_overpaid(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_owed bigint := -coalesce((select a.balance from ledger.account a where a.wallet = (d.header).wallet and a.kind = 'credit'), 0);
begin
  if d.total <= v_owed then return null; end if;
  return jsonb_build_object('wallet', (d.header).wallet, 'most', v_owed);
end $$;
