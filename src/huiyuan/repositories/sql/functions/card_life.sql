-- The life of cards and memberships: how a card stands on a day, what it falls back to, and what its moves write.

-- A card past its last day is expired, whether or not somebody wrote it down yet.
create or replace function ledger.standing_state(state text, valid_to date, day date) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return case when valid_to < day and state in ('issued', 'active') then 'expired' else state end; end $$;

-- The trading day of a store now.
create or replace function ledger.day_here(store int) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select ledger.business_date_of(now(), coalesce(u.time_zone, c.time_zone), c.cutover_minutes)
            from shop.chain c join shop.unit u on u.id = day_here.store);
end $$;

-- How far from use a state is: a move to a nearer one gives back what the card was before, and nothing better.
create or replace function ledger.card_rank(state text) returns int language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return array_position('{void,blank,issued,active,expired,frozen,lost,replaced,closed}'::text[], state); end $$;

-- What a card was before it came into the state it stands in. One that came from elsewhere without its story was active.
create or replace function ledger.state_before(card bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_state text := (select c.state from shop.card c where c.id = state_before.card);
begin
  if v_state in ('issued', 'active') then return v_state; end if;
  return coalesce((select e.was from ledger.card_event e join ledger.document x on x.id = e.document
    where e.card = state_before.card and e.now = v_state and ledger.card_rank(e.was) < ledger.card_rank(e.now)
    order by x.posted_at desc, x.chain_seq desc limit 1), 'active');
end $$;

-- The wallets that a document about cards, fees or memberships may judge: nothing comes onto them meanwhile.
create or replace function ledger.wallets_of_cards(d ledger.draft) returns bigint[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if d.cards = '{}' and d.members = '{}' then return '{}'; end if;
  return array(select c.wallet from unnest(d.cards) x join shop.card c on c.id = x.card where c.wallet is not null
               union select w.id from unnest(d.members) m join shop.wallet w on w.member = m.member
               union select c.wallet from unnest(d.members) m join shop.card c on c.holder = m.member where c.wallet is not null);
end $$;

-- The last day of a card after this move: a term from the activation, another one from a renewal; a replacement takes over the old card's;
-- another type takes it away where it has no term, and gives an active card one where there was none.
create or replace function ledger.valid_to_after(d ledger.draft, x ledger.card_in, c shop.card) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_months int := (select t.valid_months from shop.card_type t where t.id = coalesce(x.type, c.type));
begin
  return case (d.kind).card_term
    when 'starts' then (d.business_date + make_interval(months => v_months))::date
    when 'renews' then (greatest(c.valid_to, d.business_date) + make_interval(months => v_months))::date
    when 'follows' then case when x.was = 'blank' then (select o.valid_to from unnest(d.cards) y join shop.card o on o.id = y.card
                                                         where y.now = 'replaced' limit 1) else c.valid_to end
    else case when x.type is null or x.type = c.type then c.valid_to when v_months is null then null
              when c.valid_to is null and x.now = 'active' then (d.business_date + make_interval(months => v_months))::date
              else c.valid_to end end;
end $$;

-- Type and last day as they were and are, null where neither changed.
create or replace function ledger.terms_changed(was shop.card, now shop.card) returns jsonb
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if was.type = now.type and was.valid_to is not distinct from now.valid_to then return null; end if;
  return jsonb_build_object('was', jsonb_build_object('type', was.type, 'valid_to', was.valid_to),
                            'now', jsonb_build_object('type', now.type, 'valid_to', now.valid_to));
end $$;

-- The same in words of the counter: names of types, the last day.
create or replace function ledger.terms_told(terms jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_strip_nulls(jsonb_build_object('valid_to', terms->'now'->>'valid_to')) ||
         case when a.id <> b.id then jsonb_build_object('type', b.name, 'was_type', a.name) else '{}' end
    from shop.card_type a cross join shop.card_type b
   where a.id = (terms->'was'->>'type')::int and b.id = (terms->'now'->>'type')::int $$;

-- The first day of a card's line: a replacement goes on with the old one's.
create or replace function ledger.issued_on_of(d ledger.draft) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).card_term is distinct from 'follows' then return d.business_date; end if;
  return (select o.issued_on from unnest(d.cards) y join shop.card o on o.id = y.card where y.now = 'replaced' limit 1);
end $$;

-- The first of these memberships that rests: whose, frozen or cancelled, since when and by which store; null where all are active.
create or replace function ledger.resting(members bigint[]) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('name', m.name, 'state', m.state, 'since', e.posted_at, 'store', e.store)
    from unnest(members) with ordinality x(id, turn) join shop.member m on m.id = x.id and m.state <> 'active'
    left join lateral (select d.posted_at, u.name as store from ledger.member_event v join ledger.document d on d.id = v.document
                         join shop.unit u on u.id = d.store where v.member = m.id and v.now = m.state
                        order by d.posted_at desc limit 1) e on true
   order by x.turn limit 1 $$;

create or replace function ledger.write_life(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.identity_check(document, n, member, paper, matched, staff, store, at)
  select d.id, i.ordinality, i.holder, i.paper, i.match is not null, (d.staff).id, (d.terminal).store, d.at
    from unnest(d.identity) with ordinality i where i.holder is not null;
  update shop.member m set state = x.now from unnest(d.members) x where m.id = x.member;
  insert into ledger.member_event(document, member, was, now) select d.id, x.member, x.was, x.now from unnest(d.members) x;
  perform ledger.write_applications(d);
  if 'fees' = any ((d.kind).sections) then perform ledger.write_fees(d); end if;
end $$;

-- An application is made, judged or withdrawn; a card that is issued on one uses it up, and taking that back frees it again.
create or replace function ledger.write_applications(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  a record;
  v_id bigint;
begin
  for a in select x.* from unnest(d.applications) x order by x.application loop
    v_id := a.application;
    if v_id is null then
      insert into shop.card_application(member, type, state, papers, store, at, applied_by)
      values (a.holder, a.type, 'applied', a.papers, (d.terminal).store, d.at, (d.staff).id) returning id into v_id;
    else
      update shop.card_application p set state = a.now, decided_by = (d.staff).id, decided_at = d.at, reason = (d.header).reason where p.id = v_id;
    end if;
    insert into ledger.application_event(document, application, was, now) values (d.id, v_id, a.was, a.now);
  end loop;
  for a in select x.card, p.id from unnest(d.cards) x join shop.card c on c.id = x.card
             join shop.card_type t on t.id = coalesce(x.type, c.type) and t.by_application
             join lateral (select q.id from shop.card_application q
                            where q.member = coalesce(x.holder, c.holder) and q.type = t.id and q.state = 'approved'
                            order by q.id limit 1) p on true
            where (x.was = 'blank' or x.type is not null) and (d.kind).card_term is distinct from 'follows' order by x.card loop
    update shop.card_application p set state = 'issued', card = a.card where p.id = a.id;
    insert into ledger.application_event(document, application, was, now, card) values (d.id, a.id, 'approved', 'issued', a.card);
  end loop;
  if (d.kind).takes_back = 'whole' then
    for a in select e.* from ledger.application_event e where e.document = (d.origin).id and e.now = 'issued' loop
      update shop.card_application p set state = 'approved', card = null where p.id = a.application;
      insert into ledger.application_event(document, application, was, now, card) values (d.id, a.application, 'issued', 'approved', a.card);
    end loop;
  end if;
end $$;

-- What else a document wrote, as text for its digest; null where it is none of this, so that documents of before keep their hash.
create or replace function ledger.life_digest(document uuid) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return nullif(concat_ws('|',
    (select string_agg((x.n, x.member, x.paper, x.matched, x.staff, x.store, extract(epoch from x.at))::text, ',' order by x.n)
       from ledger.identity_check x where x.document = life_digest.document),
    (select string_agg((x.member, x.was, x.now)::text, ',' order by x.member) from ledger.member_event x where x.document = life_digest.document),
    (select string_agg((x.application, x.was, x.now, x.card)::text, ',' order by x.application)
       from ledger.application_event x where x.document = life_digest.document),
    (select string_agg((x.n, x.card, x.wallet, x.holder, x.rule, x.year, x.due_minor, x.paid_minor)::text, ',' order by x.n)
       from ledger.fee_year x where x.document = life_digest.document)), '');
end $$;

-- Counters that have one of these cards before them hear of it: ids and states, nothing personal. Rare news: not of cards that come into
-- use, nor of a day's job over many.
create or replace function ledger.tell_cards(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  c ledger.card_in;
begin
  if cardinality(d.cards) > 20 then return; end if;
  foreach c in array d.cards loop
    if c.was <> 'blank' and (c.was, c.now) <> ('issued', 'active') then
      perform pg_notify('huiyuan_cards', jsonb_build_object('card', c.card, 'state', c.now, 'terminal', (d.terminal).id)::text);
    end if;
  end loop;
end $$;

-- Memberships and applications that this document moves, before cards and accounts: a merge takes them in this order too.
create or replace function ledger.lock_life(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if d.members <> '{}' then
    perform 1 from shop.member m where m.id in (select x.member from unnest(d.members) x) order by m.id for no key update;
  end if;
  if d.cards <> '{}' or d.applications <> '{}' then
    perform 1 from shop.member m where m.id in (select x.holder from unnest(d.cards) x union all select a.holder from unnest(d.applications) a)
     order by m.id for no key update;
    perform 1 from shop.card_application p where p.member in (select x.holder from unnest(d.cards) x)
        or p.id in (select a.application from unnest(d.applications) a) order by p.id for no key update;
  end if;
end $$;

create or replace function ledger.read_life(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  d.identity := array(select x from jsonb_populate_recordset(null::ledger.identity_in, d.body->'identity') x);
  d.members := array(select x from jsonb_populate_recordset(null::ledger.member_in, d.body->'members') x);
  d.applications := array(select x from jsonb_populate_recordset(null::ledger.application_in, d.body->'applications') x);
end $$;
