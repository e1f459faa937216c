-- Above the floor of one sale, or of one business day, a card PIN is asked, whatever the card. Points count as the money they pay.
create or replace function guard.pin_needed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_floor bigint; v_day bigint;
begin
  if not ledger.takes_stored(d.tenders) then return null; end if;
  select c.pin_floor_minor, c.pin_floor_day_minor into v_floor, v_day from shop.chain c;
  return (select jsonb_build_object('wallet', t.wallet, 'floor', v_floor) from (
      select x.wallet, sum(x.amount_minor) as amount_minor from unnest(d.tenders) x where x.wallet is not null group by x.wallet) t
    where not exists (select from unnest(d.proofs) p where p.wallet = t.wallet and p.pin_attempt is not null)
      and (t.amount_minor > v_floor or t.amount_minor + ledger.left_on(t.wallet, d.business_date) > v_day) limit 1);
end $$;

-- What left a wallet on a business day: its money whatever paid with it, points as the money they paid, uses of passes as what they cost.
create or replace function ledger.left_on(wallet bigint, day date) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select -sum(e.delta) from ledger.account a join ledger.entry e on e.account = a.id and e.business_date = day and e.delta < 0
         where a.wallet = left_on.wallet and a.kind in ('principal', 'bonus', 'credit', 'advance')), 0)
    + coalesce((select sum(p.amount) from ledger.account a join ledger.entry e on e.account = a.id and e.business_date = day
          join ledger.posting p on p.document = e.document and p.demand = 'tender' and p.debit = 'points_redeemed'
         where a.wallet = left_on.wallet and a.kind = 'points'), 0)
    + coalesce((select sum(ledger.pass_worth(u.pass, u.amount)) from ledger.card_use u
         where u.wallet = left_on.wallet and u.business_date = day and u.what = 'pass'), 0);
end $$;
