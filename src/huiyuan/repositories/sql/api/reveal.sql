-- A sealed value in full, in two statements of one pipeline with a sync between: begin commits who asks and why, then the value is
-- handed out once. What is rolled back was never shown.
create or replace function api.reveal_begin(reveal uuid, member bigint, field text, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record; v_count int; v_most int := 30; v_session sec.session := sec.session_here();
  v_reason text := normalize(btrim(reason), NFC);
begin
  if sec.in_transaction() then return sec.refusal('in_transaction'); end if;
  w := sec.asks('reveal');
  if w.refused is not null then return w.refused; end if;
  if coalesce(v_reason, '') = '' then return sec.refusal('reason_missing'); end if;
  if not shop.clean(v_reason, 200) then return sec.refusal('unclean_text', '{"field":"reason"}'); end if;
  if reveal is null or field is null or field <> all ('{phone,id_no,address}'::text[] || shop.company_fields()) then
    return sec.malformed('reveal', 'field');
  end if;
  if not exists (select from shop.member m where m.id = reveal_begin.member) then
    return sec.refused(w.terminal, w.staff, 'unknown_member', jsonb_build_object('member', member));
  end if;
  -- One at a time a person, so that counting and storing are one.
  perform from sec.staff f where f.id = w.staff for no key update;
  select count(*) into v_count from sec.reveal r where r.staff = w.staff and r.at > clock_timestamp() - interval '1 hour';
  if v_count >= v_most then
    return sec.refused(w.terminal, w.staff, 'reveal_limit', jsonb_build_object('count', v_most, 'minutes', 60));
  end if;
  insert into sec.reveal(id, member, field, reason, staff, terminal, session)
  values (reveal, reveal_begin.member, reveal_begin.field, v_reason, w.staff, w.terminal, v_session.id) on conflict do nothing;
  if not found then return sec.refusal('id_reused'); end if;
  perform sec.write_audit(w.terminal, w.staff, 'reveal', null, jsonb_build_object('member', member, 'field', field, 'reveal', reveal));
  return jsonb_build_object('reveal', reveal);
end $$;

create or replace function api.reveal(reveal uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record; r sec.reveal; v_sealed bytea; v_session sec.session := sec.session_here();
begin
  w := sec.asks('reveal');
  if w.refused is not null then return w.refused; end if;
  -- Only what an earlier transaction committed, for the same session, once.
  update sec.reveal x set used_at = clock_timestamp()
   where x.id = reveal.reveal and x.session = v_session.id and x.terminal = w.terminal and x.used_at is null
     and x.xid <> pg_current_xact_id() and x.at > clock_timestamp() - interval '1 minute' returning x.* into r;
  if r.id is null then
    return sec.refused(w.terminal, w.staff, case when exists (
        select from sec.reveal x where x.id = reveal.reveal and x.xid = pg_current_xact_id()) then 'in_transaction' else 'reveal_lost' end, '{}');
  end if;
  raise log 'reveal member=% field=% staff=% terminal=%', r.member, r.field, r.staff, r.terminal;   -- the server's log does not roll back
  select case r.field when 'phone' then p.phone when 'id_no' then p.id_no when 'address' then p.address
           else (select c.sealed from shop.company_person c where c.member = r.member and c.field = r.field) end into v_sealed
    from (select) one left join shop.personal p on p.member = r.member;
  if v_sealed is null then return sec.refusal('nothing_sealed'); end if;
  return jsonb_build_object('member', r.member, 'field', r.field, 'sealed', encode(v_sealed, 'hex'));
end $$;
grant execute on function api.reveal_begin(uuid, bigint, text, text), api.reveal(uuid) to huiyuan_terminal;
