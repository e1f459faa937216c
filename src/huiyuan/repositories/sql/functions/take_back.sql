-- Returns and reversals: the route is forced, the client does not choose where value goes back to.

-- Net of what a document, and everything that took it back, moved in each lot; of what it took back of another one, only that.
create or replace function ledger.net_lots(document uuid, account bigint, demand text, target uuid) returns table(lot bigint, net bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select m.lot, sum(m.delta)::bigint from ledger.lot_move m
   where (m.document = net_lots.document or m.of = net_lots.document)
     and (target is null or m.of = target or (m.of is null and target = net_lots.document))
     and m.account = net_lots.account
     and m.demand is not distinct from net_lots.demand group by m.lot having sum(m.delta) <> 0;
end $$;

-- What can be taken back from an account: its live lots, and what is left of those the document made, expired or not.
create or replace function ledger.takeable(account bigint, at timestamptz, origin uuid, only_own boolean) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(case when only_own or l.expires_at <= at then least(l.remaining, greatest(n.net, 0)) else l.remaining end), 0)::bigint
    from ledger.lot l left join ledger.net_lots(takeable.origin, takeable.account, null, null) n on n.lot = l.id
   where l.account = takeable.account and l.remaining > 0
     and (n.net > 0 or (not only_own and (l.expires_at is null or l.expires_at > at))));
end $$;

-- Points that are not there any more become a debt; later earnings settle it first. What this document gives back counts as there.
create or replace function ledger.take_points(inout d ledger.draft, amount bigint, contra text, rule int, version int, of_n int)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_points bigint := ledger.account_of('points', (d.header).wallet, null);
  v_there bigint := ledger.takeable(v_points, d.at, (d.origin).id, false)
    + coalesce((select sum(case p.credit when 'points' then p.amount else -p.amount end) from unnest(d.postings) p
                 where (p.debit = 'points' and p.debit_ref = v_points) or (p.credit = 'points' and p.credit_ref = v_points)), 0);
begin
  d.postings := d.postings || array(
    select (0, case contra when 'points_issued' then 'grant' else 'redeem' end, 'POINT', s.kind,
            ledger.account_of(s.kind, (d.header).wallet, null), contra, (d.terminal).store, s.amount,
            null, null, rule, version, of_n)::ledger.posting_row
      from (values ('points', least(amount, v_there)), ('points_debt', amount - least(amount, v_there))) s(kind, amount) where s.amount > 0);
end $$;

