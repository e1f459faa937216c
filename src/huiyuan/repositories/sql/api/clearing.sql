-- What stores owe each other: a lot that was sold in one store and spent in another. One row a move of such a lot; a sum over them is always
-- current. A store that took another one's money to heart for a customer is owed it by the store that has it. What is carried from wallet to
-- wallet leaves a lot and enters one of the same store, so it moves nothing here. A pass is paid where it is sold and earned where it is
-- used: what the use earns is owed by the store that sold it. One row a posting, back again where a use is undone.
create or replace view api.clearing with (security_barrier) as
  select m.document, m.n, l.store as issuer, d.store as spender, d.business_date, l.kind as account, -m.delta as amount_minor
    from ledger.lot_move m
    join ledger.lot l on l.id = m.lot and l.kind in ('principal', 'bonus')
    join ledger.document d on d.id = m.document
   where l.store <> d.store
     and (l.store = any ((select api.my_stores())::int[]) or d.store = any ((select api.my_stores())::int[]))
  union all
  select p.document, p.n, x.issuer::int, x.spender::int, d.business_date, 'pass', x.amount
    from ledger.posting p
   cross join lateral (select case when p.debit = 'passes_sold' then p.debit_ref else p.credit_ref end as issuer,
                              case when p.debit = 'passes_sold' then p.credit_ref else p.debit_ref end as spender,
                              case when p.debit = 'passes_sold' then p.amount else -p.amount end as amount) x
    join ledger.document d on d.id = p.document
   where p.demand = 'earn' and p.debit_ref <> p.credit_ref
     and (x.issuer = any ((select api.my_stores())::int[]) or x.spender = any ((select api.my_stores())::int[]));
grant select on api.clearing to huiyuan_terminal, huiyuan_report;

-- Every pair with its three figures; first and last null: since ever, until now.
create or replace function api.clearing_pairs(first date, last date) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('report');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('now', clock_timestamp(),
    'stores', (select jsonb_agg(jsonb_build_array(u.id, u.code, u.name) order by u.code) from shop.unit u where u.kind = 'store'),
    'mine', api.my_stores(),
    'pairs', coalesce((select jsonb_agg(jsonb_build_array(p.issuer, p.spender, p.principal, p.bonus, p.passes) order by p.issuer, p.spender) from (
        select c.issuer, c.spender, coalesce(sum(c.amount_minor) filter (where c.account = 'principal'), 0)::bigint as principal,
               coalesce(sum(c.amount_minor) filter (where c.account = 'bonus'), 0)::bigint as bonus,
               coalesce(sum(c.amount_minor) filter (where c.account = 'pass'), 0)::bigint as passes
          from api.clearing c where (clearing_pairs.first is null or c.business_date >= clearing_pairs.first)
           and (clearing_pairs.last is null or c.business_date <= clearing_pairs.last)
         group by c.issuer, c.spender) p where p.principal <> 0 or p.bonus <> 0 or p.passes <> 0), '[]'));
end $$;

-- The documents behind one figure, newest first, those older than `after`.
create or replace function api.clearing_slips(issuer int, spender int, first date, last date, after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('report');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('document', x.document, 'kind', d.kind, 'receipt', d.result->>'receipt', 'at', d.posted_at,
      'business_date', d.business_date, 'principal_minor', x.principal, 'bonus_minor', x.bonus, 'passes_minor', x.passes)
      order by x.document desc) from (
      select c.document, coalesce(sum(c.amount_minor) filter (where c.account = 'principal'), 0)::bigint as principal,
             coalesce(sum(c.amount_minor) filter (where c.account = 'bonus'), 0)::bigint as bonus,
             coalesce(sum(c.amount_minor) filter (where c.account = 'pass'), 0)::bigint as passes
        from api.clearing c where c.issuer = clearing_slips.issuer and c.spender = clearing_slips.spender
         and (clearing_slips.first is null or c.business_date >= clearing_slips.first)
         and (clearing_slips.last is null or c.business_date <= clearing_slips.last)
         and (clearing_slips.after is null or c.document < clearing_slips.after)
       group by c.document having sum(c.amount_minor) filter (where c.account = 'principal') <> 0
           or sum(c.amount_minor) filter (where c.account = 'bonus') <> 0 or sum(c.amount_minor) filter (where c.account = 'pass') <> 0
       order by c.document desc limit sec.at_most(clearing_slips.most, 20, 100)) x
    join ledger.document d on d.id = x.document), '[]');
end $$;

-- What a simulation needs of each wallet that moved in these days: its lots as they stood before, and what each document then did. A page
-- is so many wallets with a higher id than `after`. The document that was taken back stands last; `carry` says
-- that it went to another wallet or came from one.
create or replace function api.clearing_stories(first date, last date, after bigint, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_wallets bigint[];
begin
  w := sec.asks('report');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  v_wallets := array(select distinct a.wallet from ledger.document d join ledger.lot_move m on m.document = d.id
      join ledger.account a on a.id = m.account and a.kind in ('principal', 'bonus')
     where d.business_date between clearing_stories.first and clearing_stories.last and a.wallet > coalesce(clearing_stories.after, 0)
     order by 1 limit least(greatest(coalesce(most, 200), 1), 500));
  return jsonb_build_object('more', cardinality(v_wallets) = least(greatest(coalesce(most, 200), 1), 500), 'stories', coalesce((
    select jsonb_agg(jsonb_build_object('wallet', x.wallet,
      'lots', (select coalesce(jsonb_agg(jsonb_build_array(l.id, l.kind, l.store, s.there, l.expires_at) order by l.id), '[]')
        from ledger.account a join ledger.lot l on l.account = a.id cross join lateral (
          select coalesce(sum(m.delta), 0) as there from ledger.lot_move m join ledger.document d on d.id = m.document
           where m.lot = l.id and d.business_date < clearing_stories.first) s
       where a.wallet = x.wallet and a.kind in ('principal', 'bonus') and s.there <> 0),
      'moves', (select jsonb_agg(jsonb_build_array(d.id, exists (select from ledger.posting p where p.document = d.id and p.demand = 'carry'),
                         d.kind, d.store, d.posted_at, m.lot, l.kind, l.store, m.delta, l.expires_at, m.of)
                         order by d.posted_at, d.chain_seq, m.n)
        from ledger.account a join ledger.lot_move m on m.account = a.id join ledger.lot l on l.id = m.lot
        join ledger.document d on d.id = m.document and d.business_date between clearing_stories.first and clearing_stories.last
       where a.wallet = x.wallet and a.kind in ('principal', 'bonus'))) order by x.wallet)
      from unnest(v_wallets) x(wallet)), '[]'));
end $$;
grant execute on function api.clearing_pairs(date, date), api.clearing_slips(int, int, date, date, uuid, int),
  api.clearing_stories(date, date, bigint, int) to huiyuan_terminal;
