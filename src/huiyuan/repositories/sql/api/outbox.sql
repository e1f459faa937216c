-- The outbox: slips that wait to be sent to members, taken by one sender at a time, and what became of them.
create or replace function shop.outbox_row(o shop.outbox) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('document', o.document, 'receipt', d.result->>'receipt', 'kind', d.kind, 'total_minor', d.total_minor,
    'number', m.number, 'name', m.name, 'state', o.state, 'queued_at', o.queued_at, 'tries', o.tries, 'copies', o.copies, 'fault', o.fault,
    'ended_at', o.ended_at)
    from ledger.document d join shop.member m on m.id = o.member where d.id = o.document $$;

-- What waits first, the oldest on top; of the rest the newest.
create or replace function api.outbox(most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(shop.outbox_row(o.*) order by o.ended_at is not null, o.ended_at desc, o.queued_at, o.document)
    from (select x.* from shop.outbox x where x.store = w.store
           order by x.ended_at is not null, x.ended_at desc, x.queued_at, x.document limit sec.at_most(most, 50, 200)) o), '[]');
end $$;

-- What nobody sends any more is settled first: a sender that died leaves a doubt, a slip that was taken back or is two days old stays here.
create or replace function shop.outbox_swept(store int) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update shop.outbox o set state = 'unknown', doubt = true, fault = 'interrupted', not_before = clock_timestamp()
   where o.store = outbox_swept.store and o.state = 'sending' and o.taken_at < clock_timestamp() - interval '2 minutes';
  update shop.outbox o set state = 'dropped', fault = 'void', ended_at = clock_timestamp()
   where o.store = outbox_swept.store and o.state = 'queued' and exists (select from ledger.reversed r where r.document = o.document);
  update shop.outbox o set state = 'failed', fault = 'late', ended_at = clock_timestamp()
   where o.store = outbox_swept.store and o.state = 'queued' and o.queued_at < clock_timestamp() - interval '48 hours';
end $$;

-- For one sender: what may be tried now, with the member's number as it lies (sealed). Nobody else gets it meanwhile.
create or replace function api.outbox_take(most int, document uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record; v_taken jsonb;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  perform shop.outbox_swept(w.store);
  with free as (
    select o.document from shop.outbox o where o.store = w.store and o.state in ('queued', 'unknown') and (outbox_take.document is null
        and o.not_before <= clock_timestamp() or o.document = outbox_take.document)
     order by o.queued_at, o.document limit sec.at_most(most, 20, 20) for no key update skip locked),
  taken as (
    update shop.outbox o set state = 'sending', tries = o.tries + 1, taken_by = w.terminal, taken_at = clock_timestamp()
      from free f where o.document = f.document returning o.*)
  select jsonb_agg(jsonb_build_object('document', t.document, 'copies', t.copies, 'doubt', t.doubt, 'member', t.member,
      'phone', encode(p.phone, 'hex')) order by t.queued_at, t.document) into v_taken
    from taken t left join shop.personal p on p.member = t.member;
  if v_taken is not null then
    perform sec.write_audit(w.terminal, w.staff, 'outbox_taken', null, jsonb_build_object('documents',
      (select jsonb_agg(x->'document') from jsonb_array_elements(v_taken) x)));
  end if;
  return coalesce(v_taken, '[]');
end $$;

-- What became of one that this terminal took. `queued`: certainly nothing went out, so it is tried again, each time later.
create or replace function api.outbox_told(document uuid, state text, fault text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  if state is null or state not in ('queued', 'sent', 'failed', 'unknown') or coalesce(fault !~ '^[a-z_]{1,40}$', false) then
    return sec.malformed('outbox', 'state');
  end if;
  update shop.outbox o set state = outbox_told.state, fault = outbox_told.fault, doubt = outbox_told.state = 'unknown',
         ended_at = case when outbox_told.state in ('sent', 'failed') then clock_timestamp() end,
         not_before = clock_timestamp() + make_interval(mins => least(o.tries, 30))
   where o.document = outbox_told.document and o.store = w.store and o.state = 'sending' and o.taken_by = w.terminal;
  if not found then return sec.refusal('outbox_moved'); end if;
  return jsonb_build_object('document', document, 'state', state);
end $$;

-- A person says: once more (what went out, or may have, comes as a copy), or not at all.
create or replace function api.outbox_decide(document uuid, again boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' set timezone = 'UTC' as $$
declare
  w record; before shop.outbox; after shop.outbox;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  select o.* into before from shop.outbox o where o.document = outbox_decide.document and o.store = w.store for no key update;
  if before.document is null or before.state = 'sending' or not again and before.state in ('sent', 'dropped')
     or again and before.state = 'queued' then
    return sec.refusal('outbox_moved');
  end if;
  update shop.outbox o set state = case when again then 'queued' else 'dropped' end, fault = null, tries = 0, doubt = false,
         copies = o.copies + (again and before.state in ('sent', 'unknown'))::int, queued_at = case when again then clock_timestamp()
         else o.queued_at end, not_before = clock_timestamp(), ended_at = case when not again then clock_timestamp() end
   where o.document = before.document returning o.* into after;
  perform sec.edited(w.terminal, w.staff, 'outbox', to_jsonb(before), to_jsonb(after));
  return shop.outbox_row(after);
end $$;

-- That a member wants slips as messages, from now on, or does not any more.
create or replace function api.slip_wish_put(member bigint, given boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if given is null then return sec.malformed('consent', 'given'); end if;
  if not exists (select from shop.member m where m.id = slip_wish_put.member) then
    return sec.refusal('unknown_member', jsonb_build_object('member', member));
  end if;
  insert into shop.consent(member, purpose, given, staff, store) values (slip_wish_put.member, 'slip', slip_wish_put.given, w.staff, w.store);
  perform sec.edited(w.terminal, w.staff, 'slip_wish', null, jsonb_build_object('member', member, 'given', given));
  return jsonb_build_object('member', member, 'given', given);
end $$;
grant execute on function api.outbox(int), api.outbox_take(int, uuid), api.outbox_told(uuid, text, text), api.outbox_decide(uuid, boolean),
  api.slip_wish_put(bigint, boolean) to huiyuan_terminal;
