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

-- The card that was read without the line: what was read of it, likeliest first, is looked up only now.
create or replace function ledger.card_noted(d ledger.draft) returns shop.card
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select c from unnest(d.proofs) with ordinality p(wallet, token_kind, token, pin_attempt, source, n)
    join shop.card_token k on k.kind = p.token_kind and k.hmac = ledger.hex(p.token) join shop.card c on c.id = k.card
   order by p.n, k.valid_to desc nulls first limit 1);
end $$;

-- Why a person has to look at it: nobody knows it, it is not in use any more, whoever holds it is frozen or gone. Null: it earns.
create or replace function ledger.noted_why(d ledger.draft, c shop.card) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_state text := ledger.standing_state(c.state, c.valid_to, ledger.day_here((d.terminal).store));
begin
  return case when c.id is null or c.wallet is null then 'unknown' when v_state <> 'active' then v_state
    when exists (select from shop.wallet w left join shop.member m on m.id = w.member where w.id = c.wallet
      and (w.merged_into is not null or m.archived_at is not null or m.state <> 'active')) then 'member' end;
end $$;

-- The sale belongs to the member from here on, as if the card had been shown with the line; what it earns is by the rules for the tier,
-- which the counter could not know.
create or replace function ledger.take_noted(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_card shop.card := ledger.card_noted(d);
  v_total bigint := (select sum(l.total_minor) from unnest(d.lines) l);
begin
  if (d.header).wallet is not null or cardinality(d.proofs) > 6
     or exists (select from unnest(d.proofs) p where p.wallet is not null or p.pin_attempt is not null) then
    perform sec.refuse('offline_refused', '{"why":"parts"}');
  end if;
  if ledger.noted_why(d, v_card) is not null then
    d.unearned := (select sum(g.amount) from unnest(d.grants) g);
    d.grants := '{}';
    return;
  end if;
  d.header.wallet := v_card.wallet;
  d.tier := (select m.tier from shop.wallet w join shop.member m on m.id = w.member where w.id = v_card.wallet);
  d.at := clock_timestamp();                                      -- until it is stamped under the locks
  d.grants := array(
    select ('points', x.rule, x.version, x.amount)::ledger.grant_in
      from (select r.rule, r.version, floor(v_total::numeric * r.points_rate / 10000)::bigint as amount from ledger.rule_in_force(d) r
             where r.family = 'points' and v_total >= r.min_minor) x
     where x.amount > 0 and shop.type_terms(v_card.type, clock_timestamp())->'functions' ? 'points'
     order by x.amount desc, x.rule, x.version desc limit 1);
end $$;

-- Before anything is locked: the late shift, and points that nobody can be sure of. Of a wallet that was merged meanwhile its heir earns.
create or replace function ledger.take_offline(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_shift ledger.shift;
begin
  if (d.header).offline_at is null then
    if exists (select from unnest(d.proofs) p where p.wallet is null) then
      perform sec.refuse('malformed', '{"section":"proofs","detail":"wallet"}');
    end if;
    return;
  end if;
  d.header.wallet := coalesce(ledger.heir_of((d.header).wallet), (d.header).wallet);
  select * into v_shift from ledger.shift s where s.id = (d.header).shift and s.drawer = (d.terminal).drawer
     and not exists (select from sec.late_shift l where l.shift = s.id) for share;
  if v_shift.closed_at > (d.header).offline_at then
    d.header.shift := ledger.late_shift(d, v_shift);
    d.late := true;
  end if;
  if exists (select from unnest(d.proofs) p where p.wallet is null) then
    d := ledger.take_noted(d);
    return;
  end if;
  if d.grants = '{}' then return; end if;
  if not exists (select from shop.wallet w left join shop.member m on m.id = w.member
                  where w.id = (d.header).wallet and m.archived_at is null and coalesce(m.state, 'active') = 'active'
                    and (exists (select from shop.card c where c.wallet = w.id
                           and ledger.standing_state(c.state, c.valid_to, ledger.day_here((d.terminal).store)) = 'active')
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
       and not exists (select from unnest(d.proofs) p where p.wallet is null)
    union all
    select 4, 1, 'card', null, jsonb_build_object('why', ledger.noted_why(d, c), 'last', right((c).number, 4), 'source', (d.proofs)[1].source,
        'member', (select m.number from shop.wallet w join shop.member m on m.id = w.member where w.id = (c).wallet), 'points', d.unearned)
      from ledger.card_noted(d) c where (d.header).wallet is null and d.proofs <> '{}'
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
