-- Value moves: lots first, then one entry and one link of the chain for each guarded account.

-- The life of what a rule grants. Points end with a month, so that a wallet holds some dozens of lots, not one a sale.
create or replace function ledger.expiry_of(account_kind text, rule int, version int, at timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select case when r.term_days is null or account_kind = 'principal' then null
    when account_kind = 'points' then (date_trunc('month', (at at time zone c.time_zone) + make_interval(days => r.term_days)) + interval
        '1 month') at time zone c.time_zone
    else (date_trunc('day', at at time zone c.time_zone) + make_interval(days => r.term_days + 1)) at time zone c.time_zone end
  from shop.chain c left join lateral (
    select v.term_days from shop.rule_version v join shop.rule f on f.id = v.rule
     where (v.rule = expiry_of.rule and v.version = expiry_of.version)
        or (expiry_of.rule is null and f.family = account_kind and v.valid_from <= at and (v.valid_to is null or v.valid_to > at))
     order by v.term_days nulls last limit 1) r on true);
end $$;

-- Out of lots: first what the document taken back had put there, then what expires first.
create or replace function ledger.take_from_lots(d ledger.draft, account bigint, amount bigint, of uuid, demand text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_first int := coalesce((select max(m.n) from ledger.lot_move m where m.document = d.id), 0);
  v_taken bigint;
begin
  with own as (select n.lot, n.net from ledger.net_lots((d.origin).id, account, demand, of) n where n.net > 0 and take_from_lots.of is not null),
       lots as (select l.id, l.remaining, l.expires_at, least(l.remaining, coalesce(o.net, 0)) as mine
                  from ledger.lot l left join own o on o.lot = l.id where l.account = take_from_lots.account and l.remaining > 0),
       queue as (
         select q.*, coalesce(sum(q.there) over (order by q.pass, q.expires_at nulls last, q.id rows between unbounded preceding
             and 1 preceding), 0) as before
           from (select 1 as pass, x.id, x.expires_at, x.mine as there from lots x where x.mine > 0
                 union all
                 select 2, x.id, x.expires_at, x.remaining - x.mine from lots x
                  where x.remaining > x.mine and (x.expires_at is null or x.expires_at > d.at)) q),
       used as (select q.id, min(q.pass) as pass, min(q.expires_at) as expires_at, sum(least(q.there,
           take_from_lots.amount - q.before))::bigint as used
                  from queue q where q.before < take_from_lots.amount group by q.id),
       moved as (update ledger.lot l set remaining = l.remaining - u.used from used u where l.id = u.id returning l.id),
       noted as (insert into ledger.lot_move(document, n, lot, account, delta, of, demand)
         select d.id, v_first + row_number() over (order by u.pass, u.expires_at nulls last, u.id), u.id, take_from_lots.account, -u.used,
                take_from_lots.of,                take_from_lots.demand from used u)
  select sum(u.used) into v_taken from used u;
  if v_taken is distinct from amount then
    perform sec.refuse('insufficient', jsonb_build_object('account', (select a.kind from ledger.account a where a.id = account),
      'wallet', (select a.wallet from ledger.account a where a.id = account), 'balance', coalesce(v_taken, 0), 'wanted', amount));
  end if;
end $$;

-- A new lot, or more of the lot of the same expiry where the account merges them.
create or replace function ledger.new_lot(d ledger.draft, account bigint, amount bigint, expires_at timestamptz, of uuid, demand text)
  returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_kind text;
  v_merges boolean;
  v_lot bigint;
begin
  select k.kind, k.merges into v_kind, v_merges from ledger.account a join ledger.account_kind k on k.kind = a.kind where a.id = account;
  if v_merges then
    update ledger.lot l set amount = l.amount + new_lot.amount, remaining = l.remaining + new_lot.amount
     where l.id = (select min(x.id) from ledger.lot x where x.account = new_lot.account and x.expires_at is not distinct from new_lot.expires_at)
    returning l.id into v_lot;
  end if;
  if v_lot is null then
    insert into ledger.lot(account, kind, document, store, staff, expires_at, amount, remaining)
    values (account, v_kind, d.id, (d.terminal).store, (d.staff).id, expires_at, amount, amount) returning id into v_lot;
  end if;
  insert into ledger.lot_move(document, n, lot, account, delta, of, demand)
  select d.id, coalesce(max(m.n), 0) + 1, v_lot, new_lot.account, new_lot.amount, new_lot.of, new_lot.demand
    from ledger.lot_move m where m.document = d.id;
end $$;

-- Into lots: back to those that the document taken back had used, last used first; the rest makes a new lot.
create or replace function ledger.put_into_lots(d ledger.draft, p ledger.posting_row) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_account bigint := p.credit_ref;
  v_rest bigint := p.amount;
  v_of uuid;
  v_fresh bigint := 0;
  v_demand text;
  b record;
begin
  select t.of, t.demand into v_of, v_demand from ledger.lot_target(d, p) t;
  for b in select l.id, least(-n.net, l.amount - l.remaining) as room, l.expires_at <= d.at as expired
             from ledger.net_lots((d.origin).id, v_account, v_demand, v_of) n join ledger.lot l on l.id = n.lot
            where n.net < 0 and v_of is not null order by l.expires_at desc nulls first, l.id desc loop
    exit when v_rest = 0;
    continue when b.room <= 0;
    if b.expired then
      v_fresh := v_fresh + least(b.room, v_rest);
    else
      update ledger.lot l set remaining = l.remaining + least(b.room, v_rest) where l.id = b.id;
      insert into ledger.lot_move(document, n, lot, account, delta, of, demand)
      select d.id, coalesce(max(m.n), 0) + 1, b.id, v_account, least(b.room, v_rest), v_of, v_demand from ledger.lot_move m where m.document = d.id;
    end if;
    v_rest := v_rest - least(b.room, v_rest);
  end loop;
  if v_fresh > 0 then
    perform ledger.new_lot(d, v_account, v_fresh, d.at + make_interval(days => (select c.put_back_days from shop.chain c)), v_of, v_demand);
  end if;
  if v_rest > 0 then 
    perform ledger.new_lot(d, v_account, v_rest, case when p.credit like 'pass:%' then ledger.pass_expiry(p, d.at)
      else ledger.expiry_of(p.credit, p.rule, p.version, d.at) end, v_of, v_demand);
  end if;
end $$;

create or replace function ledger.write_value(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p ledger.posting_row;
  v_lots text[] := array(select k.kind from ledger.account_kind k where k.lots);
  v_bad jsonb;
begin
  foreach p in array d.postings loop
    if p.demand = 'carry' and p.of_n is null and p.credit = any (v_lots) then
      perform ledger.carry_lots(d, p);
      continue;
    end if;
    if p.debit = any (v_lots) then
      perform ledger.take_from_lots(d, p.debit_ref, p.amount, t.of, t.demand) from ledger.lot_target(d, p) t;
    end if;
    if p.credit = any (v_lots) then perform ledger.put_into_lots(d, p); end if;
  end loop;
  with legs as (
         select x.account, sum(case k.normal when x.side then x.amount else -x.amount end)::bigint as delta
           from (select p1.debit as kind, p1.debit_ref as account, 'debit' as side, p1.amount from unnest(d.postings) p1
                 union all select p2.credit, p2.credit_ref, 'credit', p2.amount from unnest(d.postings) p2) x
           join ledger.account_kind k on k.kind = x.kind and k.owner <> 'store' group by x.account),
       moved as (
         update ledger.account a set balance = a.balance + g.delta, seq = a.seq + 1,
                head = ledger.entry_hash(a.head, a.id, a.seq + 1, g.delta, a.balance + g.delta, d.at, d.id, d.fingerprint)
           from legs g where a.id = g.account and g.delta <> 0 and a.balance + g.delta >= -a.limit_minor
         returning a.id, a.seq, g.delta, a.balance, a.head),
       noted as (insert into ledger.entry(account, seq, document, delta, balance, posted_at, business_date, hash)
         select m.id, m.seq, d.id, m.delta, m.balance, d.at, d.business_date, m.head from moved m)
  select jsonb_build_object('account', a.kind, 'wallet', a.wallet, 'balance', a.balance, 'wanted', -g.delta) into v_bad
    from legs g left join ledger.account a on a.id = g.account
   where g.delta <> 0 and (a.id is null or a.balance + g.delta < -a.limit_minor) limit 1;
  if v_bad->>'account' = 'cash' then perform sec.refuse('cash_short', jsonb_build_object('wanted', v_bad->'wanted')); end if;   -- no word of how much
  if v_bad is not null then perform sec.refuse('insufficient', v_bad); end if;
end $$;

create or replace function ledger.entry_hash(prev bytea, account bigint, seq bigint, delta bigint, balance bigint, at timestamptz, document uuid,
    fingerprint bytea)
returns bytea language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return (select sha256(prev || int8send(account) || int8send(seq) || int8send(delta) || int8send(balance) || timestamptz_send(at) ||
      uuid_send(document)
      || fingerprint));
end $$;
