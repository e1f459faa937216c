-- A promotion that nobody could explain is refused when it is proposed, and again when it is approved: `rule_unclear` says why.

-- Only known keys, each of its type; the key that is not, null if all are.
create or replace function shop.body_misfit(body jsonb) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select k.key from jsonb_each(body) k
   where (case
     when k.key in ('kind', 'combine', 'goods') then jsonb_typeof(k.value) = 'string'
     when k.key in ('with_member', 'first_order', 'birth_month', 'not_holidays', 'repeats') then jsonb_typeof(k.value) = 'boolean'
     when k.key in ('rate_bp', 'off_minor', 'price_minor', 'n', 'buy', 'get', 'priority', 'max_qty_milli', 'day_qty_milli',
       'from_minute', 'to_minute', 'give_milli', 'each_milli') then k.value::text ~ '^[0-9]{1,12}$'
     when k.key = 'joined_days' then k.value::text ~ '^[1-9][0-9]{0,3}$'
     when k.key in ('products', 'categories', 'but', 'needs', 'weekdays') then jsonb_typeof(k.value) = 'array'
       and jsonb_array_length(k.value) between 1 and 2000
       and not k.value @? '$[*] ? (@.type() != "number" || @ < 1 || @ > 2000000000 || @ != @.floor())'
     when k.key = 'brands' then jsonb_typeof(k.value) = 'array' and jsonb_array_length(k.value) between 1 and 200
       and not k.value @? '$[*] ? (@.type() != "string")'
     when k.key = 'days' then jsonb_typeof(k.value) = 'array' and jsonb_array_length(k.value) between 1 and 1000
       and not k.value @? '$[*] ? (@.type() != "string" || !(@ like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))'
     when k.key = 'lunar' then jsonb_typeof(k.value) = 'array'
     when k.key in ('parts', 'steps') then jsonb_typeof(k.value) = 'array' and jsonb_array_length(k.value) between 1 and 50
       and not k.value @? 'strict $[*] ? (@.type() != "object")'
       and not k.value @? '$[*].* ? (@.type() != "number" || @ < 0 || @ > 1000000000000 || @ != @.floor())'
     else false end) is not true limit 1 $$;

