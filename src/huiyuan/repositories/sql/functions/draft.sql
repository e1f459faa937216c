-- From the body as sent to a draft: who posts, which kind, known keys only, typed sections.

-- The terminal by its login (or the store's history seat), locked first: its number and its chain are written last.
create or replace function ledger.lock_terminal(mode text, body jsonb) returns sec.terminal
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_role name := session_user;
  v_terminal sec.terminal;
begin
  if mode = 'history' then
    v_role := 'huiyuan_import:' || (body->>'store');
    insert into sec.terminal(role, store, code) select v_role, u.id, '000' from shop.unit u where u.id = (body->>'store')::int
      on conflict do nothing;
  end if;
  select * into v_terminal from sec.terminal t where t.role = v_role and t.active for no key update;
  if v_terminal.id is null then perform sec.refuse('unknown_terminal'); end if;
  return v_terminal;
end $$;

-- The session named in the document decides who rang it up. Live: it is the one on this connection. Resent: it belonged to
-- this terminal and was open within the last day, whoever sits there now.
create or replace function ledger.find_session(mode text, terminal sec.terminal, named bigint) returns sec.session
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_session sec.session;
begin
  if mode = 'live' then
    v_session := sec.session_here();
    if v_session.id is null then perform sec.refuse('not_signed_in'); end if;
    if v_session.id is distinct from named then perform sec.refuse('wrong_session', jsonb_build_object('session', named)); end if;
  else
    select * into v_session from sec.session s where s.id = named and s.terminal = (find_session.terminal).id
       and coalesce(s.closed_at, least(s.ends_at, clock_timestamp())) > clock_timestamp() - interval '24 hours';
    if v_session.id is null then perform sec.refuse('wrong_session', jsonb_build_object('session', named)); end if;
  end if;
  return v_session;
end $$;

-- A misspelt key is refused, not ignored; so is a missing one that the section needs.
create or replace function ledger.check_keys(kind ledger.kind, body jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_bad record;
  v_header jsonb := body - kind.sections;
begin
  select 'header' as section, k as key into v_bad from jsonb_object_keys(v_header) k, ledger.section s
   where s.name = 'header' and (k <> all (s.keys) or (k = 'store' and kind.family <> 'history') or (k = 'counted_minor' and kind.counts is null)
         or (k = 'wallet' and kind.family <> 'history' and kind.takes_back is distinct from 'goods'
             and not kind.sections && '{grants,corrections,passes}'
             and coalesce(kind.contra, '') not in ('advance', 'credit', 'cash'))
         or (k = 'bought' and not 'gifts' = any (kind.sections))
         or (k = 'buyer' and coalesce(kind.contra, '') <> 'principal')
         or (k in ('held', 'offline_at', 'signed_at') and kind.kind <> 'sale')
         or (k = 'group_order' and not 'group_refused' = any (kind.guards))
         or (k in ('message', 'age_checked') and not 'message_refused' = any (kind.guards))
         or (k = 'amount_minor' and kind.moves_cash is null)) limit 1;
  if found then
    if exists (select from ledger.section s where s.name = v_bad.key and s.name <> 'header') then
      perform sec.refuse('section_not_allowed', jsonb_build_object('section', v_bad.key));
    end if;
    perform sec.refuse('unknown_key', jsonb_build_object('section', 'header', 'key', left(v_bad.key, 40)));
  end if;
  select 'header' as section, k as key into v_bad from ledger.section s cross join unnest(s.needed) k where s.name = 'header'
      and body->>k is null limit 1;
  if found then perform sec.refuse('malformed', jsonb_build_object('section', 'header', 'detail', v_bad.key)); end if;

  select s.name as section, coalesce(u.key, m.key) as key, u.key is not null as is_unknown, jsonb_typeof(t.value) <> 'array' as no_list into v_bad
    from jsonb_each(body) t join ledger.section s on s.name = t.key and s.name <> 'header'
   cross join lateral jsonb_array_elements(case when jsonb_typeof(t.value) = 'array' then t.value else '[{}]' end) e
    left join lateral (select k as key from jsonb_object_keys(case when jsonb_typeof(e) = 'object' then e else '{"?":1}' end) k
                        where k <> all (case when s.name <> 'lines' then s.keys
                                             when kind.takes_back is null or 'backs' = any (kind.sections) then array_remove(s.keys, 'of')
                                             when kind.takes_back = 'goods' then array_remove(array_remove(s.keys, 'of'), 'open')
                                             else '{n,of,qty_milli}' end)
                        limit 1) u on true
    left join lateral (select k as key from unnest(s.needed) k where e->>k is null limit 1) m on true
   where u.key is not null or m.key is not null or jsonb_typeof(t.value) <> 'array' limit 1;
  if found then
    if v_bad.is_unknown and not v_bad.no_list then
      perform sec.refuse('unknown_key', jsonb_build_object('section', v_bad.section, 'key', left(v_bad.key, 40)));
    end if;
    perform sec.refuse('malformed', jsonb_build_object('section', v_bad.section, 'detail', v_bad.key));
  end if;

  select k as key into v_bad from unnest(kind.required) k where coalesce(jsonb_array_length(body->k), 0) = 0 limit 1;
  if found then perform sec.refuse('empty_document', jsonb_build_object('section', v_bad.key)); end if;
  select t.key into v_bad from jsonb_each(body) t where case jsonb_typeof(t.value) when 'array' then jsonb_array_length(t.value)
      else 0 end > 1000 limit 1;
  if found then perform sec.refuse('malformed', jsonb_build_object('section', v_bad.key, 'detail', 'more than 1000 rows')); end if;
  perform ledger.check_values(body, kind.sections);
end $$;

-- A number is a number, whole and within 10^15, so that no sum overflows; a text is a text; a time says its zone. What a name
-- ends with tells its type, as everywhere in the schema; an `of` is a line's number in a section and a document in the header.
create or replace function ledger.check_values(body jsonb, sections text[]) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_bad text := coalesce(
    jsonb_path_query_first(body, 'strict $.* ? (@.type() == "array")[*].keyvalue() ? (@.value.type() != "null" && (
        ((@.key like_regex "^(n|of|line|product|rule|version|card|holder|wallet|taker|member|kept|amount|points|pieces|session)$|_(minor|milli|bp)$"
            || @.key like_regex "^(type|year|application|count|part|staff|unit)$") && @.value.type() != "number")
        || (@.key == "open" && @.value.type() != "boolean")
        || (!(@.key like_regex
            "^(n|of|line|product|rule|version|card|holder|wallet|taker|member|kept|amount|points|pieces|session|open)$|_(minor|milli|bp)$")
            && !(@.key like_regex "^(type|year|application|count|part|staff|unit)$") && @.value.type() != "string")
        || (@.key like_regex "^at$|_at$" && !(@.value like_regex
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"))
        || @.value > 1000000000000000 || @.value < -1000000000000000 || @.value != @.value.floor())).key'),
    jsonb_path_query_first(body - sections, 'strict $.keyvalue() ? (@.value.type() != "null" && (
        (@.key like_regex "^(session|number|wallet|store|buyer|age_checked)$|_minor$" && @.value.type() != "number")
        || (!(@.key like_regex "^(session|number|wallet|store|buyer|age_checked)$|_minor$") && @.value.type() != "string")
        || @.value > 1000000000000000 || @.value < -1000000000000000 || @.value != @.value.floor()
        || (@.key like_regex "_at$" && !(@.value like_regex
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$")))).key')) #>> '{}';
begin
  if v_bad is not null then perform sec.refuse('malformed', jsonb_build_object('section', '', 'detail', v_bad)); end if;
end $$;

-- A document that says nothing moves nothing: the history kind has no required section, so it is asked here.
create or replace function ledger.read_sections(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  d.lines := array(select x from jsonb_populate_recordset(null::ledger.line_in, d.body->'lines') x);
  d.backs := array(select x from jsonb_populate_recordset(null::ledger.line_in, d.body->'backs') x);
  d.adjustments := array(select x from jsonb_populate_recordset(null::ledger.adjustment_in, d.body->'adjustments') x);
  d.taxes := array(select x from jsonb_populate_recordset(null::ledger.tax_in, d.body->'taxes') x);
  d.tenders := array(select x from jsonb_populate_recordset(null::ledger.tender_in, d.body->'tenders') x);
  d.grants := array(select x from jsonb_populate_recordset(null::ledger.grant_in, d.body->'grants') x);
  d.fees := array(select x from jsonb_populate_recordset(null::ledger.fee_in, d.body->'fees') x);
  d.proofs := array(select x from jsonb_populate_recordset(null::ledger.proof_in, d.body->'proofs') x);
  d.cards := array(select x from jsonb_populate_recordset(null::ledger.card_in, d.body->'cards') x);
  d.stock := array(select x from jsonb_populate_recordset(null::ledger.stock_in, d.body->'stock') x);
  d.corrections := array(select x from jsonb_populate_recordset(null::ledger.correction_in, d.body->'corrections') x);
  d.counts := array(select x from jsonb_populate_recordset(null::ledger.count_in, d.body->'counts') x);
  d.removed := array(select x from jsonb_populate_recordset(null::ledger.removed_in, d.body->'removed') x);
  d.gifts := array(select x from jsonb_populate_recordset(null::ledger.gift_in, d.body->'gifts') x);
  d.sellers := array(select x from jsonb_populate_recordset(null::ledger.seller_in, d.body->'sellers') x);
  d.coupons := array(select x from jsonb_populate_recordset(null::ledger.coupon_in, d.body->'coupons') x);
  if ledger.moves_value(d.kind) then d := ledger.read_moving(d); end if;
  d := ledger.read_life(d);
  d.passes := array(select x from jsonb_populate_recordset(null::ledger.pass_in, d.body->'passes') x);
  d.ranges := array(select x from jsonb_populate_recordset(null::ledger.range_in, d.body->'ranges') x);
  if (d.kind).sections && '{lines,tenders,cards,stock,corrections}' and d.lines = '{}' and d.tenders = '{}' and d.cards = '{}'
     and d.stock = '{}' and d.corrections = '{}' and d.grants = '{}' and d.fees = '{}' then
    perform sec.refuse('empty_document', jsonb_build_object('section', ((d.kind).sections)[1]));
  end if;
end $$;

create or replace function ledger.begin_draft(document uuid, shape int, body jsonb, mode text, terminal sec.terminal,
    fingerprint bytea) returns ledger.draft
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  d ledger.draft;
begin
  d.id := document; d.shape := shape; d.mode := mode; d.body := body; d.terminal := terminal; d.fingerprint := fingerprint;
  d.postings := '{}'; d.moves := '{}';
  if shape is distinct from 1 then perform sec.refuse('unknown_shape', jsonb_build_object('shape', shape, 'known', 1)); end if;
  d.kind := (select k from ledger.kind k where k.kind = body->>'kind');
  if (d.kind).kind is null then perform sec.refuse('unknown_kind', jsonb_build_object('kind', left(body->>'kind', 40))); end if;
  if ((d.kind).family = 'history') <> (mode = 'history') then perform sec.refuse('not_permitted', jsonb_build_object('permission',
      'history')); end if;
  perform ledger.check_keys(d.kind, body);
  d.header := jsonb_populate_record(null::ledger.header_in, body - (d.kind).sections);
  d := ledger.read_sections(d);

  if mode <> 'history' then
    d.session := ledger.find_session(mode, terminal, (d.header).session);
    d.staff := (select f from sec.staff f where f.id = (d.session).staff and (f.active or (d.header).offline_at is not null));
    if (d.staff).id is null then perform sec.refuse('staff_blocked', jsonb_build_object('staff', (d.session).staff)); end if;
    if (d.header).offline_at is null and not sec.in_scope((d.staff).units, terminal.store) then
      perform sec.refuse('wrong_store', jsonb_build_object('store', terminal.store));
    end if;
    d.approver := (select f from sec.proposal p join sec.staff f on f.id = p.ok_staff and f.active
                    where p.document = d.id and p.fingerprint = d.fingerprint and p.by_staff = (d.staff).id and p.declined_at is null
                      and p.ok_at > clock_timestamp() - interval '10 minutes' and sec.in_scope(f.units, terminal.store)
                      and (sec.permission_of(f.duty, 'approve')).permission is not null);
  end if;
  d.currency := (select c.currency from shop.chain c);
  if exists (select from ledger.document x where x.terminal = (d.terminal).id and x.number = (d.header).number) then
    perform sec.refuse('number_used', jsonb_build_object('number', (d.header).number, 'next', (d.terminal).number + 1));
  end if;
  if (d.header).number not between 1 and 999999999 then perform sec.refuse('malformed', '{"section":"header","detail":"number"}'); end if;
  if (d.header).reason is not null and not shop.clean((d.header).reason, 200) then
    perform sec.refuse('malformed', '{"section":"header","detail":"reason"}');
  end if;
  if not (d.kind).needs_shift and (d.kind).takes_back is null then d.header.shift := null; end if;   -- what needs no shift belongs to none
  if (d.kind).needs_reason and coalesce(length(btrim((d.header).reason)), 0) not between 2 and 200 then perform sec.refuse('reason_missing'); end if;
  select m.tier into d.tier from shop.wallet w join shop.member m on m.id = w.member where w.id = (d.header).wallet;
  return d;
end $$;

-- The trading day of a moment. Clocks that are put back over the cut-over pass it twice: the day begins once, at the later.
create or replace function ledger.business_date_of(at timestamptz, zone text, cutover_minutes int) returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_cutover interval := make_interval(mins => cutover_minutes);
  v_date date := ((at at time zone zone) - v_cutover)::date;
begin
  return case when (v_date + v_cutover) at time zone zone > at then v_date - 1 else v_date end;
end $$;

-- The server's clock, read under the locks: it ascends within an account. The counter's clock decides nothing.
create or replace function ledger.stamp(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_zone text; v_cutover int;
begin
  select coalesce(u.time_zone, c.time_zone), c.cutover_minutes into v_zone, v_cutover from shop.chain c join shop.unit u on u.id = (d.terminal).store;
  d.at := clock_timestamp();
  d.business_date := ledger.business_date_of(d.at, v_zone, v_cutover);
end $$;
