-- A code is checked against its row and against the bounds of the version it was given out under. Volatile: the row is read after the
-- lock, so that of two tills with the same code the second one sees that it is used.

-- The code by itself: is it one, of this series, still open, for this member, here and now.
create or replace function ledger.coupon_why(d ledger.draft, c shop.coupon, r shop.rule_version, rule int, version int) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return case
    when c.id is null then 'unknown'
    when (c.rule, c.version) is distinct from (rule, version) then 'series'
    when c.used_by is not null then 'used'
    when c.void_by is not null then 'void'
    when c.issued_by = (d.origin).id and ledger.last_piece_back(d) then 'earned_back'   -- an exchange takes it away before it gives
    when c.expires_at <= d.at then 'expired'
    when c.starts_at > d.at then 'early'
    when c.holder is not null and c.holder is distinct from (select w.member from shop.wallet w where w.id = (d.header).wallet) then 'holder'
    when not coalesce((d.terminal).store = any (r.stores), true) then 'store'
    when r.tiers is not null and not coalesce(d.tier = any (r.tiers), false) then 'tier'
    when not ledger.window_was_open(d, r) then 'window' end;
end $$;

-- What it takes, beside the goods it may take it from as promotions left them; least totals count once for each code of the series.
create or replace function ledger.coupon_takes_why(d ledger.draft, r shop.rule_version, token text) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := r.body;
  v_codes int := (select count(distinct a.coupon) from unnest(d.adjustments) a where a.source = 'coupon' and a.rule = r.rule);
  v_base numeric; v_amount numeric; v_qty numeric; v_outside boolean; v_promoted boolean; v_over boolean;
begin
  select sum(x.base) filter (where x.fits and not x.shut), sum(x.amount), sum(x.qty), bool_or(not x.fits and x.amount > 0),
         bool_or(x.shut and x.amount > 0), bool_or(b->>'kind' = 'goods' and x.amount > 0 
           and (x.qty is null or x.qty <= 0 or x.qty > x.qty_milli or x.amount > floor(x.value_minor::numeric * x.qty / x.qty_milli)))
    into v_base, v_amount, v_qty, v_outside, v_promoted, v_over
    from (select l.value_minor, l.qty_milli, not coalesce(l.open, false) and shop.in_scope(r, p) as fits,
            b->>'with_promotions' = 'false' and coalesce(bool_or(a.source = 'promotion'), false) as shut,
            l.value_minor - coalesce(sum(a.amount_minor) filter (where a.source in ('list', 'tier', 'promotion')), 0) as base,
            sum(a.amount_minor) filter (where a.coupon = token) as amount, sum(a.qty_milli) filter (where a.coupon = token) as qty
       from unnest(d.lines) l join shop.product p on p.id = l.product left join unnest(d.adjustments) a on a.line = l.n
      group by l.n, l.value_minor, l.qty_milli, l.open, p.*, p.id) x;
  return case
    when v_outside then '{"why":"scope"}'::jsonb
    when v_promoted then '{"why":"beside"}'
    when coalesce(v_base, 0) < r.min_minor::numeric * v_codes then jsonb_build_object('why', 'least', 'least', r.min_minor * v_codes)
    when v_over or v_qty > r.give_milli then '{"why":"quantity"}'
    when v_amount > least(floor(v_base * r.max_bp / 10000), (b->>'off_minor')::bigint, r.max_document_minor)
      then jsonb_build_object('why', 'amount', 'most', least(floor(v_base * r.max_bp / 10000), (b->>'off_minor')::bigint, r.max_document_minor))
    end;
end $$;

-- How many of a series a sale, a member, a member's day may use, and whether other series may stand beside it.
create or replace function ledger.coupon_count_why(d ledger.draft, r shop.rule_version) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_codes int := (select count(distinct a.coupon) from unnest(d.adjustments) a where a.source = 'coupon' and a.rule = r.rule);
  v_member bigint;
begin
  if v_codes > coalesce((r.body->>'per_sale')::int, 1) then return 'many'; end if;
  if r.body->>'with_coupons' is distinct from 'true'
     and exists (select from unnest(d.adjustments) a where a.source = 'coupon' and a.rule <> r.rule) then return 'alone'; end if;
  if not r.body ?| '{per_member,per_day}' then return null; end if;
  v_member := (select w.member from shop.wallet w where w.id = (d.header).wallet);
  if v_member is null then return 'no_member'; end if;
  perform pg_advisory_xact_lock(hashtextextended('rules of ' || v_member, 2));
  return (select case when count(*) + v_codes > (r.body->>'per_member')::int then 'person'
      when count(*) filter (where c.used_on = d.business_date) + v_codes > (r.body->>'per_day')::int then 'day' end
    from shop.coupon c where c.rule = r.rule and c.used_member = v_member and c.used_by is not null);
