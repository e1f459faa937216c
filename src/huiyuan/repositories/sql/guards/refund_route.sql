-- Stored value that is paid out goes to an account of the same name; only what is left of a nearly empty card may be handed out in cash.
-- A till's own mistake is undone by a reversal, and goods come back to the card: neither is a refund of the card.
create or replace function guard.refund_route(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_wallet bigint;
  v_held bigint;
  r shop.law_rule;
begin
  if (d.kind).takes_back is not null then return null; end if;
  select a.wallet, a.balance into v_wallet, v_held from unnest(d.postings) p join ledger.account a on a.id = p.debit_ref
   where p.debit = 'principal' and p.credit = 'cash' limit 1;
  if v_wallet is null then return null; end if;
  for r in select * from ledger.law_of('{refund_cash}', (d.terminal).store, d.at) loop
    if v_held > r.amount_minor then return ledger.law_facts(r, v_held) || jsonb_build_object('wallet', v_wallet); end if;
  end loop;
  return null;
end $$;
