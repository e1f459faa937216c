-- Units and the settings of a unit.

-- slip_header, slip_footer: up to six lines of text above and below every slip. scale_codes: up to six patterns of the labels
-- that the shop's scales print: digits as they stand, I the product's code, W grams or P the price, N anything, C the check digit.
-- handover_at: the local hour (22:00) at which a shift is to be closed. auto_lock_minutes: a counter locks after so long without a key.
-- quick_keys: up to twelve goods behind a letter or digit (m=MILK-1L). function_keys: up to twelve commands on F2 to F9 (sale.hold=f9).
-- slip_sellers: yes prints who served below each line.
-- variance_free_minor: a gap of a count up to this needs no reason. One text each; an empty list lifts it.
create or replace function api.setting_put(unit int, key text, value jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before jsonb; v_lines text[];
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not exists (select from shop.unit u where u.id = setting_put.unit) then return sec.malformed('setting', 'unit'); end if;
  if not sec.in_scope(w.units, unit) then return sec.refusal('wrong_store', jsonb_build_object('store', unit)); end if;
  if key is null or key not in ('slip_header', 'slip_footer', 'scale_codes', 'handover_at', 'auto_lock_minutes', 'variance_free_minor',
      'offline_hours', 'offline_sales', 'offline_cash_minor', 'quick_keys', 'function_keys', 'slip_sellers') then
    return sec.refusal('unknown_key', jsonb_build_object('section', 'setting', 'key', left(key, 40)));
  end if;
  if jsonb_typeof(value) is distinct from 'array' or jsonb_array_length(value) > (case when key in ('quick_keys', 'function_keys') then 12 else 6 end)
     or exists (select from jsonb_array_elements(value) e where jsonb_typeof(e) <> 'string') then return sec.malformed('setting', 'value'); end if;
  v_lines := array(select jsonb_array_elements_text(value));
  if exists (select from unnest(v_lines) l where not coalesce(shop.clean(l, 48), false)) then
    return sec.refusal('unclean_text', jsonb_build_object('field', key));
  end if;
  if (key = 'quick_keys' and exists (select from unnest(v_lines) l where l !~ '^[a-z0-9]=[^ ].{0,40}$'))
     or (key = 'function_keys' and exists (select from unnest(v_lines) l where l !~ '^[a-z_]+\.[a-z_]+=f[2-9]$')) then
    return sec.malformed('setting', 'value');
  end if;
  if key = 'slip_sellers' and v_lines <> '{}' and v_lines not in ('{yes}', '{no}') then return sec.malformed('setting', 'value'); end if;
  if key = 'scale_codes' and exists (select from unnest(v_lines) l where l !~ '^(?=.*I)((?=.*W)[0-9IWN]{7,31}|(?=.*P)[0-9IPN]{7,31})C?$') then
    return sec.malformed('setting', 'value');
  end if;
  if key in ('handover_at', 'auto_lock_minutes', 'variance_free_minor', 'offline_hours', 'offline_sales',
      'offline_cash_minor') and (cardinality(v_lines) > 1 or exists (select from unnest(v_lines) l
      where l !~ case key when 'handover_at' then '^([01][0-9]|2[0-3]):[0-5][0-9]$'
        when 'offline_cash_minor' then '^[0-9]{1,12}$' when 'offline_hours' then '^([0-9]|1[0-9]|20)$' else '^[0-9]{1,6}$' end)) then
    return sec.malformed('setting', 'value');
  end if;
  select s.value into before from shop.setting s where s.unit = setting_put.unit and s.key = setting_put.key for update;
  insert into shop.setting(unit, key, value) values (setting_put.unit, setting_put.key, setting_put.value)
    on conflict on constraint setting_pkey do update set value = excluded.value;
  perform sec.edited(w.terminal, w.staff, 'setting', jsonb_build_object('unit', unit, key, before), jsonb_build_object('unit', unit, key, value));
  return jsonb_build_object('unit', unit, 'key', key);
end $$;

-- A region or a store below a unit; a store comes with one drawer.
create or replace function api.unit_add(parent int, kind text, code text, name text, time_zone text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; after shop.unit; bad text; v_drawer int;
  v_code text := upper(normalize(btrim(code), NFKC));
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if parent is null or not exists (select from shop.unit u where u.id = unit_add.parent and u.kind <> 'store') then
    return sec.malformed('unit', 'parent');
  end if;
  if not sec.in_scope(w.units, parent) then return sec.refusal('wrong_store', jsonb_build_object('store', parent)); end if;
  if kind is null or kind not in ('region', 'store') then return sec.malformed('unit', 'kind'); end if;
  bad := shop.unclean('{code,name}', array[v_code, name], '{8,64}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  if v_code !~ '^[A-Z0-9]{1,8}$' then return sec.malformed('unit', 'code'); end if;
  if time_zone is not null and not exists (select from pg_timezone_names z where z.name = unit_add.time_zone) then
    return sec.malformed('unit', 'time_zone');
  end if;
  insert into shop.unit(parent, kind, code, name, time_zone) values (unit_add.parent, unit_add.kind, v_code, unit_add.name, unit_add.time_zone)
  returning * into after;
  if kind = 'store' then insert into shop.drawer(store, name) values (after.id, v_code || '-1') returning id into v_drawer; end if;
  perform sec.edited(w.terminal, w.staff, 'unit', null, to_jsonb(after));
  return jsonb_build_object('unit', after.id, 'drawer', v_drawer);
exception when unique_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'code', 'value', v_code));
end $$;
grant execute on function api.setting_put(int, text, jsonb), api.unit_add(int, text, text, text, text) to huiyuan_terminal;
