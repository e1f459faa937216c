-- What counters read about coupons: one code, a member's, the series that can be given out, and the figures of each series.

create or replace function shop.coupon_row(c shop.coupon) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('coupon', c.id, 'mark', encode(sha256(c.hmac), 'hex'),
    'last', c.last, 'rule', c.rule, 'version', c.version, 'name', f.name, 'tiers', v.tiers, 
    'stores', v.stores, 'min_minor', v.min_minor, 'max_document_minor', v.max_document_minor, 'body', shop.rule_body(v),
    'issued_at', c.issued_at, 'expires_at', c.expires_at, 'used_at', c.used_at, 'voided_at', c.voided_at,
    'holder', (select jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name) from shop.member m where m.id = c.holder),
    'used_store', (select u.name from shop.unit u where u.id = c.used_store),
    'used_receipt', (select x.result->>'receipt' from ledger.document x where x.id = c.used_by),
    'state', case when c.void_by is not null then 'void' when c.used_by is not null then 'used'
      when c.expires_at <= now() then 'expired' else 'open' end)
    from shop.rule_version v join shop.rule f on f.id = v.rule where v.rule = c.rule and v.version = c.version $$;

-- Who shows a code may see what it is; a code that is none leaves a trace, because codes are guessed at.
create or replace function api.open_coupon(token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; c shop.coupon;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  select x.* into c from shop.coupon x where x.hmac = open_coupon.token;
  if c.id is null then return sec.refused(w.terminal, w.staff, 'unknown_coupon', '{}'); end if;
  insert into shop.coupon_shown as s values (c.id, w.store, clock_timestamp())
    on conflict on constraint coupon_shown_pkey do update set store = excluded.store, shown_at = excluded.shown_at;
  return shop.coupon_row(c) || jsonb_build_object('token', encode(c.hmac, 'hex'));
end $$;

-- For a basket that comes back: a mark opens a code again where somebody showed it within a day, or that is a member's own (it pays for
-- that one only). Each time is on record.
create or replace function api.coupons_again(marks text[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; found jsonb;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  found := coalesce((select jsonb_agg(shop.coupon_row(c.*) || jsonb_build_object('token', encode(c.hmac, 'hex')) order by c.id)
    from shop.coupon c where sha256(c.hmac) = any (array(select ledger.hex(m) from unnest(marks[1:50]) m))
     and c.used_by is null and c.void_by is null and c.expires_at > now()
     and (c.holder is not null or exists (select from shop.coupon_shown s
           where s.coupon = c.id and s.store = w.store and s.shown_at > now() - interval '24 hours'))), '[]');
  perform sec.edited(w.terminal, w.staff, 'coupons_again', null, jsonb_build_object('marks', marks[1:50], 'opened', jsonb_array_length(found)));
  return found;
end $$;

-- A member's own codes, open ones first; the token of an open one goes with it, it opens for this member only.
create or replace function api.member_coupons(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('coupons', coalesce((select jsonb_agg(shop.coupon_row(c.*)
      || jsonb_build_object('token', case when o.open then encode(c.hmac, 'hex') end) order by o.open desc, c.expires_at, c.id)
    from (select x.* from shop.coupon x where x.holder = member_coupons.member order by x.id desc limit 200) c
   cross join lateral (select c.used_by is null and c.void_by is null and c.expires_at > now() as open) o), '[]'));
end $$;

-- Codes by their last four characters, where the paper is lost: newest first, without what pays.
create or replace function api.find_coupons(last text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('coupon_void');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(shop.coupon_row(c.*) order by c.id desc)
    from (select x.* from shop.coupon x where x.last = find_coupons.last order by x.id desc limit 50) c), '[]');
end $$;

-- The series of the codes that a document of this store gave out on paper, as they were then.
create or replace function api.coupons_of(document uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('rule', v.rule, 'version', v.version, 'name', f.name, 'min_minor', v.min_minor,
      'max_document_minor', v.max_document_minor, 'term_days', v.term_days, 'body', v.body) order by v.rule)
    from shop.rule_version v join shop.rule f on f.id = v.rule
   where exists (select from shop.coupon c where c.issued_by = coupons_of.document and c.issued_store = w.store and c.rule = v.rule
     and c.version = v.version and c.holder is null)), '[]');
end $$;

-- The series that can be given out here now.
create or replace function api.coupon_series() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('coupon_issue');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('rule', v.rule, 'version', v.version, 'name', f.name, 'min_minor', v.min_minor,
      'tiers', v.tiers, 'stores', v.stores, 'max_document_minor', v.max_document_minor, 'term_days', v.term_days, 'valid_to', v.valid_to, 
      'body', v.body) order by v.rule)
    from shop.rule_version v join shop.rule f on f.id = v.rule and f.family = 'coupon'
   where v.valid_from <= now() and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or w.store = any (v.stores))), '[]');
end $$;

-- What a series gave out and what it brought: `given_minor` off `sales_minor` of sales.
create or replace function shop.coupon_tally(rule int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('issued', count(*), 'used', count(*) filter (where c.used_by is not null),
      'void', count(*) filter (where c.void_by is not null),
      'expired', count(*) filter (where c.used_by is null and c.void_by is null and c.expires_at <= now()),
      'outstanding', count(*) filter (where c.used_by is null and c.void_by is null and c.expires_at > now()),
      'given_minor', coalesce(sum((select sum(a.amount_minor) from ledger.adjustment a where a.document = c.used_by and a.coupon = c.id)), 0),
      'sales_minor', coalesce((select sum(x.total_minor) from ledger.document x
         where x.id in (select o.used_by from shop.coupon o where o.rule = coupon_tally.rule)), 0))
    from shop.coupon c where c.rule = coupon_tally.rule $$;
grant execute on function api.open_coupon(bytea), api.coupons_again(text[]), api.find_coupons(text), api.coupons_of(uuid),
  api.member_coupons(bigint), api.coupon_series() to huiyuan_terminal;
