-- The statement of a wallet for a span of business days: what stood before, every document that moved it, oldest first, what stood after, and
-- the sums by kind. All of it is out of the entries: opening and what moved make the closing, whatever was paid back, merged or expired.

-- What each document of the span moved. Points are less what is owed of them; an imported document counts from when it was for.
create or replace function shop.wallet_moves(wallet bigint, last date)
returns table(document uuid, business_date date, at timestamptz, store text, kind text, receipt text, principal bigint, bonus bigint, points bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select d.id, d.business_date, case when k.family = 'live' then d.posted_at else d.occurred_at end, u.code, d.kind, d.result->>'receipt',
         m.principal, m.bonus, m.points
    from (select e.document, coalesce(sum(e.delta) filter (where a.kind = 'principal'), 0)::bigint as principal,
                 coalesce(sum(e.delta) filter (where a.kind = 'bonus'), 0)::bigint as bonus,
                 coalesce(sum(case a.kind when 'points' then e.delta when 'points_debt' then -e.delta end), 0)::bigint as points
            from ledger.account a join ledger.entry e on e.account = a.id
           where a.wallet = wallet_moves.wallet and a.kind in ('principal', 'bonus', 'points', 'points_debt')
             and e.business_date <= wallet_moves.last group by 1) m
    join ledger.document d on d.id = m.document join ledger.kind k on k.kind = d.kind join shop.unit u on u.id = d.store;
end $$;

-- What of the closing figures had ended by then and pays nothing any more.
create or replace function shop.wallet_ended(wallet bigint, last date, till timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('bonus', coalesce(sum(m.delta) filter (where a.kind = 'bonus'), 0),
                            'points', coalesce(sum(m.delta) filter (where a.kind = 'points'), 0))
    from ledger.account a join ledger.lot l on l.account = a.id and l.expires_at <= wallet_ended.till
    join ledger.lot_move m on m.lot = l.id join ledger.document d on d.id = m.document and d.business_date <= wallet_ended.last
   where a.wallet = wallet_ended.wallet and a.kind in ('bonus', 'points') $$;

create or replace function shop.wallet_statement(wallet bigint, first date, last date, after uuid, most int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with moved as materialized (select m.* from shop.wallet_moves(wallet_statement.wallet, wallet_statement.last) m),
  run as (
    select m.*, sum(m.principal + m.bonus) over w as stored, sum(m.points) over w as held from moved m
    window w as (order by m.business_date, m.at, m.document)),
  page as (
    select r.* from run r
     where r.business_date >= wallet_statement.first and (wallet_statement.after is null or (r.business_date, r.at, r.document)
             > (select x.business_date, x.at, x.document from run x where x.document = wallet_statement.after))
     order by r.business_date, r.at, r.document limit wallet_statement.most + 1)
  select jsonb_build_object(
    'opening', (select jsonb_build_array(coalesce(sum(m.principal), 0), coalesce(sum(m.bonus), 0), coalesce(sum(m.points), 0)) from moved m
                 where m.business_date < wallet_statement.first),
    'closing', (select jsonb_build_array(coalesce(sum(m.principal), 0), coalesce(sum(m.bonus), 0), coalesce(sum(m.points), 0)) from moved m),
    'kinds', coalesce((select jsonb_agg(jsonb_build_array(k.kind, k.many, k.principal, k.bonus, k.points) order by k.kind) from (
        select m.kind, count(*) as many, sum(m.principal) as principal, sum(m.bonus) as bonus, sum(m.points) as points from moved m
         where m.business_date >= wallet_statement.first group by 1) k), '[]'),
    'rows', coalesce((select jsonb_agg(jsonb_build_array(p.document, p.at, p.store, p.kind, p.receipt, p.principal, p.bonus, p.points, p.stored,
        p.held) order by p.business_date, p.at, p.document) from page p), '[]')) $$;

-- `first` null: the first of this month, `last` null: today. The rows are `most` and one more, which says that others follow. That somebody
-- looked is on record, once a statement.
create or replace function api.wallet_statement(wallet bigint, first date, last date, after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_today date; v_last date; v_first date; v_wallet shop.wallet; v_end timestamptz;
  v_most int := least(greatest(coalesce(most, 20), 1), 500);
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  select x.* into v_wallet from shop.wallet x where x.id = wallet_statement.wallet;
  if v_wallet.id is null then return sec.refused(w.terminal, w.staff, 'unknown_wallet', jsonb_build_object('wallet', wallet)); end if;
  v_today := api.business_day();
  v_last := least(coalesce(wallet_statement.last, v_today), v_today);
  v_first := coalesce(wallet_statement.first, date_trunc('month', v_last)::date);
  if not isfinite(v_first) or not isfinite(v_last) or v_first > v_last then return sec.malformed('statement', 'first'); end if;
  select ((v_last + 1)::timestamp + make_interval(mins => c.cutover_minutes)) at time zone c.time_zone into v_end from shop.chain c;
  if after is null then
    perform sec.write_audit(w.terminal, w.staff, 'statement', null, jsonb_build_object('wallet', wallet, 'first', v_first, 'last', v_last));
  end if;
  return shop.wallet_statement(v_wallet.id, v_first, v_last, after, v_most) || jsonb_build_object('wallet', v_wallet.id, 'first', v_first,
    'last', v_last, 'today', v_today, 'now', clock_timestamp(),
    'due', shop.credit_debt(v_wallet.id, v_today), 'ended', shop.wallet_ended(v_wallet.id, v_last, least(v_end, clock_timestamp())),
    'member', (select jsonb_build_object('number', m.number, 'name', m.name) from shop.member m where m.id = v_wallet.member),
    'cards', coalesce((select jsonb_agg(c.number order by c.id) from shop.card c where c.wallet = v_wallet.id), '[]'));
end $$;
grant execute on function api.wallet_statement(bigint, date, date, uuid, int) to huiyuan_terminal;
