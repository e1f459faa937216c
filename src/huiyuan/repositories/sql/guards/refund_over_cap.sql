-- What comes back to a card with goods stays within the law's cap of such a card (article 20): above it, another card of the holder's takes
-- part of what is on it first. What a member's card may hold by its own type is a matter of selling, not of giving back.
create or replace function guard.refund_over_cap(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  w record;
  r shop.law_rule;
begin
  if not exists (select from unnest(d.postings) p where p.credit in ('principal', 'bonus')) then return null; end if;
  for w in select a.wallet, sum(x.amount)::bigint as more from (
             select p.credit_ref as account, p.amount from unnest(d.postings) p where p.credit in ('principal', 'bonus')
             union all select p.debit_ref, -p.amount from unnest(d.postings) p where p.debit in ('principal', 'bonus')) x
            join ledger.account a on a.id = x.account group by a.wallet having sum(x.amount) > 0 loop
    w.more := w.more + (select coalesce(sum(ledger.usable(x.id, d.at)), 0)::bigint from ledger.account x
      where x.wallet = w.wallet and x.kind in ('principal', 'bonus'));
    r := (select x from ledger.law_of(case when ledger.is_registered(w.wallet) then '{registered_cap}'::text[] else '{bearer_cap}' end,
                                      (d.terminal).store, d.at) x limit 1);
    if w.more > r.amount_minor then
      return jsonb_build_object('refused', 'refund_over_cap', 'facts', ledger.law_facts(r, w.more)
        || jsonb_build_object('wallet', w.wallet, 'cap', r.amount_minor, 'would_be', w.more));
    end if;
  end loop;
  return null;
end $$;
