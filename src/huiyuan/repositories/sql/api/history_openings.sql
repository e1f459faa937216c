-- Opening balances: what members held before they came here, one document of history a member, known by its id.

-- What the rows of a list will need: stores by code, running passes by name, documents that stand with their numbers, and the next
-- number of each store's history seat. A document that stands keeps its number, so that the same row again is the same document.
create or replace function api.import_openings(stores text[], ids uuid[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
begin
  return jsonb_build_object(
    'stores', (select coalesce(jsonb_object_agg(u.code, u.id), '{}') from shop.unit u where u.kind = 'store' and u.code = any (stores)),
    'next', (select coalesce(jsonb_object_agg(u.code, coalesce(t.number, 0) + 1), '{}') from shop.unit u
               left join sec.terminal t on t.role = 'huiyuan_import:' || u.id where u.kind = 'store' and u.code = any (stores)),
    'passes', (select coalesce(jsonb_object_agg(f.name, jsonb_build_object('rule', v.rule, 'version', v.version)), '{}')
                 from shop.rule f join shop.rule_version v on v.rule = f.id where f.family = 'pass'
                  and v.valid_from <= clock_timestamp() and (v.valid_to is null or v.valid_to > clock_timestamp())),
    'known', (select coalesce(jsonb_object_agg(d.id, d.number), '{}') from ledger.document d where d.id = any (ids)));
end $$;

-- Who stands for the totals of a list, before anything of it is booked.
create or replace function api.import_signed(staff text, digest text, totals jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare v_staff int;
begin
  select s.id into v_staff from sec.staff s where s.number = import_signed.staff and s.active;
  if v_staff is null then return sec.refusal('unknown_staff', jsonb_build_object('number', left(import_signed.staff, 20))); end if;
  if (digest ~ '^[0-9a-f]{64}$' and jsonb_typeof(totals) = 'object' and length(totals::text) < 4000) is not true then
    return sec.malformed('totals', 'totals');
  end if;
  perform sec.write_audit(null, v_staff, 'openings_signed', null, jsonb_build_object('digest', digest, 'totals', totals));
  return '{}';
end $$;

-- [{member, phone, mask, index, index4}] in hex: a telephone for members who have none yet, with the marks by which it is found.
create or replace function api.import_phones(phones jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare v_made int;
begin
  insert into shop.personal(member, phone)
  select x.member, decode(x.phone, 'hex') from jsonb_to_recordset(phones) x(member bigint, phone text) order by x.member
  on conflict (member) do update set phone = excluded.phone where personal.phone is null;
  get diagnostics v_made = row_count;
  update shop.member_search s set phone_index = decode(x.index, 'hex'), phone4_index = decode(x.index4, 'hex'), phone_mask = decode(x.mask, 'hex')
    from jsonb_to_recordset(phones) x(member bigint, mask text, index text, index4 text)
   where s.member = x.member and s.phone_index is null;
  return jsonb_build_object('made', v_made);
end $$;
grant execute on function api.import_openings(text[], uuid[]), api.import_signed(text, text, jsonb), api.import_phones(jsonb) to huiyuan_import;
