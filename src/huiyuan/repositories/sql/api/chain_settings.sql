-- Every setting of the chain and of this store as one list, and one way to change a row of it: the calls behind it judge and audit.

-- Who changed a setting last, by the audit; `wanted` is what its `after` has to hold.
create or replace function sec.last_edit(kind text, wanted jsonb, has text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('at', a.at, 'by', f.name) from sec.audit a left join sec.staff f on f.id = a.staff
   where a.what = last_edit.kind and a.facts->'after' @> wanted and (has is null or a.facts->'after' ? has) order by a.id desc limit 1 $$;

-- Rows that are no shop.setting: columns of the chain, years of holidays, dealer levels, the rule about goods without a receipt.
create or replace function sec.other_settings(store int) returns table (key text, unit int, value jsonb, edit jsonb)
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select x.key, null::int, jsonb_build_array(x.value), sec.last_edit('cash_rule', jsonb_build_object(x.named, x.raw), null)
    from shop.chain c cross join lateral (values
      ('cash_step_minor', c.cash_step_minor::text, 'step', to_jsonb(c.cash_step_minor)),
      ('cash_rounding', c.cash_rounding, 'rounding', to_jsonb(c.cash_rounding)),
      ('keep_change_max_minor', c.keep_change_max_minor::text, 'keep', to_jsonb(c.keep_change_max_minor))) x(key, value, named, raw)
  union all
  select 'returns_across', null, jsonb_build_array(case when c.returns_across then 'yes' else 'no' end),
         sec.last_edit('setting', jsonb_build_object('returns_across', c.returns_across), null) from shop.chain c
  union all
  select 'holidays.' || y.year, null, coalesce((select jsonb_agg(to_char(h.day, 'MM-DD ') || h.name order by h.day) from shop.holiday h
      where extract(year from h.day) = y.year), '[]'), sec.last_edit('holidays', jsonb_build_object('year', y.year), null)
    from (select year from shop.holiday_year union select extract(year from now())::int + n from generate_series(0, 1) n) y
   where y.year >= extract(year from now())::int
  union all
  select 'dealer.' || l.code, null, jsonb_build_array(l.name), sec.last_edit('dealer_level', jsonb_build_object('code', l.code), null)
    from shop.dealer_level l
  union all
  select 'outlet.' || u.code, null, jsonb_build_array(case when u.recharges then 'yes' else 'no' end),
         sec.last_edit('outlet', jsonb_build_object('store', u.id), null) from shop.unit u where u.kind = 'store'
  union all
  (select 'blind_return', null, jsonb_build_array(coalesce(v.term_days, 30)::text, v.max_document_minor::text,
          coalesce(v.amount_minor, 0)::text, v.min_minor::text), jsonb_build_object('at', v.valid_from, 'by', f.name)
     from shop.rule_version v join shop.rule r on r.id = v.rule and r.family = 'blind_return' left join sec.staff f on f.id = v.published_by
    where v.valid_from <= now() and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or other_settings.store = any (v.stores))
    order by v.rule limit 1)
  union all
  select 'waits.' || p.id, null, jsonb_build_array(p.terms->>'term_days', p.terms->>'max_document_minor', p.terms->>'amount_minor',
         p.terms->>'min_minor'), jsonb_build_object('at', p.at, 'by', f.name)
    from shop.rule_proposal p join sec.staff f on f.id = p.by_staff where p.decided_at is null and p.family = 'blind_return' $$;

create or replace function api.settings() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('store', w.store, 'chain', (select min(u.id) from shop.unit u where u.parent is null),
    'rows', (with recursive up as (
        select u.id, u.parent, 0 as steps from shop.unit u where u.id = w.store
        union all select u.id, u.parent, up.steps + 1 from up join shop.unit u on u.id = up.parent)
      select coalesce(jsonb_agg(jsonb_build_object('key', r.key, 'unit', r.unit, 'value', r.value, 'at', r.edit->'at', 'by', r.edit->'by')
          order by r.key), '[]') from (
        select distinct on (s.key) s.key, s.unit, s.value, sec.last_edit('setting', jsonb_build_object('unit', s.unit), s.key) as edit
          from up join shop.setting s on s.unit = up.id order by s.key, up.steps) r),
    'others', (select coalesce(jsonb_agg(to_jsonb(o) - 'edit' || coalesce(o.edit, '{"at":null,"by":null}') order by o.key), '[]')
      from sec.other_settings(w.store) o));
end $$;

-- The rule about goods without a receipt: days, most, cash, from which sum on a member; another person approves it.
create or replace function sec.propose_blind_return(value text[]) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(value) <> 4 or exists (select from unnest(value) x where x !~ '^[0-9]{1,12}$') or value[1]::bigint not between 1 and 3650 then
    return sec.malformed('setting', 'value');
  end if;
  return api.rule_propose((select min(r.id) from shop.rule r where r.family = 'blind_return'), 'blind_return', 'blind return',
    jsonb_build_object('term_days', value[1]::int, 'max_document_minor', value[2]::bigint, 'amount_minor', value[3]::bigint,
      'min_minor', value[4]::bigint));
end $$;

create or replace function api.settings_put(key text, unit int, value text[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; c shop.chain; v_name text := split_part(key, '.', 2);
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if key is null or value is null or array_position(value, null) is not null then return sec.malformed('setting', 'value'); end if;
  select x.* into c from shop.chain x;
  if key in ('cash_step_minor', 'keep_change_max_minor') and coalesce(value[1], '') !~ '^[0-9]{1,6}$' then
    return sec.malformed('setting', 'value');
  end if;
  return case
    when key = 'cash_step_minor' then api.cash_rule_put(value[1]::int, c.cash_rounding, c.keep_change_max_minor)
    when key = 'cash_rounding' then api.cash_rule_put(c.cash_step_minor, value[1], c.keep_change_max_minor)
    when key = 'keep_change_max_minor' then api.cash_rule_put(c.cash_step_minor, c.cash_rounding, value[1]::bigint)
    when key = 'returns_across' then api.returns_across_put(case value[1] when 'yes' then true when 'no' then false end)
    when key ~ '^holidays\.[0-9]{4}$' then api.holidays_put(v_name::int, (select coalesce(jsonb_agg(jsonb_build_object(
        'day', v_name || '-' || left(h, 5), 'name', substr(h, 7))), '[]') from unnest(value) h))
    when key ~ '^dealer\..' then api.dealer_level_put(v_name, value[1])
    when key ~ '^outlet\..' then api.outlet_put((select u.id from shop.unit u where u.kind = 'store' and 'outlet.' || u.code = key),
      case value[1] when 'yes' then true when 'no' then false end)
    when key = 'blind_return' then sec.propose_blind_return(value)
    else api.setting_put(unit, key, to_jsonb(value)) end;
end $$;
grant execute on function api.settings(), api.settings_put(text, int, text[]) to huiyuan_terminal;
