-- What is told every quarter about prepaid cards, and what is owed to their holders.

-- Each posting that touched stored value, as what it was: sold, granted, consumed, refunded, forfeited or corrected. What undoes a document
-- is of its kind and less than nothing. Between wallets it is `moved`, and only where it changes the kind of card.
create or replace function ledger.value_flows(first date, last date)
returns table(day date, registered boolean, part text, what text, amount bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with kinds as materialized (
    select c.wallet, bool_or(t.registered) as registered from shop.card c join shop.card_type t on t.id = c.type
     where c.wallet is not null group by 1),
  value as materialized (
    select a.id, a.kind, coalesce(k.registered, w.member is not null) as registered from ledger.account a join shop.wallet w on w.id = a.wallet
      left join kinds k on k.wallet = a.wallet where a.kind in ('principal', 'bonus')),
  legs as (
    select d.business_date, v.registered, v.kind, p.credit_ref = v.id and p.credit = v.kind as inward, p.amount,
           case when p.credit_ref = v.id and p.credit = v.kind then p.debit else p.credit end as other, d.kind = 'reversal' as undoes
      from ledger.posting p join ledger.document d on d.id = p.document and d.business_date between value_flows.first and value_flows.last
      join value v on (p.debit = v.kind and p.debit_ref = v.id) or (p.credit = v.kind and p.credit_ref = v.id)
     where p.debit in ('principal', 'bonus') or p.credit in ('principal', 'bonus'))
  select l.business_date, l.registered, l.kind, case
      when l.other in ('principal', 'bonus') then 'moved'
      when l.other in ('cash', 'tender', 'prepaid', 'voucher') then case when l.inward <> l.undoes then 'sold' else 'refunded' end
      when l.other = 'bonus_granted' then case when l.inward <> l.undoes then 'granted' else 'forfeited' end
      when l.other in ('correction', 'opening') then 'corrected' else 'consumed' end,
    sum(case when l.inward then l.amount else -l.amount end)::bigint
    from legs l group by 1, 2, 3, 4;
end $$;

-- What is owed at the end of a day, by kind of card, out of the entries of the accounts.
create or replace function ledger.value_owed(on_day date) returns table(registered boolean, part text, amount bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with kinds as materialized (
    select c.wallet, bool_or(t.registered) as registered from shop.card c join shop.card_type t on t.id = c.type
     where c.wallet is not null group by 1)
  select coalesce(k.registered, w.member is not null), a.kind, sum(e.delta)::bigint
    from ledger.account a join ledger.entry e on e.account = a.id and e.business_date <= on_day join shop.wallet w on w.id = a.wallet
    left join kinds k on k.wallet = a.wallet where a.kind in ('principal', 'bonus') group by 1, 2;
end $$;

create or replace function ledger.books_revenue(year int) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select sum(case p.credit when 'revenue' then p.amount else -p.amount end)
    from ledger.document d join ledger.posting p on p.document = d.id and 'revenue' in (p.debit, p.credit) and p.demand in ('tender', 'refund')
   where d.business_date between make_date(books_revenue.year, 1, 1) and make_date(books_revenue.year, 12, 31)), 0);
end $$;

-- The quarters of a year that have begun, each by kind of card; what is owed now, beside the sum of all balances and last year's revenue.
create or replace function api.value_filing(year int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_today date; v_figure shop.revenue_figure;
begin
  w := sec.asks('report');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  if year is null or year not between 2000 and 2200 then return sec.malformed('report', 'year'); end if;
  v_today := api.business_day();
  select f.* into v_figure from shop.revenue_figure f where f.year = value_filing.year - 1;
  return jsonb_build_object('today', v_today, 'now', clock_timestamp(), 'year', year,
    'chain', (select jsonb_build_object('name', c.name, 'currency', c.currency, 'minor_digits', c.minor_digits, 'time_zone', c.time_zone,
      'demo', c.demo) from shop.chain c),
    'stores', (select jsonb_agg(u.code order by u.code) from shop.unit u where u.kind = 'store'),
    'quarters', coalesce((select jsonb_agg(jsonb_build_object('quarter', q.n, 'first', q.first, 'last', q.last,
        'flows', coalesce((select jsonb_agg(jsonb_build_array(f.registered, f.part, f.what, f.amount)) from (
            select x.registered, x.part, x.what, sum(x.amount) as amount from ledger.value_flows(q.first, q.last) x group by 1, 2, 3) f), '[]'),
        'owed', coalesce((select jsonb_agg(jsonb_build_array(o.registered, o.part, o.amount)) from ledger.value_owed(q.last) o), '[]')) order by q.n)
      from (select n, make_date(value_filing.year, 3 * n - 2, 1) as first,
                   (make_date(value_filing.year, 3 * n - 2, 1) + interval '3 months - 1 day')::date as last from generate_series(1, 4) n) q
     where q.first <= v_today), '[]'),
    'balances', (select jsonb_object_agg(b.kind, b.balance) from (
        select a.kind, sum(a.balance)::bigint as balance from ledger.account a where a.kind in ('principal', 'bonus') group by 1) b),
    'owed', coalesce((select jsonb_object_agg(o.part, o.amount) from (
        select x.part, sum(x.amount)::bigint as amount from ledger.value_owed('infinity') x group by 1) o), '{}'),
    'passes_minor', coalesce((select sum(case p.credit when 'passes_sold' then p.amount else -p.amount end)::bigint from ledger.posting p
      where 'passes_sold' in (p.debit, p.credit)), 0),
    'revenue', jsonb_build_object('year', year - 1, 'amount_minor', coalesce(v_figure.amount_minor, ledger.books_revenue(year - 1)),
      'services', coalesce(v_figure.services, false), 'from_books', v_figure.year is null),
    'rules', coalesce((select jsonb_agg(shop.law_row(r, clock_timestamp())) from
        ledger.law_of('{liability_retail,liability_services}', w.store, clock_timestamp()) r), '[]'));
end $$;

create or replace function api.revenue_put(year int, amount_minor bigint, services boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.revenue_figure; after shop.revenue_figure;
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  if coalesce(year not between 2000 and 2200, true) then return sec.malformed('revenue', 'year'); end if;
  if coalesce(amount_minor not between 0 and 1000000000000000, true) then return sec.malformed('revenue', 'amount_minor'); end if;
  select f.* into before from shop.revenue_figure f where f.year = revenue_put.year;
  insert into shop.revenue_figure as f (year, amount_minor, services, by_staff)
  values (revenue_put.year, revenue_put.amount_minor, coalesce(revenue_put.services, false), w.staff)
    on conflict on constraint revenue_figure_pkey do update set amount_minor = excluded.amount_minor, services = excluded.services,
      by_staff = excluded.by_staff, at = clock_timestamp()
  returning * into after;
  perform sec.edited(w.terminal, w.staff, 'revenue', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('year', after.year);
end $$;
grant execute on function api.value_filing(int), api.revenue_put(int, bigint, boolean) to huiyuan_terminal;