end $$;

-- Codes that are given out: of a version that is in force here, new ones, and by a sale only as many as it earns.
create or replace function ledger.coupons_given_why(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('coupon', x.last, 'rule', x.rule, 'why', case
      when ledger.hex(x.token) is null or coalesce(x.last, '') !~ '^[0-9A-Z]{4}$' then 'code'
      when exists (select from shop.coupon c where c.hmac = ledger.hex(x.token))
        or (select count(*) from unnest(d.coupons) o where o.token = x.token) > 1 then 'known'
      when v.rule is null then 'series'
      when x.holder is not null and not exists (select from shop.member m where m.id = x.holder and m.archived_at is null) then 'holder'
      else 'earned' end)
    from unnest(d.coupons) x
    left join shop.rule_version v on v.rule = x.rule and v.version = x.version and v.bounded and v.valid_from <= d.at
      and (v.valid_to is null or v.valid_to > ledger.in_force_since(d)) and (v.stores is null or (d.terminal).store = any (v.stores))
      and exists (select from shop.rule f where f.id = v.rule and f.family = 'coupon') and ledger.coupon_end(d, v) > d.at
   where ledger.hex(x.token) is null or coalesce(x.last, '') !~ '^[0-9A-Z]{4}$' or v.rule is null
      or exists (select from shop.coupon c where c.hmac = ledger.hex(x.token))
      or (select count(*) from unnest(d.coupons) o where o.token = x.token) > 1
      or (x.holder is not null and not exists (select from shop.member m where m.id = x.holder and m.archived_at is null))
      or ('lines' = any ((d.kind).sections) and (x.holder is not null or v.body->>'earn_minor' is null
          or (v.tiers is not null and not coalesce(d.tier = any (v.tiers), false))
          or (select count(*) from unnest(d.coupons) o where o.rule = x.rule) > floor(d.total / (v.body->>'earn_minor')::numeric)
          or (select count(*) from unnest(d.coupons) o where o.rule = x.rule) > coalesce((v.body->>'per_sale')::int, 1))) limit 1);
end $$;

-- Codes that are voided or go to another member: open ones.
create or replace function ledger.coupons_changed_why(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('coupon', c.last, 'why', case when c.id is null then 'unknown' when c.used_by is not null then 'used'
      when c.void_by is not null then 'void' when c.expires_at <= d.at then 'expired' else 'holder' end)
    from unnest(d.coupons) x left join shop.coupon c on c.id = ledger.coupon_by(x.token)
   where c.id is null or c.used_by is not null or c.void_by is not null
      or (select count(*) from unnest(d.coupons) o where ledger.coupon_by(o.token) = c.id) > 1
      or x.rule is not null or x.version is not null or x.last is not null
      or ((d.kind).kind = 'coupon_transfer' and (c.expires_at <= d.at or x.holder is null or x.holder is not distinct from c.holder
          or not exists (select from shop.member m where m.id = x.holder and m.archived_at is null)))
      or ((d.kind).kind = 'coupon_void' and x.holder is not null) limit 1);
end $$;

create or replace function guard.coupon_refused(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  u record;
  c shop.coupon;
  r shop.rule_version;
  v_why jsonb;
begin
  for u in select a.coupon as token, a.rule, a.version
             from unnest(d.adjustments) a where a.source = 'coupon' group by a.coupon, a.rule, a.version order by a.coupon loop
    select x.* into c from shop.coupon x where x.hmac = ledger.hex(u.token);
    select v.* into r from shop.rule_version v where v.rule = c.rule and v.version = c.version;
    v_why := jsonb_build_object('why', ledger.coupon_why(d, c, r, u.rule, u.version));
    if v_why->>'why' is null then v_why := ledger.coupon_takes_why(d, r, u.token); end if;
    if v_why->>'why' is null then v_why := jsonb_build_object('why', ledger.coupon_count_why(d, r)); end if;
    if v_why->>'why' is not null then return jsonb_strip_nulls(jsonb_build_object('coupon', c.last, 'rule', c.rule) || v_why); end if;
  end loop;
  if d.coupons = '{}' then return null; end if;
  return case when (d.kind).kind in ('coupon_void', 'coupon_transfer') then ledger.coupons_changed_why(d) else ledger.coupons_given_why(d) end;
end $$;