-- What a kind has to say, and what it must not. The word is a row of screens/refusals.
create or replace function shop.kind_unclear(b jsonb, min_minor bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_kind text := b->>'kind';
  v_scoped boolean := b ?| '{products,categories,brands}';
begin
  return case
    when v_kind not in ('percent', 'amount', 'fixed', 'nth', 'buy_get', 'bundle', 'steps', 'gift') then 'kind'
    when (b->>'rate_bp')::int not between 1 and 10000 then 'too_much'
    when v_kind in ('percent', 'nth') and b->>'rate_bp' is null then 'too_much'
    when v_kind = 'amount' and coalesce((b->>'off_minor')::bigint, 0) = 0 then 'nothing'
    when v_kind in ('fixed', 'bundle') and b->>'price_minor' is null then 'no_price'
    when v_kind = 'fixed' and not v_scoped then 'no_goods'
    when v_kind = 'nth' and coalesce((b->>'n')::bigint, 0) not between 2 and 100 then 'pieces'
    when v_kind = 'buy_get' and (coalesce((b->>'buy')::bigint, 0) not between 1 and 100
      or coalesce((b->>'get')::bigint, 0) not between 1 and 100) then 'pieces'
    when v_kind = 'bundle' then shop.bundle_unclear(b)
    when v_kind = 'steps' and b ?| '{max_qty_milli,day_qty_milli}' then 'steps_pieces'
    when v_kind = 'steps' then shop.steps_unclear(b)
    when v_kind = 'gift' then shop.gift_unclear(b, min_minor)
    end;
end $$;

create or replace function shop.bundle_unclear(b jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_parts int; v_milli bigint; v_worth numeric; v_bad boolean;
begin
  select count(distinct p.value->>'product'), sum((p.value->>'qty_milli')::bigint),
         sum(ledger.price_now((p.value->>'product')::int, null, now())::numeric * (p.value->>'qty_milli')::bigint / 1000),
         bool_or((p.value->>'qty_milli')::bigint is null or (p.value->>'qty_milli')::bigint <= 0 or (p.value->>'product') is null
                 or not exists (select from shop.product x where x.id = (p.value->>'product')::int and x.active))
    into v_parts, v_milli, v_worth, v_bad from jsonb_array_elements(coalesce(b->'parts', '[]')) p;
  return case when coalesce(v_milli, 0) < 2000 or v_bad or v_parts <> jsonb_array_length(b->'parts') then 'no_parts'
    when b ?| '{products,categories,brands,but}' then 'parts_and_goods'
    when v_worth <= (b->>'price_minor')::bigint then 'gives_nothing' end;
end $$;

-- Steps rise, each gives more than the one before, and none gives more than it asks for.
create or replace function shop.steps_unclear(b jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad boolean;
begin
  select bool_or(coalesce(s.first, 0) <= 0 or (s.off > 0) = (s.bp > 0) or s.off > s.first or s.bp > 10000
                 or s.first <= s.first_before or (s.off > 0 and s.off <= s.off_before) or (s.bp > 0 and s.bp <= s.bp_before)
                 or (s.bp > 0 and (b->>'repeats')::boolean is true))
    into v_bad from (
      select x.first, x.off, x.bp, lag(x.first) over (order by x.o) as first_before, lag(x.off) over (order by x.o) as off_before,
             lag(x.bp) over (order by x.o) as bp_before
        from (select (e->>'from_minor')::bigint as first, coalesce((e->>'off_minor')::bigint, 0) as off, coalesce((e->>'rate_bp')::bigint, 0) as bp, o
                from jsonb_array_elements(coalesce(b->'steps', '[{}]')) with ordinality y(e, o)) x) s;
  return case when v_bad then 'steps' end;
end $$;

create or replace function shop.gift_unclear(b jsonb, min_minor bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case
    when coalesce((b->>'give_milli')::bigint, 0) <= 0 then 'pieces'
    when not b ? 'products' or b ?| '{categories,brands}' then 'no_goods'
    when exists (select from jsonb_array_elements_text(b->'products') x where not exists (
        select from shop.product p where p.id = x::int and p.active and p.kind = 'goods'
           and exists (select from shop.price y where y.product = p.id and y.list = 'retail' 
             and (y.valid_to is null or y.valid_to > now())))) then 'gift_price'
    when not b ? 'needs' and coalesce(min_minor, 0) = 0 then 'gift_for_nothing'
    when b ? 'needs' and coalesce((b->>'each_milli')::bigint, 0) <= 0 then 'pieces'
    when b ? 'needs' and shop.ints_in(b, 'needs') && shop.ints_in(b, 'products') then 'gift_for_itself'
    end;
end $$;

-- A window that never opens in the time for which the version holds, by day.
create or replace function shop.window_unclear(t shop.rule_version) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_zone text := (select c.time_zone from shop.chain c);
  v_from date := (greatest(t.valid_from, now()) at time zone v_zone)::date;
  v_to date := (coalesce(t.valid_to, v_from + interval '400 days') at time zone v_zone)::date;
begin
  if t.from_minute not between 0 and 1439 or t.to_minute not between 1 and 1440 
     or exists (select from unnest(t.weekdays) w where w not between 1 and 7) then
    return 'never_open';
  end if;
  if coalesce(t.to_minute, 1440) = coalesce(t.from_minute, 0) then return 'never_open'; end if;
  if (coalesce(t.to_minute, 1440) - coalesce(t.from_minute, 0) + 1440) % 1440 between 1 and 14 then return 'short_window'; end if;
  if t.not_holidays and not exists (select from shop.holiday_year y where y.year = extract(year from v_from)) then return 'holidays_unknown'; end if;
  if (t.days is not null or t.weekdays is not null or t.not_holidays) and not exists (
      select from generate_series(v_from::timestamp, least(v_to, v_from + 4000)::timestamp, interval '1 day') g(day)
       where (t.days is null or g.day::date = any (t.days)) and (t.weekdays is null or extract(isodow from g.day)::int = any (t.weekdays))
         and (t.not_holidays is not true or not exists (select from shop.holiday h where h.day = g.day::date))) then
    return 'never_open';
  end if;
  return null;
end $$;

-- Two exclusive promotions of the same priority that want the same goods of the same customer at the same time.
create or replace function shop.exclusive_twin(t shop.rule_version) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if t.combine is distinct from 'exclusive' then return null; end if;
  return (select jsonb_build_object('rule', v.rule, 'name', r.name)
    from shop.rule_version v join shop.rule r on r.id = v.rule
   where v.combine = 'exclusive' and v.rule is distinct from t.rule and v.pass = t.pass
     and coalesce(v.body->'priority', '0') = coalesce(t.body->'priority', '0')
     and tstzrange(v.valid_from, v.valid_to) && tstzrange(greatest(t.valid_from, now()), t.valid_to)
     and (v.stores is null or t.stores is null or v.stores && t.stores) and (v.tiers is null or t.tiers is null or v.tiers && t.tiers)
     and exists (select from shop.product p where p.active and shop.in_scope(v, p) and shop.in_scope(t, p)) order by v.rule limit 1);
end $$;

-- Why a version of a promotion, or of a tier's discount with goods of its own, is not clear; null if it is.
create or replace function shop.promotion_unclear(rule int, family text, terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := coalesce(terms->'body', '{}');
  t shop.rule_version; v_why text; v_twin jsonb;
begin
  if family = 'coupon' then return shop.coupon_unclear(terms); end if;
  if family not in ('promotion', 'tier') or (family = 'promotion' and b->>'kind' is null) or b = '{}' then return null; end if;
  v_why := shop.body_misfit(b);
  if v_why is not null then return sec.malformed('rule', 'body.' || left(v_why, 30)); end if;
  if family = 'tier' and exists (select from jsonb_object_keys(b) k where k not in ('products', 'categories', 'brands', 'but', 'goods')) then
    return sec.malformed('rule', 'body');
  end if;
  begin
    v_why := case when family = 'promotion' then shop.kind_unclear(b, (terms->>'min_minor')::bigint) end;
    v_why := coalesce(v_why, case
      when b->>'combine' not in ('exclusive', 'best', 'stack') or b->>'goods' not in ('goods', 'service') then 'kind'
      when (b->>'max_qty_milli')::bigint <= 0 or (b->>'day_qty_milli')::bigint <= 0 then 'pieces'
      when b ? 'lunar' and not b ? 'days' then 'never_open'
      when exists (select from jsonb_array_elements_text(b->'categories') x 
           where not exists (select from shop.category c where c.id = x::int))
        or exists (select from jsonb_array_elements_text(b->'products') x 
           where not exists (select from shop.product p where p.id = x::int)) then 'no_goods' end);
    if v_why is not null then return sec.refusal('rule_unclear', jsonb_build_object('why', v_why)); end if;
    t := jsonb_populate_record(null::shop.rule_version, terms);
    t.rule := promotion_unclear.rule; t.body := b; t.valid_from := coalesce(t.valid_from, now());
    t := shop.with_bounds(t, family);
  exception when data_exception then
    return sec.malformed('rule', 'body');
  end;
  v_why := shop.window_unclear(t);
  if v_why is not null then return sec.refusal('rule_unclear', jsonb_build_object('why', v_why)); end if;
  v_twin := shop.exclusive_twin(t);
  if v_twin is not null then return sec.refusal('rule_unclear', v_twin || '{"why":"twin"}'); end if;
  return null;
end $$;

-- A version's body as a counter reads it: categories with all below them, and the holidays that it keeps away from.
create or replace function shop.rule_body(v shop.rule_version) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when not v.bounded then v.body else v.body
    || case when v.categories is null then '{}' else jsonb_build_object('categories', v.categories) end
    || case when v.not_holidays is not true then '{}' else (select jsonb_build_object(
           'not_on', coalesce(jsonb_agg(h.day order by h.day) filter (where h.day between now()::date - 1 and now()::date + 400), '[]'),
           'known_to', (select max(y.year) || '-12-31' from shop.holiday_year y)) from shop.holiday h) end end $$;

-- The tiers of the chain, the lowest first.
create or replace function api.tiers() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return (select coalesce(jsonb_agg(jsonb_build_array(t.id, t.code, t.name) order by t.rank), '[]') from shop.tier t);
end $$;

-- A promotion that runs is stopped at once; one person may, because it only takes away. What it gave stays as it was given.
create or replace function api.rule_end(rule int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v shop.rule_version; refused jsonb;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  perform 1 from shop.rule r where r.id = rule_end.rule and r.family in ('promotion', 'coupon', 'recharge', 'bonus', 'cash_back', 'fee')
    for no key update;
  select x.* into v from shop.rule_version x where x.rule = rule_end.rule and (x.valid_to is null or x.valid_to > clock_timestamp())
   order by x.version desc limit 1;
  if not found then return sec.malformed('rule', 'rule'); end if;
  refused := shop.terms_refused(w.units, jsonb_build_object('stores', v.stores));
  if refused is not null then return refused; end if;
  if v.valid_from >= clock_timestamp() then
    update shop.rule_version x set valid_to = x.valid_from + interval '1 microsecond' where x.rule = v.rule and x.version = v.version;
  else
    update shop.rule_version x set valid_to = clock_timestamp() where x.rule = v.rule and x.version = v.version;
  end if;
  perform sec.edited(w.terminal, w.staff, 'rule_end', null, jsonb_build_object('rule', v.rule, 'version', v.version));
  return jsonb_build_object('rule', v.rule, 'version', v.version);
end $$;

-- The public holidays of a year, all of them: a chain elsewhere has others, and those of the next year are news.
create or replace function api.holidays_put(year int, holidays jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  if year not between 2000 and 2100 or jsonb_typeof(holidays) is distinct from 'array' or jsonb_array_length(holidays) not between 1 and 100
     or holidays @? '$[*] ? (!(@.day like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$") || @.name.type() != "string")' then
    return sec.malformed('holiday', 'day');
  end if;
  delete from shop.holiday h where extract(year from h.day) = holidays_put.year;
  insert into shop.holiday(day, name) select (h->>'day')::date, h->>'name' from jsonb_array_elements(holidays) h;
  if exists (select from jsonb_array_elements(holidays) h where extract(year from (h->>'day')::date) <> holidays_put.year) then
    raise check_violation;
  end if;
  insert into shop.holiday_year values (holidays_put.year) on conflict do nothing;
  perform sec.edited(w.terminal, w.staff, 'holidays', null, jsonb_build_object('year', year, 'holidays', holidays));
  return jsonb_build_object('year', year);
exception when check_violation or unique_violation or data_exception then
  return sec.malformed('holiday', 'day');
end $$;

-- Dealer levels, and which of them a company has.
create or replace function api.dealer_level_put(code text, name text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('prices');
  if w.refused is not null then return w.refused; end if;
  if exists (select from shop.tier t where t.code = dealer_level_put.code) then
    return sec.refusal('already_used', jsonb_build_object('field', 'code', 'value', code));
  end if;
  insert into shop.dealer_level as l (code, name) values (dealer_level_put.code, dealer_level_put.name)
    on conflict on constraint dealer_level_pkey do update set name = excluded.name;
  perform sec.edited(w.terminal, w.staff, 'dealer_level', null, jsonb_build_object('code', code, 'name', name));
  return jsonb_build_object('code', code);
exception when check_violation or not_null_violation then
  return sec.malformed('dealer', 'code');
end $$;

create or replace function api.dealer_levels() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_array(l.code, l.name) order by l.code) from shop.dealer_level l), '[]');
end $$;

create or replace function api.member_dealer(member bigint, level text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.member;
begin
  w := sec.asks('member_tier');
  if w.refused is not null then return w.refused; end if;
  select m.* into before from shop.member m where m.id = member_dealer.member and m.archived_at is null for no key update;
  if before.id is null then return sec.refusal('unknown_member', jsonb_build_object('member', member)); end if;
  if level is not null and before.kind <> 'company' then return sec.refusal('not_a_company', jsonb_build_object('name', before.name)); end if;
  if level is not null and not exists (select from shop.dealer_level l where l.code = level) then return sec.malformed('member', 'dealer'); end if;
  update shop.member m set dealer = level, version = m.version + 1 where m.id = before.id;
  perform sec.edited(w.terminal, w.staff, 'dealer', jsonb_build_object('member', member, 'dealer', before.dealer),
    jsonb_build_object('member', member, 'dealer', level));
  return jsonb_build_object('member', member, 'dealer', level, 'version', before.version + 1);
end $$;
grant execute on function api.tiers(), api.rule_end(int), api.holidays_put(int, jsonb), api.dealer_level_put(text, text),
  api.dealer_levels(), api.member_dealer(bigint, text) to huiyuan_terminal;
