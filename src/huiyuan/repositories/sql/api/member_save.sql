-- A member's record is made and edited here and nowhere else. What is personal arrives sealed, with its blind index.
drop function if exists api.member_put(bigint, int, text, text, text, int, int, boolean);

create or replace function shop.masked_name(name text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select left(name, 1) || case when length(name) > 1 then '**' else '' end $$;

create or replace function shop.gives_marketing(member bigint) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce((select c.given from shop.consent c where c.member = gives_marketing.member and c.purpose = 'marketing' order by c.id desc limit 1),
                  false) $$;

-- A member as the history keeps it: names masked, sealed values sealed, of the rest of what is personal only whether there is any.
create or replace function shop.member_view(m shop.member) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('number', m.number, 'kind', m.kind, 'name', shop.masked_name(m.name),
      'tier', (select t.name from shop.tier t where t.id = m.tier), 'home_store', (select u.code from shop.unit u where u.id = m.home_store),
      'archived', m.archived_at is not null, 'source', m.source, 'doubts', to_jsonb(m.doubts), 'gender', p.gender,
      'birthday', p.birth_calendar is not null, 'phone', encode(s.phone_mask, 'hex'), 'id_no', encode(p.id_no_shown, 'hex'),
      'address', p.address is not null, 'marketing', shop.gives_marketing(m.id)) || shop.company_shown(m.id)
    from (select) one left join shop.personal p on p.member = m.id left join shop.member_search s on s.member = m.id $$;

-- A solar birthday is a date that was; of a lunar one the counter knows the calendar, so here only its bounds.
create or replace function shop.date_exists(birth jsonb) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if birth->>'calendar' = 'lunar' then return (birth->>'month')::int between 1 and 12 and (birth->>'day')::int between 1 and 30; end if;
  return coalesce(make_date((birth->>'year')::int, (birth->>'month')::int, (birth->>'day')::int) between '1900-01-01' and current_date + 1, false);
exception when others then return false;
end $$;

-- The first fault of what was given, null if there is none. A sealed field is absent (as it is), null (none) or an object of hex texts.
create or replace function shop.draft_fault(given jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_known text[] := '{number,kind,name,tier,home_store,gender,birthday,phone,id_no,address,marketing,source,archived,doubts,checked,same_phone,
                      tokens,request,company}';
  v_birth jsonb := given->'birthday';
  v_key text;
begin
  if jsonb_typeof(given) is distinct from 'object' then return sec.malformed('member', 'member'); end if;
  select k into v_key from jsonb_object_keys(given) k where k <> all (v_known) limit 1;
  if v_key is not null then return sec.refusal('unknown_key', jsonb_build_object('section', 'member', 'key', left(v_key, 40))); end if;
  select f.key into v_key from jsonb_each(given) f
   where f.key in ('phone', 'id_no', 'address') and f.value <> 'null'
     and (jsonb_typeof(f.value) <> 'object' or (f.value->>'sealed' ~ '^([0-9a-f]{2}){30,}$' and length(f.value->>'sealed') <= 2000) is not true
          or f.key <> 'address' and (f.value->>'mask' ~ '^([0-9a-f]{2}){30,200}$' and f.value->>'index' ~ '^[0-9a-f]{64}$') is not true
          or f.key = 'phone' and (f.value->>'index4' ~ '^[0-9a-f]{64}$') is not true) limit 1;
  if v_key is not null then return sec.malformed('member', v_key); end if;
  v_key := shop.company_fault(given);
  if v_key is not null then return sec.malformed('member', v_key); end if;
  select w.key into v_key from (values ('kind', '{person,company}'::text[]), ('gender', '{male,female}'),
      ('source', '{counter,call_centre,website,import}'), ('checked', '{id_document,card_pin,call_back}')) w(key, known)
   where given->>w.key is not null and given->>w.key <> all (w.known) limit 1;
  if v_key is not null then return sec.malformed('member', v_key); end if;
  select w.key into v_key from (values ('marketing'), ('archived'), ('same_phone')) w(key)
   where given ? w.key and jsonb_typeof(given->w.key) <> 'boolean' limit 1;
  if v_key is not null then return sec.malformed('member', v_key); end if;
  if given ? 'doubts' and (jsonb_typeof(given->'doubts') <> 'array' or jsonb_array_length(given->'doubts') > 12
      or exists (select from jsonb_array_elements(given->'doubts') d where d #>> '{}' !~ '^[a-z_]{1,24}$')) then
    return sec.malformed('member', 'doubts');
  elsif given->>'request' !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then return sec.malformed('member', 'request');
  elsif given ? 'tokens' and (jsonb_typeof(given->'tokens') <> 'array' or jsonb_array_length(given->'tokens') > 160) then
    return sec.malformed('member', 'tokens');
  elsif given ? 'tier' and not exists (select from shop.tier t where to_jsonb(t.id) = given->'tier') then return sec.malformed('member', 'tier');
  elsif given->>'home_store' is not null
      and not exists (select from shop.unit u where to_jsonb(u.id) = given->'home_store' and u.kind = 'store') then
    return sec.malformed('member', 'home_store');
  elsif v_birth <> 'null' and (jsonb_typeof(v_birth) <> 'object' or (v_birth->>'calendar' in ('solar', 'lunar')
      and v_birth->>'month' ~ '^[0-9]{1,2}$' and v_birth->>'day' ~ '^[0-9]{1,2}$' and coalesce(v_birth->>'year', '1900') ~ '^[0-9]{4}$'
      and jsonb_typeof(v_birth->'leap') = 'boolean') is not true
      or not shop.date_exists(v_birth)) then return sec.malformed('member', 'birthday');
  end if;
  return null;
end $$;

-- Who else has this phone, or whose ID number this is: the one who has been here longest.
create or replace function shop.same_phone(member bigint, index bytea) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('count', count(*) over (), 'member', m.id, 'number', m.number, 'name', m.name)
    from shop.member_search s join shop.member m on m.id = s.member and m.archived_at is null
   where s.phone_index = same_phone.index and m.id <> same_phone.member order by m.id limit 1 $$;
create or replace function shop.same_id(member bigint, index bytea) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('member', m.id, 'number', m.number, 'name', m.name)
    from shop.member m where m.id_no_index = same_id.index and m.archived_at is null and m.id <> same_id.member limit 1 $$;

create or replace function shop.keep_personal(member bigint, given jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_birth jsonb := nullif(given->'birthday', 'null');
begin
  insert into shop.personal(member) values (keep_personal.member) on conflict do nothing;
  update shop.personal p set
    gender = case when given ? 'gender' then given->>'gender' else p.gender end,
    birth_calendar = case when given ? 'birthday' then v_birth->>'calendar' else p.birth_calendar end,
    birth_year = case when given ? 'birthday' then (v_birth->>'year')::int else p.birth_year end,
    birth_month = case when given ? 'birthday' then (v_birth->>'month')::int else p.birth_month end,
    birth_day = case when given ? 'birthday' then (v_birth->>'day')::int else p.birth_day end,
    birth_leap = case when given ? 'birthday' then coalesce((v_birth->>'leap')::boolean, false) else p.birth_leap end,
    phone = case when given ? 'phone' then decode(given->'phone'->>'sealed', 'hex') else p.phone end,
    id_no = case when given ? 'id_no' then decode(given->'id_no'->>'sealed', 'hex') else p.id_no end,
    id_no_shown = case when given ? 'id_no' then decode(given->'id_no'->>'mask', 'hex') else p.id_no_shown end,
    address = case when given ? 'address' then decode(given->'address'->>'sealed', 'hex') else p.address end
   where p.member = keep_personal.member;
end $$;

-- What may stand in the way of a save, in the order in which a person can do something about it; null: nothing.
create or replace function shop.save_fault(staff int, before shop.member, id bigint, given jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_duty text := (select f.duty from sec.staff f where f.id = save_fault.staff);
  v_fields text[];
  v_found jsonb;
begin
  v_found := shop.kept_by_law(before, given);
  if v_found is not null then return sec.refusal('kept_by_law', v_found); end if;
  if given ? 'tier' and (given->>'tier')::int is distinct from coalesce(before.tier, (select t.id from shop.tier t order by t.rank limit 1))
     and (sec.permission_of(v_duty, 'member_tier')).permission is null then
    return sec.refusal('not_permitted', '{"permission":"member_tier"}');
  end if;
  if coalesce(given->>'kind', before.kind, 'person') <> 'company'
      and exists (select from jsonb_each(coalesce(given->'company', '{}')) f where f.value <> 'null') then
    return sec.malformed('member', 'company');
  end if;
  v_found := shop.same_id(id, decode(given->'id_no'->>'index', 'hex'));
  if v_found is not null then return sec.refusal('same_id', v_found); end if;
  v_found := shop.same_phone(id, decode(given->'phone'->>'index', 'hex'));
  if v_found is not null and not coalesce((given->>'same_phone')::boolean, false) then return sec.refusal('same_phone', v_found); end if;
  if before.id is not null and given->>'checked' is null then
    v_fields := array_remove(array[
      case when given ? 'name' and given->>'name' is distinct from before.name then 'name' end,
      case when given ? 'phone' and exists (select from shop.member_search s where s.member = before.id and s.phone_index is not null)
        then 'phone' end,
      case when given ? 'id_no' and before.id_no_index is not null then 'id_no' end], null) || shop.company_checked(before.id, given);
    if cardinality(v_fields) > 0 then return sec.refusal('identity_check', jsonb_build_object('fields', v_fields)); end if;
  end if;
  return null;
end $$;

create or replace function shop.write_member(staff int, store int, before shop.member, id bigint, given jsonb) returns shop.member
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  after shop.member; v_doubts text[] := before.doubts;
begin
  if given ? 'doubts' then v_doubts := array(select jsonb_array_elements_text(given->'doubts') order by 1); end if;
  if shop.same_phone(id, decode(given->'phone'->>'index', 'hex')) is not null then v_doubts := v_doubts || '{phone_shared}'::text[]; end if;
  insert into shop.member as m (id, number, kind, name, tier, home_store, archived_at, source, created_store, created_by, doubts, id_no_index)
  overriding system value
  values (id, coalesce(normalize(btrim(given->>'number'), NFKC), before.number, lpad(id::text, 6, '0')),
    coalesce(given->>'kind', before.kind, 'person'), coalesce(given->>'name', before.name),
    coalesce((given->>'tier')::int, before.tier, (select t.id from shop.tier t order by t.rank limit 1)),
    case when given ? 'home_store' then (given->>'home_store')::int else before.home_store end,
    case when coalesce((given->>'archived')::boolean, before.archived_at is not null) then coalesce(before.archived_at, clock_timestamp()) end,
    coalesce(given->>'source', before.source, 'counter'), store, staff, coalesce(v_doubts, '{}'),
    case when given ? 'id_no' then decode(given->'id_no'->>'index', 'hex') else before.id_no_index end)
  on conflict on constraint member_pkey do update set number = excluded.number, kind = excluded.kind, name = excluded.name, tier = excluded.tier,
    home_store = excluded.home_store, archived_at = excluded.archived_at, source = excluded.source, doubts = excluded.doubts,
    id_no_index = excluded.id_no_index, version = m.version + 1
  returning m.* into after;
  perform shop.keep_personal(id, given);
  perform shop.keep_company(id, after.kind, given);
  perform shop.index_member(id, case when given ? 'tokens' then array(select jsonb_array_elements_text(given->'tokens')) end,
    case when given ? 'phone' then coalesce(decode(given->'phone'->>'index', 'hex'), '\x') end,
    case when given ? 'phone' then coalesce(decode(given->'phone'->>'index4', 'hex'), '\x') end,
    case when given ? 'phone' then coalesce(decode(given->'phone'->>'mask', 'hex'), '\x') end);
  if given ? 'marketing' and (given->>'marketing')::boolean is distinct from shop.gives_marketing(id) then
    insert into shop.consent(member, purpose, given, staff, store) values (id, 'marketing', (given->>'marketing')::boolean, staff, store);
  end if;
  return after;
end $$;

-- Before and after of what changed, for the member's history; which fields, for the audit, which is never erased.
create or replace function shop.note_change(terminal int, staff int, store int, before jsonb, after jsonb, id bigint, touched text[],
  given jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_checked text := given->>'checked';
  v_keys text[] := array(select k from jsonb_object_keys(after) k where before->k is distinct from after->k or k = any (touched) order by k);
begin
  insert into shop.member_change(member, staff, terminal, store, checked, request, before, after)
  values (id, staff, terminal, store, v_checked, (given->>'request')::uuid,
    coalesce((select jsonb_object_agg(k, before->k) from unnest(v_keys) k where before is not null), '{}'),
    coalesce((select jsonb_object_agg(k, after->k) from unnest(v_keys) k), '{}'));
  perform sec.write_audit(terminal, staff, 'member', null, jsonb_build_object('member', id, 'new', before is null, 'changed', v_keys,
    'checked', v_checked, 'tier', after->'tier', 'archived', after->'archived'));
end $$;

-- version null: a new one, under an id that api.member_form set aside (null: the next). Everything absent from `given` stays as it is.
create or replace function api.member_save(member bigint, version int, given jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set lock_timeout = '3s' as $$
declare
  w record; before shop.member; after shop.member; v_fault jsonb; v_view jsonb; bad text;
  v_id bigint := coalesce(member, nextval('shop.member_id_seq'));
  v_touched text[];
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  v_fault := shop.draft_fault(given);
  if v_fault is not null then return v_fault; end if;
  select m.* into before from shop.member m where m.id = v_id for update;
  -- Sent again because its answer was lost: it stands already.
  if exists (select from shop.member_change c where c.request = (given->>'request')::uuid and c.member = v_id and c.staff = w.staff) then
    return jsonb_build_object('member', before.id, 'number', before.number, 'version', before.version);
  elsif version is null and before.id is not null then
    return sec.refusal('stale', jsonb_build_object('version', before.version));
  elsif version is null and v_id > (select s.last_value from shop.member_id_seq s) then
    return sec.malformed('member', 'member');
  elsif version is not null and before.id is null then
    return sec.refusal('unknown_member', jsonb_build_object('member', member));
  elsif before.version is distinct from member_save.version then
    return sec.refusal('stale', jsonb_build_object('version', before.version));
  end if;
  bad := shop.unclean('{number,name}', array[coalesce(normalize(btrim(given->>'number'), NFKC), before.number, v_id::text),
                                             coalesce(given->>'name', before.name)], '{32,64}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  if before.id is not null and exists (select from shop.member_search s where s.member = v_id
      and s.phone_index = decode(given->'phone'->>'index', 'hex')) then given := given - 'phone'; end if;
  v_fault := shop.save_fault(w.staff, before, v_id, given);
  if v_fault is not null then
    perform sec.refused(w.terminal, w.staff, v_fault->>'refused', (v_fault->'facts') - '{name,number}'::text[]);   -- the audit holds no name
    return v_fault;
  end if;
  v_view := case when before.id is not null then shop.member_view(before) end;
  v_touched := array_remove(array['address', case when given->>'name' <> before.name then 'name' end,
    case when coalesce(shop.personal_shown(v_id)->'birthday', 'null') <> given->'birthday' then 'birthday' end], null);
  v_touched := array(select t from unnest(v_touched) t where given ? t);
  after := shop.write_member(w.staff, w.store, before, v_id, given);
  perform shop.note_change(w.terminal, w.staff, w.store, v_view, shop.member_view(after), v_id, v_touched, given);
  return jsonb_build_object('member', after.id, 'number', after.number, 'version', after.version);
exception when unique_violation then
  v_fault := shop.same_id(v_id, decode(given->'id_no'->>'index', 'hex'));
  if v_fault is not null then return sec.refusal('same_id', v_fault); end if;
  return sec.refusal('already_used', jsonb_build_object('field', 'number', 'value', given->>'number'));
end $$;
grant execute on function api.member_save(bigint, int, jsonb) to huiyuan_terminal;
