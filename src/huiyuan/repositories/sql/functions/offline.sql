-- A sale that happened while the line was away. It has happened: what the world did meanwhile is noted for a person, and refused is
-- only what no honest counter sends.

-- How long, how many and how much cash a terminal sells without the line: what is not counted on a server lies in one drawer.
create or replace function ledger.offline_caps(store int, out hours int, out sales int, out cash_minor bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  hours := least(coalesce((shop.setting_of(store, 'offline_hours')->>0)::int, 8), 20);     -- a session is asked for 24 hours
  sales := coalesce((shop.setting_of(store, 'offline_sales')->>0)::int, 300);
  cash_minor := coalesce((shop.setting_of(store, 'offline_cash_minor')->>0)::bigint, 2000000);
end $$;

-- What drawer cash its tenders bring.
create or replace function ledger.cash_of(tenders ledger.tender_in[]) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select sum(t.amount_minor + coalesce(t.rounded_minor, 0)) from unnest(tenders) t join shop.tender x on x.kind = t.kind
    where x.account = 'cash'), 0);
end $$;

-- A shift that was closed meanwhile stays as it was counted: what comes late goes to a shift of its own, one for each, closed as it begins.
create or replace function ledger.late_shift(d ledger.draft, closed ledger.shift) returns uuid
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_late uuid;
begin
  perform 1 from shop.drawer w where w.id = (d.terminal).drawer for no key update;
  select s.shift into v_late from sec.late_shift s where s.of = closed.id;
  if v_late is not null then return v_late; end if;
  insert into ledger.shift(id, drawer, store, number, opened_at, opened_by, closed_at)
  select gen_random_uuid(), closed.drawer, closed.store, max(s.number) + 1, x.now, (d.session).staff, x.now
    from ledger.shift s cross join (select clock_timestamp() as now) x where s.drawer = closed.drawer group by x.now returning id into v_late;
  insert into sec.late_shift(shift, of) values (v_late, closed.id);
  return v_late;
end $$;

-- Before anything is locked: the late shift, and points that nobody can be sure of.
create or replace function ledger.take_offline(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_shift ledger.shift;
begin
  if (d.header).offline_at is null then return; end if;
  select * into v_shift from ledger.shift s where s.id = (d.header).shift and s.drawer = (d.terminal).drawer
     and not exists (select from sec.late_shift l where l.shift = s.id) for share;
  if v_shift.closed_at > (d.header).offline_at then
    d.header.shift := ledger.late_shift(d, v_shift);
    d.late := true;
  end if;
  if d.grants = '{}' then return; end if;
  if not exists (select from shop.wallet w left join shop.member m on m.id = w.member
                  where w.id = (d.header).wallet and m.archived_at is null and coalesce(m.state, 'active') = 'active'
                    and (exists (select from shop.card c where c.wallet = w.id and c.state = 'active')
                         or not exists (select from shop.card c where c.wallet = w.id))) then
    d.unearned := (select sum(g.amount) from unnest(d.grants) g);
    d.grants := '{}';
  end if;
end $$;

-- The cash of a late sale leaves the drawer's books as it enters them: it was counted with the shift, as over.
create or replace function ledger.expand_late(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := ledger.cash_of(d.tenders);
begin
  if d.late and v_cash > 0 then
    d.postings := d.postings || (0, 'late', d.currency, 'over_short', (d.terminal).store, 'cash', ledger.account_of('cash', null,
        (d.terminal).drawer), v_cash, null, null, null, null, null)::ledger.posting_row;
  end if;
end $$;

-- Everything that differs now from what the counter knew: a row each, until a person decides.
create or replace function ledger.write_offline(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_store int := (d.terminal).store;
begin
  if (d.header).offline_at is null then return; end if;
  perform sec.write_audit((d.terminal).id, (d.staff).id, 'offline_sale', d.id, jsonb_strip_nulls(jsonb_build_object(
    'offline_at', (d.header).offline_at, 'signed_at', (d.header).signed_at)));
  insert into sec.offline_sale(document, terminal, store, offline_at, occurred_at, posted_at, cash_minor)
  values (d.id, (d.terminal).id, v_store, (d.header).offline_at, (d.header).occurred_at, d.at, ledger.cash_of(d.tenders));
  insert into sec.review(document, n, store, what, amount_minor, facts, at)
  select d.id, row_number() over (order by x.ord, x.n), v_store, x.what, x.amount_minor, jsonb_strip_nulls(x.facts), d.at from (
    select 1 as ord, l.n, 'price' as what, round((l.price_minor - w.now)::numeric * l.qty_milli / 1000)::bigint as amount_minor,
           jsonb_build_object('line', l.n, 'product', p.name, 'paper', l.price_minor, 'now', w.now) as facts
      from unnest(d.lines) l join shop.product p on p.id = l.product
      cross join lateral (select ledger.price_now(l.product, v_store, d.at) as now) w where not coalesce(l.open, false) and w.now <> l.price_minor
    union all
    select 2, l.n, 'product_gone', l.total_minor, jsonb_build_object('line', l.n, 'product', p.name)
      from unnest(d.lines) l join shop.product p on p.id = l.product
     where not p.active or (not coalesce(l.open, false) and ledger.price_now(l.product, v_store, d.at) is null)
    union all
    select 3, p.id, 'oversold', null, jsonb_build_object('product', p.name, 'on_hand', h.qty_milli)
      from ledger.on_hand h join shop.product p on p.id = h.product
     where h.store = v_store and h.qty_milli < 0 and h.product in (select m.product from unnest(d.moves) m)
    union all
    select 4, 0, 'points', null, jsonb_build_object('wallet', (d.header).wallet, 'points', d.unearned) where d.unearned is not null
    union all
    select 5, 0, 'staff', d.total, jsonb_build_object('staff', (d.staff).number, 'name', (d.staff).name)
     where not (d.staff).active or not sec.in_scope((d.staff).units, v_store)
        or ((d.header).signed_at is not null and (d.staff).pin_changed_at > (d.session).opened_at)   -- by a PIN that was none any more
    union all
    select 6, 0, 'late_shift', ledger.cash_of(d.tenders), jsonb_build_object('shift', (select o.number from sec.late_shift s
      join ledger.shift o on o.id = s.of where s.shift = (d.header).shift)) where d.late
    union all
    select 7, r.rule, 'promotion', null, jsonb_build_object('rule', f.name, 'why', ledger.person_why(d, r)->>'why')
      from shop.rule_version r join shop.rule f on f.id = r.rule
     where (r.rule, r.version) in (select a.rule, a.version from unnest(d.adjustments) a where a.source = 'promotion')
       and ledger.person_why(d, r) is not null) x;
end $$;
