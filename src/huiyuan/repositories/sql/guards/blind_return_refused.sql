-- Goods without a receipt, by a rule of the family `blind_return` in force here: at most the lowest price of its last `term_days` (30),
-- at most `max_document_minor` in all and `amount_minor` of it in cash (nothing without), and from `min_minor` on only to a member.
create or replace function guard.blind_return_refused(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  r record;
  v_bad record;
  v_cash bigint := coalesce((select sum(p.amount) from unnest(d.postings) p where p.credit = 'cash'), 0);
begin
  select x.*, coalesce(v.term_days, 30) as days into r from ledger.rule_in_force(d) x
    join shop.rule_version v on v.rule = x.rule and v.version = x.version where x.family = 'blind_return' order by x.rule limit 1;
  if not found then return '{"why": "no_rule"}'; end if;
  if d.total > r.max_document_minor then return jsonb_build_object('why', 'total', 'most', r.max_document_minor); end if;
  if v_cash > coalesce(r.amount_minor, 0) then return jsonb_build_object('why', 'cash', 'most', coalesce(r.amount_minor, 0)); end if;
  if d.total >= r.min_minor and r.min_minor > 0 and (d.header).wallet is null then
    return jsonb_build_object('refused', 'member_needed', 'limit', r.min_minor);
  end if;
  if exists (select from unnest(d.tenders) t where t.wallet is distinct from (d.header).wallet and t.wallet is not null) then
    return jsonb_build_object('refused', 'wallet_differs', 'wallet', (d.header).wallet);
  end if;
  select l.n, p.name, ledger.lowest_price(l.product, (d.terminal).store, d.at - make_interval(days => r.days), d.at) as most into v_bad
    from unnest(d.lines) l join shop.product p on p.id = l.product
   where l.price_minor > coalesce(ledger.lowest_price(l.product, (d.terminal).store, d.at - make_interval(days => r.days), d.at), 0)
   order by l.n limit 1;
  if found then return jsonb_build_object('why', 'price', 'line', v_bad.n, 'product', v_bad.name, 'most', coalesce(v_bad.most, 0)); end if;
  return null;
end $$;
