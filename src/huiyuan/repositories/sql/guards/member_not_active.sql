-- While a membership is frozen or cancelled nothing is earned, spent, paid in, given on or issued on it, whoever's wallet its card draws on; its
-- cards are neither renewed nor given back. What is owed may be paid, and what was bought may come back. An offline sale has happened already:
-- its points are left aside before. What was promised waits.
create or replace function guard.member_not_active(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_wallets bigint[];
begin
  if (d.header).offline_at is not null then return null; end if;
  v_wallets := (select array_agg(t.wallet) from unnest(d.tenders) t where t.wallet is not null) || (d.header).wallet
    || (select array_agg(x.id) from unnest(d.transfers) t cross join lateral (values (t.wallet), (t.taker)) x(id))
    || (select array_agg(x.wallet) from unnest(d.cards) x where x.wallet is not null)
    || (select array_agg(ledger.heir_of(p.wallet)) from unnest(d.releases) r join ledger.bonus_plan p on p.document = ledger.plan_id(r.plan))
    || (select array_agg(c.wallet) from unnest(d.cash_backs) c);
  if v_wallets is null and d.cards = '{}' and d.applications = '{}' then return null; end if;
  return (select jsonb_build_object('member', m.number, 'name', m.name, 'state', m.state) from shop.member m
     where m.state <> 'active' and (m.id in (select w.member from shop.wallet w where w.id = any (v_wallets))
        or (d.proofs <> '{}' and m.id in (select (ledger.card_shown(d, w)).holder from unnest(v_wallets) w))
        or (d.cards <> '{}' and m.id in (select coalesce(x.holder, c.holder) from unnest(d.cards) x join shop.card c on c.id = x.card))
        or (d.applications <> '{}' and m.id in (select a.holder from unnest(d.applications) a))) limit 1);
end $$;
