-- An abnormal card from report to closing. Every step is audited; a case that is closed is not changed any more.
create or replace function shop.case_row(c shop.card_case) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('case', c.id, 'card', c.card, 'number', k.number, 'state', k.state, 'kind', c.kind, 'what', c.what,
    'store', u.name, 'at', c.opened_at, 'by', o.name, 'checked', c.checked, 'outcome', c.outcome, 'closed_at', c.closed_at,
    'act', (select jsonb_build_object('kind', d.kind, 'receipt', d.result->>'receipt') from ledger.document d where d.id = c.act))
    from shop.card k join shop.unit u on u.id = c.store join sec.staff o on o.id = c.opened_by where k.id = c.card $$;

create or replace function api.card_case_open(case_id uuid, card bigint, kind text, what text, reporter bytea, contact bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; after shop.card_case;
begin
  w := sec.asks('card_freeze');
  if w.refused is not null then return w.refused; end if;
  if not coalesce(shop.clean(what, 200), false) then return sec.refusal('unclean_text', '{"field":"what"}'); end if;
  if not exists (select from shop.card c where c.id = card_case_open.card and c.wallet is not null) then
    return sec.refusal('unknown_card', '{"token_kind":null}');
  end if;
  insert into shop.card_case(id, card, kind, what, reporter, contact, store, opened_by)
  values (case_id, card_case_open.card, card_case_open.kind, card_case_open.what, card_case_open.reporter, card_case_open.contact, w.store, w.staff)
  on conflict (id) do nothing returning * into after;
  if after.id is null then
    select c.* into after from shop.card_case c where c.id = case_id;
    if after.card <> card_case_open.card then return sec.refusal('case_refused', '{"why":"known"}'); end if;
  else
    perform sec.edited(w.terminal, w.staff, 'card_case', null, to_jsonb(after) - '{reporter,contact}'::text[]);
  end if;
  return shop.case_row(after);
exception when check_violation or not_null_violation then
  return sec.malformed('card_case', 'kind');
end $$;

-- One step further: who it is was verified (`checked`), what was done (`act`: the newest move of the card since the report), how it ended
-- (`outcome`). One of them at a time.
create or replace function api.card_case_step(case_id uuid, checked text, act boolean, outcome text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; before shop.card_case; after shop.card_case; v_act uuid;
begin
  w := sec.asks('card_freeze');
  if w.refused is not null then return w.refused; end if;
  select c.* into before from shop.card_case c where c.id = case_id for update;
  if before.id is null then return sec.refusal('case_refused', '{"why":"unknown"}'); end if;
  if before.closed_at is not null then return sec.refusal('case_refused', '{"why":"closed"}'); end if;
  if act then
    select d.id into v_act from ledger.card_event e join ledger.document d on d.id = e.document
     where e.card = before.card and d.posted_at >= before.opened_at order by d.posted_at desc, d.chain_seq desc limit 1;
    if v_act is null then return sec.refusal('case_refused', '{"why":"act"}'); end if;
    update shop.card_case c set act = v_act where c.id = before.id returning c.* into after;
  elsif outcome is not null then
    if before.checked is null then return sec.refusal('case_refused', '{"why":"check"}'); end if;
    if not shop.clean(outcome, 200) then return sec.refusal('unclean_text', '{"field":"outcome"}'); end if;
    update shop.card_case c set outcome = card_case_step.outcome, closed_by = w.staff, closed_at = clock_timestamp() where c.id = before.id
      returning c.* into after;
  else
    update shop.card_case c set checked = card_case_step.checked, checked_by = w.staff, checked_at = clock_timestamp()
     where c.id = before.id and card_case_step.checked in ('id_document', 'card_pin', 'call_back') returning c.* into after;
    if after.id is null then return sec.malformed('card_case', 'checked'); end if;
  end if;
  perform sec.edited(w.terminal, w.staff, 'card_case', to_jsonb(before) - '{reporter,contact}'::text[],
    to_jsonb(after) - '{reporter,contact}'::text[]);
  return shop.case_row(after);
end $$;

-- Open ones first, the oldest of them on top; of those that are closed the newest.
-- Where a case stands in the list: open ones first, the oldest of them first; then closed ones, the last one first.
create or replace function shop.case_place(c shop.card_case) returns bigint[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when c.closed_at is null then array[0, (extract(epoch from c.opened_at) * 1000000)::bigint]
              else array[1, -(extract(epoch from c.closed_at) * 1000000)::bigint] end $$;

-- At most `most` cases behind the case `after`.
drop function if exists api.card_cases(int);
create or replace function api.card_cases(after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('card_freeze');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(shop.case_row(x.c) order by shop.case_place(x.c), (x.c).id)
    from (select c from shop.card_case c
           where card_cases.after is null
              or (shop.case_place(c), c.id) > (select shop.case_place(a), a.id from shop.card_case a where a.id = card_cases.after)
           order by shop.case_place(c), c.id limit sec.at_most(most, 50, 200)) x), '[]');
end $$;

-- Who reported it and how to call back: audited before it is handed out.
create or replace function api.card_case_contact(case_id uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; c shop.card_case;
begin
  w := sec.asks('card_freeze');
  if w.refused is not null then return w.refused; end if;
  select x.* into c from shop.card_case x where x.id = case_id;
  if c.id is null then return sec.refusal('case_refused', '{"why":"unknown"}'); end if;
  perform sec.edited(w.terminal, w.staff, 'card_case_contact', null, jsonb_build_object('case', c.id));
  return jsonb_build_object('card', c.card, 'reporter', encode(c.reporter, 'hex'), 'contact', encode(c.contact, 'hex'));
end $$;
grant execute on function api.card_case_open(uuid, bigint, text, text, bytea, bytea), api.card_case_step(uuid, text, boolean, text),
  api.card_cases(uuid, int), api.card_case_contact(uuid) to huiyuan_terminal;
