-- The card desk: how a card stands, what may be done with it now and for which fee, who moved it; fees that are due, cards past their day.

-- The fees that the rules in force here ask for a move of such a card.
create or replace function shop.fees_of_move(kind text, store int, tier int, type int, main boolean, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', v.body->>'code', 'rule', v.rule, 'version', v.version, 'amount_minor', v.amount_minor)
             order by v.rule), '[]')
    from shop.rule_version v join shop.rule f on f.id = v.rule and f.family = 'fee'
   where v.body->>'kind' = fees_of_move.kind and v.amount_minor > 0 and v.valid_from <= at and (v.valid_to is null or v.valid_to > at)
     and (v.stores is null or fees_of_move.store = any (v.stores)) and (v.tiers is null or fees_of_move.tier = any (v.tiers))
     and (v.published_by is null or v.approved_by is not null) and ledger.fee_covers(v.body, fees_of_move.type, fees_of_move.main) $$;

-- Everything a kind may do with a card that stands so: back only to what it was before.
create or replace function shop.moves_of(c shop.card, state text, store int, tier int, main boolean, at timestamptz) returns jsonb
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'now', m.now, 'permission', k.permission, 'reason', k.needs_reason,
             'identity', k.needs_identity and c.holder is not null, 'shift', k.needs_shift,
             'fees', shop.fees_of_move(k.kind, store, tier, c.type, main, at)) order by array_position(
               '{card_activation,card_lost,card_found,card_replacement,card_renewal,card_freeze,card_unfreeze,card_pin_reset,card_pin_unlock,
                 card_type_change,card_restore,card_expiry}'::text[], k.kind) nulls last, k.kind, m.now), '[]')
    from ledger.kind k cross join unnest(k.card_moves) p(pair)
   cross join lateral (select split_part(p.pair, '>', 1) as was, split_part(p.pair, '>', 2) as now) m
   where m.was = moves_of.state and m.was <> 'blank'
     and (ledger.card_rank(m.now) >= ledger.card_rank(m.was) or m.now = ledger.state_before(c.id))
     and ('member_not_active' <> all (k.guards) or not exists (select from shop.member r where r.id = c.holder and r.state <> 'active'))
     and (k.kind <> 'card_replacement' or ledger.state_before(c.id) in ('issued', 'active'))   -- as guard.replacement_wrong
     and (k.kind <> 'card_expiry' or c.valid_to < ledger.day_here(store))
     and (k.kind <> 'card_renewal' or exists (select from shop.card_type t where t.id = c.type and t.valid_months is not null))
     and (k.kind not in ('card_pin_reset', 'card_pin_unlock') or sec.pin_move_open(k.kind, c.wallet)
          or (k.kind = 'card_pin_reset' and sec.of_another(c)))
     and (k.kind <> 'card_lost' or exists (select from shop.card_type t where t.id = c.type and t.registered)) $$;

-- Who moved it, newest first.
create or replace function shop.card_story(card bigint, most int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(jsonb_build_object('document', s.id, 'at', s.posted_at, 'store', u.name, 'staff', f.name, 'kind', s.kind, 'was', s.was,
             'now', s.now, 'receipt', s.result->>'receipt', 'reason', s.body->>'reason') ||
             coalesce(ledger.terms_told(s.terms), '{}') order by s.posted_at desc, s.chain_seq desc), '[]')
    from (select d.id, d.posted_at, d.chain_seq, d.store, d.rung_by, d.kind, d.result, d.body, e.was, e.now, e.terms
            from ledger.card_event e join ledger.document d on d.id = e.document where e.card = card_story.card
           order by d.posted_at desc, d.chain_seq desc limit most) s
    join shop.unit u on u.id = s.store left join sec.staff f on f.id = s.rung_by $$;

create or replace function api.card_life(token_kind text, token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; c shop.card; y shop.card_type; m shop.member; v_state text; v_main boolean;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  select x.* into c from shop.card_token k join shop.card x on x.id = k.card
   where k.kind = card_life.token_kind and k.hmac = card_life.token and k.valid_from <= now() and (k.valid_to is null or k.valid_to > now());
  if c.id is null then return sec.refused(w.terminal, w.staff, 'unknown_card', jsonb_build_object('token_kind', token_kind)); end if;
  select t.* into y from shop.card_type t where t.id = c.type;
  select x.* into m from shop.member x where x.id = c.holder;
  v_state := ledger.standing_state(c.state, c.valid_to, ledger.day_here(w.store));
  v_main := coalesce((select v.member = c.holder from shop.wallet v where v.id = c.wallet), true);
  return jsonb_build_object('id', c.id, 'number', c.number, 'state', v_state, 'wallet', c.wallet, 'valid_to', c.valid_to, 'issued_on', c.issued_on,
    'type', shop.type_of(y), 'months', y.valid_months, 'main', v_main,
    'before', case when v_state not in ('blank', 'void') then ledger.state_before(c.id) end,
    'replaced_by', (select n.number from shop.card n where n.id = c.replaced_by),
    'holder', case when m.id is not null then jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name, 'state', m.state) end,
    'moves', shop.moves_of(c, v_state, w.store, m.tier, v_main, now()),
    'types', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.id), '[]') from shop.card_type t
               where t.id <> y.id and shop.same_holding(y.id, t.id, now()) and shop.type_open(t, c.holder)),
    'story', shop.card_story(c.id, 50));
