-- What a counter sees of a member: the whole page in one answer, chain-wide. Of what is personal only masks leave here, sealed.

-- The last documents with goods of these wallets, in any store; older than `after`, newest first.
create or replace function shop.purchases_of(member bigint, after uuid, most int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with mark as (select d.business_date, d.id from ledger.document d where d.id = purchases_of.after),
  found as (
    select d.* from shop.wallet w join ledger.document d on d.wallet = w.id join ledger.kind k on k.kind = d.kind and 'lines' = any (k.required)
     where w.member = purchases_of.member
       and (purchases_of.after is null or (d.business_date, d.id) < (select m.business_date, m.id from mark m))
     order by d.business_date desc, d.id desc limit purchases_of.most)
  select coalesce(jsonb_agg(jsonb_build_object('document', f.id, 'kind', f.kind, 'receipt', f.result->>'receipt',
      'at', case when k.family = 'live' then f.posted_at else f.occurred_at end, 'store', u.name, 'total_minor', f.total_minor,
      'lines', (select count(*) from ledger.line l where l.document = f.id),
      'goods', (select jsonb_agg(p.name order by l.n) from (select x.* from ledger.line x where x.document = f.id order by x.n limit 3) l
                  join shop.product p on p.id = l.product)) order by f.business_date desc, f.id desc), '[]')
    from found f join ledger.kind k on k.kind = f.kind join shop.unit u on u.id = f.store $$;

-- How often and for how much in the last 365 days; returns lower the sum.
create or replace function shop.year_of(member bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('count', count(*) filter (where d.kind not in ('return', 'blind_return')),
      'minor', coalesce(sum(case when d.kind in ('return', 'blind_return') then -d.total_minor
                                 else d.total_minor - coalesce((d.result->>'back_minor')::bigint, 0) end), 0))
    from shop.wallet w join ledger.document d on d.wallet = w.id and d.business_date > current_date - 365
    join ledger.kind k on k.kind = d.kind and 'lines' = any (k.required)
   where w.member = year_of.member and not exists (select from ledger.reversed r where r.document = d.id) $$;

create or replace function shop.accounts_of(wallets bigint[]) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'wallet', a.wallet, 'balance', ledger.usable(a.id, now()))
             order by a.wallet, k.unit, a.kind desc), '[]')
    from ledger.account a join ledger.account_kind k on k.kind = a.kind where a.wallet = any (wallets) $$;

create or replace function shop.cards_of(member bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'type', y.name,
               'wallet', c.wallet, 'state', ledger.standing_state(c.state, c.valid_to, current_date))
             order by array_position('{active,issued,expired,frozen,lost,replaced,closed}', c.state), c.id), '[]')
    from shop.wallet w join shop.card c on c.wallet = w.id join shop.card_type y on y.id = c.type where w.member = cards_of.member $$;

create or replace function shop.notes_of(member bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'text', n.text, 'pops_up', n.pops_up, 'by', f.name, 'at', n.at)
             order by n.pops_up desc, n.id desc), '[]')
    from shop.member_note n join sec.staff f on f.id = n.staff where n.member = notes_of.member and n.removed_at is null $$;

create or replace function shop.personal_shown(member bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('gender', p.gender, 'phone', encode(s.phone_mask, 'hex'), 'id_no', encode(p.id_no_shown, 'hex'),
      'address', p.address is not null, 'marketing', shop.gives_marketing(personal_shown.member),
      'slips', shop.wants_messages(personal_shown.member),
      'company', shop.company_shown(personal_shown.member),
      'birthday', case when p.birth_calendar is not null then jsonb_build_object('calendar', p.birth_calendar, 'year', p.birth_year,
                         'month', p.birth_month, 'day', p.birth_day, 'leap', p.birth_leap) end)
    from (select) one left join shop.personal p on p.member = personal_shown.member
    left join shop.member_search s on s.member = personal_shown.member $$;

create or replace function api.member_page(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; m shop.member;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  select x.* into m from shop.member x where x.id = member_page.member;
  if m.id is null then return sec.refused(w.terminal, w.staff, 'unknown_member', jsonb_build_object('member', member)); end if;
  return jsonb_build_object(
    'id', m.id, 'number', m.number, 'version', m.version, 'kind', m.kind, 'name', m.name, 'joined_at', m.joined_at,
    'state', m.state, 'archived', m.archived_at is not null, 'source', m.source, 'doubts', to_jsonb(m.doubts),
    'merged_into', (select x.number from shop.member x where x.id = m.merged_into),
    'tier', (select jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name) from shop.tier t where t.id = m.tier),
    'home_store', (select jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name) from shop.unit u where u.id = m.home_store),
    'created_by', (select f.name from sec.staff f where f.id = m.created_by),
    'created_store', (select u.name from shop.unit u where u.id = m.created_store),
    'cards', shop.cards_of(m.id), 'notes', shop.notes_of(m.id), 'purchases', shop.purchases_of(m.id, null, 5), 'year', shop.year_of(m.id),
    'accounts', shop.accounts_of(array(select v.id from shop.wallet v where v.member = m.id))) || shop.personal_shown(m.id);
