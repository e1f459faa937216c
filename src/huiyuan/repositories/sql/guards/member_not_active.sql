-- While a membership is frozen or cancelled nothing is earned, spent, paid in or issued on it; what is owed may be paid, and what was
-- bought may come back. An offline sale has happened already: its points are left aside before.
create or replace function guard.member_not_active(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_wallets bigint[];
begin
  if (d.header).offline_at is not null then return null; end if;
  v_wallets := (select array_agg(t.wallet) from unnest(d.tenders) t where t.wallet is not null) || (d.header).wallet;
  if v_wallets is null and d.cards = '{}' and d.applications = '{}' then return null; end if;
  return (select jsonb_build_object('member', m.number, 'name', m.name, 'state', m.state) from shop.member m
     where m.state <> 'active' and (m.id in (select w.member from shop.wallet w where w.id = any (v_wallets))
        or (d.cards <> '{}' and m.id in (select x.holder from unnest(d.cards) x))
        or (d.applications <> '{}' and m.id in (select a.holder from unnest(d.applications) a))) limit 1);
end $$;