end $$;

-- Fees of a year that are open, the longest due first; those after the day, card and rule given.
create or replace function api.fees_open(most int, after_on date, after_card bigint, after_rule int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record;
begin
  w := sec.asks('card_fee');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('card', a.card_id, 'number', c.number, 'holder', m.name, 'member', m.number, 'type', t.name,
           'state', c.state, 'rule', a.rule, 'version', a.version, 'code', a.code, 'amount_minor', a.amount, 'year', a.year, 'due_on', a.due_on)
           order by a.due_on, a.card_id, a.rule)
      from (select x.* from ledger.annual_due(w.store, now(), now(), ledger.day_here(w.store), null) x
             where after_on is null or (x.due_on, x.card_id, x.rule) > (after_on, after_card, after_rule)
             order by x.due_on, x.card_id, x.rule limit sec.at_most(most, 50, 200)) a
      join shop.card c on c.id = a.card_id join shop.card_type t on t.id = c.type join shop.member m on m.id = c.holder), '[]');
end $$;

-- Cards that are past their last day and not written down as expired: what the day's job posts.
create or replace function api.cards_past(most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record;
begin
  w := sec.asks('card_activate');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('card', x.id, 'was', x.state) order by x.id) from (
      select c.id, c.state from shop.card c where c.valid_to < ledger.day_here(w.store) and c.state in ('issued', 'active')
       order by c.id limit sec.at_most(most, 50, 500)) x), '[]');
end $$;

-- The merges of a member, and those undone, by the numbers of who went and who stayed.
create or replace function shop.merges_of(member bigint) returns table(document uuid, was text, now text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.document, coalesce(k.number, g.number), coalesce(s.number, g.number)
    from ledger.repointed r join shop.member g on g.id = r.id
    left join shop.member k on k.id = r.was left join shop.member s on s.id = r.now
   where r.what = 'merged' and merges_of.member in (r.id, r.was, r.now) and (r.was is null or r.now is null) $$;

-- What may be done with a membership, and whether somebody asked for a card.
create or replace function api.member_life(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; m shop.member;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  select x.* into m from shop.member x where x.id = member_life.member;
  if m.id is null then return sec.refusal('unknown_member', jsonb_build_object('member', member)); end if;
  return jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name, 'state', m.state,
    'moves', (select coalesce(jsonb_agg(jsonb_build_object('kind', k.kind, 'now', split_part(p.pair, '>', 2), 'permission', k.permission,
                'reason', k.needs_reason, 'identity', k.needs_identity, 'shift', false, 'fees', '[]'::jsonb)
                order by array_position('{member_freeze,member_unfreeze,member_restore,member_cancellation}'::text[], k.kind)), '[]')
                from ledger.kind k cross join unnest(k.member_moves) p(pair) where split_part(p.pair, '>', 1) = m.state),
    'types', (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.id), '[]') from shop.card_type t
               where t.by_application),
    'story', (select coalesce(jsonb_agg(jsonb_build_object('document', d.id, 'at', d.posted_at, 'store', u.name, 'staff', f.name, 'kind', d.kind,
                'was', e.was, 'now', e.now, 'receipt', d.result->>'receipt', 'reason', d.body->>'reason') order by d.posted_at desc), '[]')
                from (select x.document, x.was, x.now from ledger.member_event x where x.member = m.id
                      union all select * from shop.merges_of(m.id)) e
                join ledger.document d on d.id = e.document join shop.unit u on u.id = d.store
                left join sec.staff f on f.id = d.rung_by));
end $$;

-- Applications of this store that wait, or all of one member.
create or replace function api.card_applications(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks('card_apply');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'state', p.state, 'papers', p.papers, 'at', p.at, 'by', f.name,
           'own', p.applied_by = w.staff, 'type', t.name, 'member', m.id, 'number', m.number, 'name', m.name, 'reason', p.reason,
           'decided_at', p.decided_at) order by p.id desc)
      from (select x.* from shop.card_application x where case when card_applications.member is null
              then x.store = w.store and x.state in ('applied', 'approved') else x.member = card_applications.member end
             order by x.id desc limit 200) p
      join shop.card_type t on t.id = p.type join shop.member m on m.id = p.member join sec.staff f on f.id = p.applied_by), '[]');
end $$;
grant execute on function api.card_life(text, bytea), api.fees_open(int, date, bigint, int), api.cards_past(int), api.member_life(bigint),
  api.card_applications(bigint) to huiyuan_terminal;
