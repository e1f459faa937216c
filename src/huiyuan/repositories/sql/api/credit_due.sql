-- Debts: how one stands, and a list of them. Who owes is chain-wide, like the member and the card.
create or replace function api.credit_due(wallet bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  if not exists (select from shop.wallet x where x.id = credit_due.wallet) then
    return sec.refused(w.terminal, w.staff, 'unknown_wallet', jsonb_build_object('wallet', wallet));
  end if;
  return jsonb_build_object('debt', shop.credit_debt(wallet, api.business_day()));
end $$;

-- Wallets that owe behind the place `after` of the list: the earliest day first, no day last, then the largest debt. A place is the day as
-- days since 2000-01-01, the debt below zero, the wallet. `overdue`: only those of whose debt something is past its day.
drop function if exists api.credits_due(int, bigint, boolean);
create or replace function api.credits_due(most int, after bigint[], overdue boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; v_today date := api.business_day();
begin
  w := sec.asks('card_fee');
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(x.debt || jsonb_build_object('member', m.number, 'holder', m.name, 'place', x.place,
             'card', (select c.number from shop.card c where c.wallet = x.wallet order by c.state in ('closed', 'replaced'), c.id limit 1))
             order by x.place)
      from (select a.wallet, y.debt, p.place
              from ledger.account a cross join lateral (select shop.credit_debt(a.wallet, v_today) as debt) y
             cross join lateral (select min((e->>1)::date) as due from jsonb_array_elements(y.debt->'charges') e) z
             cross join lateral (select array[coalesce(z.due - date '2000-01-01', 1000000), a.balance, a.wallet] as place) p
             where a.kind = 'credit' and a.balance < 0 and (credits_due.after is null or p.place > credits_due.after)
               and (not coalesce(credits_due.overdue, false) or z.due < v_today)
             order by p.place limit sec.at_most(most, 50, 200)) x
      join shop.wallet v on v.id = x.wallet left join shop.member m on m.id = v.member), '[]');
end $$;
grant execute on function api.credit_due(bigint), api.credits_due(int, bigint[], boolean) to huiyuan_terminal;