end $$;

-- What the form needs: tiers, stores, and for a new member an id that nobody else is given.
create or replace function api.member_form(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; v_id bigint := member;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if v_id is null then v_id := nextval('shop.member_id_seq'); end if;
  return jsonb_build_object('member', v_id, 'number', coalesce((select m.number from shop.member m where m.id = v_id), lpad(v_id::text, 6, '0')),
    'tiers', (select jsonb_agg(jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name) order by t.rank) from shop.tier t),
    'stores', (select jsonb_agg(jsonb_build_object('id', u.id, 'code', u.code, 'name', u.name) order by u.code)
                 from shop.unit u where u.kind = 'store'));
end $$;

create or replace function api.member_purchases(member bigint, after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  return shop.purchases_of(member, after, least(greatest(most, 1), 100));
end $$;

drop function if exists api.member_history(bigint), api.members_to_verify(int);
create or replace function api.member_history(member bigint, before bigint default null, most int default 100) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', c.id, 'at', c.at, 'staff', f.name, 'store', u.name, 'terminal', t.code,
             'checked', c.checked, 'before', c.before, 'after', c.after) order by c.id desc)
      from (select x.* from shop.member_change x where x.member = member_history.member and x.after <> '{}'
               and (member_history.before is null or x.id < member_history.before)
             order by x.id desc limit sec.at_most(most, 50, 100)) c
      join sec.staff f on f.id = c.staff join shop.unit u on u.id = c.store join sec.terminal t on t.id = c.terminal), '[]');
end $$;

create or replace function api.members_to_verify(most int, after bigint default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name, 'doubts', to_jsonb(m.doubts)) order by m.id)
      from (select x.* from shop.member x where x.doubts <> '{}' and x.archived_at is null
               and x.id > coalesce(members_to_verify.after, 0) order by x.id
             limit sec.at_most(most, 50, 200)) m), '[]');
end $$;

-- note null: a new one on the member; else that note leaves the page (the row stays).
create or replace function api.member_note_put(member bigint, note bigint, text text, pops_up boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; v_id bigint; v_member bigint := member;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if note is not null then
    update shop.member_note n set removed_by = w.staff, removed_at = clock_timestamp() where n.id = note and n.removed_at is null
    returning n.id, n.member into v_id, v_member;
    if v_id is null then return sec.refusal('unknown_note'); end if;
  else
    if not exists (select from shop.member m where m.id = v_member) then
      return sec.refusal('unknown_member', jsonb_build_object('member', member));
    elsif not coalesce(shop.clean(text, 200), false) then return sec.refusal('unclean_text', '{"field":"note"}'); end if;
    insert into shop.member_note(member, text, pops_up, staff, store)
    values (v_member, member_note_put.text, coalesce(pops_up, false), w.staff, w.store) returning id into v_id;
  end if;
  perform sec.write_audit(w.terminal, w.staff, 'member_note', null,
    jsonb_build_object('member', v_member, 'note', v_id, 'removed', note is not null));
  return jsonb_build_object('note', v_id);
end $$;
grant execute on function api.member_page(bigint), api.member_form(bigint), api.member_purchases(bigint, uuid, int),
  api.member_history(bigint, bigint, int),
  api.members_to_verify(int, bigint), api.member_note_put(bigint, bigint, text, boolean) to huiyuan_terminal;
