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
      and (t.amount_minor > v_floor or t.amount_minor + coalesce((
        select -sum(e.delta) from ledger.account a join ledger.entry e on e.account = a.id and e.business_date = d.business_date and e.delta < 0
         where a.wallet = t.wallet and a.kind in ('principal', 'bonus')), 0) + coalesce((
        select sum(p.amount) from ledger.account a join ledger.entry e on e.account = a.id and e.business_date = d.business_date
          join ledger.posting p on p.document = e.document and p.demand = 'tender' and p.debit = 'points_redeemed'
         where a.wallet = t.wallet and a.kind = 'points'), 0) > v_day) limit 1);
end $$;
