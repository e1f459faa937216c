-- What a card may hold: the card type's own cap, and the law's of a registered or a bearer card, whichever is lower. A pass is a card of its
-- own to the law: what it is sold for stays within the law's cap, beside what the card holds.
create or replace function guard.balance_cap(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_cap bigint;
  v_rules text[];
  v_holds bigint;
  r shop.law_rule;
begin
  select x.cap, x.rules into v_cap, v_rules from ledger.cap_of((d.header).wallet, (d.header).wallet) x;
  if v_cap is null then return null; end if;
  if (d.kind).contra = 'passes_sold' then
    v_cap := null;
    v_holds := coalesce(ledger.sold_value(d), 0);
  else
    v_holds := (select coalesce(sum(ledger.usable(a.id, d.at)), 0) from ledger.account a
        where a.wallet = (d.header).wallet and a.kind in ('principal', 'bonus'))
      + coalesce((select sum(case when p.credit in ('principal', 'bonus') then p.amount when p.debit in ('principal', 'bonus') then -p.amount end)
           from unnest(d.postings) p), 0);
  end if;
  r := (select x from ledger.law_of(v_rules, (d.terminal).store, d.at) x limit 1);         -- the lowest first
  if coalesce(v_holds <= least(v_cap, r.amount_minor), true) then return null; end if;
  return jsonb_build_object('wallet', (d.header).wallet, 'cap', least(v_cap, r.amount_minor), 'would_be', v_holds)
    || case when r.amount_minor <= coalesce(v_cap, r.amount_minor)
         then jsonb_build_object('rule', r.rule, 'article', r.article, 'source', r.source) else '{}' end;
end $$;
