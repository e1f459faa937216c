-- What a wallet has of passes now: those with uses left, or that still last, the first to end first.
create or replace function shop.wallet_passes(wallet bigint, day date) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('pass', f.id, 'name', f.name, 'unlimited', ledger.pass_unlimited(f.id), 'left', x.usable,
      'expires_at', x.ends, 'day_max', (v.body->>'day_max')::int, 'product', (v.body->>'product')::int,
      'used_today', ledger.pass_used(wallet_passes.wallet, f.id, wallet_passes.day),
      'worth_minor', ledger.pass_worth(f.id, 1)) order by x.ends, f.id), '[]')
    from ledger.account a join shop.rule f on a.kind = 'pass:' || f.id and f.family = 'pass'
   cross join lateral (select sum(l.remaining) as usable,
                              case when ledger.pass_unlimited(f.id) then max(l.expires_at) else min(l.expires_at) end as ends
                         from ledger.lot l where l.account = a.id and l.remaining > 0 and (l.expires_at is null or l.expires_at > now())) x
   cross join lateral (select r.body from shop.rule_version r where r.rule = f.id and r.valid_from <= now() order by r.version desc limit 1) v
   where a.wallet = wallet_passes.wallet and x.usable > 0 $$;

-- The trading day now of a store.
create or replace function shop.day_of(store int) returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
  select ledger.business_date_of(now(), coalesce(u.time_zone, c.time_zone), c.cutover_minutes)
    from shop.chain c join shop.unit u on u.id = day_of.store $$;
