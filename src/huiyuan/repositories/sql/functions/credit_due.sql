-- What is owed on account: the charges in which the debt lies, and what the card type agreed about them. Nothing here moves money.

-- Of the first card of the wallet whose type gives credit with a day until which it is due; a closed card counts if there is no other.
create or replace function shop.credit_terms(wallet bigint, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('due_days', (t.terms->>'due_days')::int, 'least_rate', coalesce((t.terms->>'least_rate')::int, 0),
                            'least_minor', coalesce((t.terms->>'least_minor')::bigint, 0))
    from shop.card c cross join lateral (select shop.type_terms(c.type, credit_terms.at) as terms) t
   where c.wallet = credit_terms.wallet and t.terms->'functions' ? 'credit' and t.terms ? 'due_days'
   order by c.state in ('closed', 'replaced'), c.id limit 1 $$;

-- What each document took on account, less what a reversal or a return of it gave back there. A repayment that was undone never was.
create or replace function shop.credit_charges(account bigint) returns table(document uuid, amount bigint)
language sql stable set search_path = pg_catalog, pg_temp as $$
  with moved as (
    select coalesce(r.document, e.document) as document, sum(e.delta)::bigint as delta
      from ledger.entry e left join ledger.reversed r on r.by = e.document where e.account = credit_charges.account group by 1),
  own as (
    select case when m.delta > 0 and exists (select from moved o where o.document = d.of) then d.of else m.document end as document, m.delta
      from moved m join ledger.document d on d.id = m.document)
  select o.document, -sum(o.delta)::bigint from own o group by 1 having sum(o.delta) < 0 $$;

-- The newest charges that together make what is owed, oldest first, each with the day agreed when it was made; null: nothing is owed.
create or replace function shop.credit_debt(wallet bigint, today date) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('wallet', credit_debt.wallet, 'today', today, 'owed_minor', -a.balance,
      'terms', shop.credit_terms(credit_debt.wallet, now()),
      'charges', coalesce((
        select jsonb_agg(jsonb_build_array(x.business_date,
                 x.business_date + (shop.credit_terms(credit_debt.wallet, x.posted_at)->>'due_days')::int, x.amount)
                 order by x.business_date, x.posted_at, x.id)
          from (select d.id, d.business_date, d.posted_at, c.amount, sum(c.amount) over (order by d.business_date desc, d.posted_at desc, d.id desc)
                  from shop.credit_charges(a.id) c join ledger.document d on d.id = c.document) x
         where x.sum - x.amount < -a.balance), '[]'))
    from ledger.account a where a.wallet = credit_debt.wallet and a.kind = 'credit' and a.balance < 0 $$;
