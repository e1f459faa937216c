-- The law's cap of a prepaid card: MOFCOM order 9/2012, 5,000 yuan registered, 1,000 bearer; a row of the card type.
create or replace function guard.balance_cap(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('wallet', (d.header).wallet, 'cap', x.cap, 'would_be', x.would_be) from (
    select min(t.balance_max_minor) as cap,
           (select coalesce(sum(a.balance), 0) from ledger.account a where a.wallet = (d.header).wallet and a.kind in ('principal', 'bonus'))
           + coalesce((select sum(case when p.credit in ('principal', 'bonus') then p.amount when p.debit in ('principal', 'bonus')
               then -p.amount end)
                from unnest(d.postings) p), 0) as would_be
      from shop.card c join shop.card_type t on t.id = c.type where c.wallet = (d.header).wallet) x where x.would_be > x.cap);
end $$;