-- The mirror of every posting. What a return had added to the debt of points may be settled already: the rest is points again.
create or replace function ledger.expand_reversal(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p ledger.posting;
  v_debt bigint;
  v_spent record;
  v_own boolean := (d.origin).kind not in ('return', 'exchange');
begin
  select a.kind as account, a.wallet, x.wanted - ledger.takeable(a.id, d.at, (d.origin).id, v_own) as missing into v_spent
    from (select o.credit_ref, sum(o.amount)::bigint - coalesce((select sum(b.amount) from ledger.posting b   -- what an exchange puts back first
                   where b.document = (d.origin).id and b.debit = o.credit and b.debit_ref = o.credit_ref), 0) as wanted from ledger.posting o
           where o.document = (d.origin).id
             and (o.credit in ('principal', 'bonus') or o.credit like 'pass:%' or (o.demand = 'carry' and o.credit = 'points'))
           group by o.credit, o.credit_ref) x
    join ledger.account a on a.id = x.credit_ref where x.wanted > ledger.takeable(a.id, d.at, (d.origin).id, v_own) limit 1;
  if not found then                                       -- what was promised with it and booked since then is not in its own lots
    select 'bonus' as account, min(w.wallet) as wallet, sum(w.part_minor) as missing, 'released' as why into v_spent from ledger.bonus_plan w
      join ledger.bonus_part b on b.plan = w.document where w.document = (d.origin).id having count(*) > 0;
  end if;
  if found then perform sec.refuse('lot_spent', to_jsonb(v_spent)); end if;
  v_debt := coalesce((select a.balance from ledger.account a where a.wallet = (d.header).wallet and a.kind = 'points_debt'), 0)
    + coalesce((select sum(least(o.amount, h.balance)) from ledger.posting o         -- what had gone on to another wallet comes back first
         join ledger.account a on a.id = o.credit_ref and a.wallet = (d.header).wallet join ledger.account h on h.id = o.debit_ref
        where o.document = (d.origin).id and o.demand = 'carry' and o.credit = 'points_debt'), 0);
  for p in select o.* from ledger.posting o where o.document = (d.origin).id order by o.demand = 'carry' desc, o.debit = 'points' desc,
      case (d.origin).kind when 'exchange' then -o.n else o.n end loop
    if p.demand = 'carry' and p.credit = 'points_debt' and (d.origin).kind = 'member_merge' then
      d.postings := d.postings || ledger.debt_carried_back(d, p);
    elsif p.demand = 'carry' and p.credit = 'points_debt' then      -- as much of it as is owed there still
      p.amount := least(p.amount, (select a.balance from ledger.account a where a.id = p.debit_ref));
      continue when p.amount = 0;
      d.postings := d.postings || (0, p.demand, p.unit, p.credit, p.credit_ref, p.debit, p.debit_ref, p.amount,
                                   p.method, p.reference, p.rule, p.version, p.n)::ledger.posting_row;
    elsif p.demand not in ('carry', 'forfeit') and p.credit in ('points', 'points_debt') and p.unit = 'POINT' then
      d := ledger.take_points(d, p.amount, p.debit, p.rule, p.version, p.n);
    elsif p.demand <> 'carry' and p.debit = 'points_debt' then
      d.postings := d.postings || array(
        select (0, p.demand, p.unit, p.credit, p.credit_ref, s.kind, ledger.account_of(s.kind, (d.header).wallet, null), s.amount,
                p.method, p.reference, p.rule, p.version, p.n)::ledger.posting_row
          from (values ('points_debt', least(p.amount, v_debt)), ('points', p.amount - least(p.amount, v_debt))) s(kind, amount) where s.amount > 0);
      v_debt := v_debt - least(p.amount, v_debt);
    else
      d.postings := d.postings || (0, p.demand, p.unit, p.credit, p.credit_ref, p.debit, p.debit_ref, p.amount,
                                   p.method, p.reference, p.rule, p.version, p.n)::ledger.posting_row;
    end if;
  end loop;
  d.total := (d.origin).total_minor;
end $$;

-- A line's share is the floor of total x returned / sold, cumulated: the last piece brings the exact rest. Where an earlier piece
-- was undone after a later one came back, the next may be owed nothing, but never less.
create or replace function ledger.return_lines(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_bad record;
begin
  select l.of as line, coalesce(o.qty_milli - coalesce(r.qty_milli, 0), 0) as left_milli into v_bad
    from unnest(d.lines) l left join ledger.line o on o.document = (d.origin).id and o.n = l.of and o.of_line is null
    left join ledger.returned r on r.document = o.document and r.line = o.n
   where o.n is null or l.qty_milli <= 0 or l.qty_milli > o.qty_milli - coalesce(r.qty_milli, 0)
      or (select count(*) from unnest(d.lines) x where x.of = l.of) > 1 or (select count(*) from unnest(d.lines) x where x.n = l.n) > 1 limit 1;
  if found then perform sec.refuse('returned_beyond_sold', jsonb_build_object('line', v_bad.line, 'left', v_bad.left_milli)); end if;
  d.lines := array(
    select (l.n, o.product, l.qty_milli, o.price_minor, s.share, s.share, l.of, null)::ledger.line_in
      from unnest(d.lines) l join ledger.line o on o.document = (d.origin).id and o.n = l.of
      left join ledger.returned r on r.document = o.document and r.line = o.n
     cross join lateral (select greatest(0, floor(o.total_minor::numeric * (coalesce(r.qty_milli, 0) + l.qty_milli) / o.qty_milli)
                                 - coalesce(r.amount_minor, 0))::bigint as share) s order by l.n);
  d.total := (select sum(l.total_minor) from unnest(d.lines) l);
end $$;

-- Points that paid come back as the money they stood for does: by cumulated floor over what the points paid.
create or replace function ledger.give_points_back(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  d.postings := d.postings || array(
    with undone as (
      select b.of_n, sum(b.amount) as amount from ledger.document x join ledger.posting b on b.document = x.id
       where x.of = (d.origin).id and x.kind in ('return', 'exchange')
         and not exists (select from ledger.reversed r where r.document = x.id) group by b.of_n)
    select (0, 'redeem', p.unit, p.credit, (d.terminal).store, p.debit, p.debit_ref, s.points_back, p.method, null, p.rule, p.version,
            p.n)::ledger.posting_row
      from ledger.posting p
      join ledger.posting m on m.document = p.document and m.demand = 'tender' and m.debit = 'points_redeemed'
      join unnest(d.postings) now_back on now_back.demand = 'refund' and now_back.of_n = m.n
      left join undone mu on mu.of_n = m.n left join undone pu on pu.of_n = p.n
     cross join lateral (select floor(p.amount::numeric * (coalesce(mu.amount, 0) + now_back.amount) / m.amount)
                                - coalesce(pu.amount, 0) as points_back) s
     where p.document = (d.origin).id and p.demand = 'redeem' and p.debit = 'points' and s.points_back > 0);
end $$;

-- The tenders share by largest remainder over what is left of each; tax and points by cumulated floor over the sale's total. Money
-- leaves the drawer that is here, and the books of this store: it has the goods now.
create or replace function ledger.expand_return(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before bigint := coalesce((select sum(r.amount_minor) from ledger.returned r where r.document = (d.origin).id), 0);
  v_whole bigint := greatest((d.origin).total_minor, 1);
  v_cash bigint := ledger.account_of('cash', null, (d.terminal).drawer);
  v_points bigint;
begin
  d.header.wallet := (d.origin).wallet;
  d := ledger.return_lines(d);
  d.postings := array(
    with undone as (
      select p.of_n, sum(p.amount) as amount from ledger.document x join ledger.posting p on p.document = x.id
       where x.of = (d.origin).id and x.kind in ('return', 'exchange')
         and not exists (select from ledger.reversed r where r.document = x.id) group by p.of_n),
    rest as (
      select p.*, p.amount - coalesce(u.amount, 0) as open, sum(p.amount - coalesce(u.amount, 0)) over () as all_open
        from ledger.posting p left join undone u on u.of_n = p.n where p.document = (d.origin).id and p.demand = 'tender'),
    part as (select r.*, floor(d.total * r.open / greatest(r.all_open, 1)) as base, (d.total * r.open) % greatest(r.all_open, 1) as odd from rest r),
    share as (select x.*, x.base + case when row_number() over (order by x.odd desc, x.n) <= d.total - sum(x.base) over () then 1
        else 0 end as amount_back from part x),
    tax as (select p.*, floor(p.amount::numeric * (v_before + d.total) / v_whole) - coalesce(u.amount, 0) as amount_back
              from ledger.posting p left join undone u on u.of_n = p.n
               where p.document = (d.origin).id and p.demand = 'tax'
                 and p.debit = 'revenue')
    select (0, 'refund', s.unit, s.credit, (d.terminal).store, s.debit, case k.owner when 'drawer' then v_cash when 'wallet' then s.debit_ref
            else (d.terminal).store end, s.amount_back,
            s.method, s.reference, null, null, s.n)::ledger.posting_row from share s join ledger.account_kind k on k.kind = s.debit
     where s.amount_back > 0
    union all
    select (0, 'tax', t.unit, t.credit, (d.terminal).store, t.debit, (d.terminal).store, t.amount_back, t.method,
            null, null, null, t.n)::ledger.posting_row
      from tax t where t.amount_back > 0);

  d := ledger.give_points_back(d);
  select floor(sum(p.amount)::numeric * (v_before + d.total) / v_whole) into v_points
    from ledger.posting p where p.document = (d.origin).id and p.demand = 'grant' and p.debit = 'points_issued';
  v_points := v_points - coalesce((select sum(p.amount) from ledger.document x
    join ledger.posting p on p.document = x.id and p.demand = 'grant' and p.credit = 'points_issued'
    where x.of = (d.origin).id and x.kind in ('return', 'exchange')
      and not exists (select from ledger.reversed r where r.document = x.id)), 0);
  if v_points > 0 then d := ledger.take_points(d, v_points, 'points_issued', null, null, null); end if;
end $$;
