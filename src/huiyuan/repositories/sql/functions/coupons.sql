-- Coupons: what a series bounds, which codes a document touches, and what becomes of them. Given back whole, used once, whole.

create or replace function shop.coupon_bounds(inout t shop.rule_version)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  t.max_bp := case t.body->>'kind' when 'percent' then (t.body->>'rate_bp')::int else 10000 end;
  t.give_milli := case t.body->>'kind' when 'goods' then (t.body->>'give_milli')::bigint end;
end $$;

-- What a series has to say about itself; the word is a row of screens/refusals.
create or replace function shop.coupon_unclear(terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := coalesce(terms->'body', '{}');
  v_own text[] := '{per_member,per_day,per_sale,earn_minor,use_until,with_promotions,with_coupons,goods,kind,off_minor,rate_bp,give_milli}';
  v_kind text := b->>'kind';
  v_bad text; v_why text;
  t shop.rule_version;
begin
  select k.key into v_bad from jsonb_each(b) k where (case
      when k.key in ('per_member', 'per_day', 'per_sale') then k.value::text ~ '^[1-9][0-9]{0,3}$'
      when k.key = 'earn_minor' then k.value::text ~ '^[1-9][0-9]{0,11}$'
      when k.key in ('with_promotions', 'with_coupons') then jsonb_typeof(k.value) = 'boolean'
      when k.key = 'use_until' then jsonb_typeof(k.value) = 'string' and k.value #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
      when k.key in ('kind', 'goods', 'off_minor', 'rate_bp', 'give_milli', 'products', 'categories', 'brands', 'but', 'weekdays',
        'from_minute', 'to_minute', 'days', 'not_holidays') then shop.body_misfit(jsonb_build_object(k.key, k.value)) is null
      else false end) is not true limit 1;
  if v_bad is not null then return sec.malformed('rule', 'body.' || left(v_bad, 30)); end if;
  begin
    v_why := case
      when v_kind is null or v_kind not in ('percent', 'off', 'goods') or b->>'goods' not in ('goods', 'service') then 'kind'
      when v_kind = 'percent' and coalesce((b->>'rate_bp')::int, 0) not between 1 and 10000 then 'too_much'
      when v_kind = 'off' and coalesce((b->>'off_minor')::bigint, 0) <= 0 then 'nothing'
      when v_kind = 'goods' and coalesce((b->>'give_milli')::bigint, 0) <= 0 then 'pieces'
      when v_kind = 'goods' and not b ? 'products' then 'no_goods'
      when terms->>'term_days' is null and not b ? 'use_until' then 'no_end'
      when (b->>'use_until')::date < now()::date then 'never_open'
      when exists (select from jsonb_array_elements_text(b->'categories') x where not exists (select from shop.category c where c.id = x::int))
        or exists (select from jsonb_array_elements_text(b->'products') x 
           where not exists (select from shop.product p where p.id = x::int)) then 'no_goods' end;
    if v_why is not null then return sec.refusal('rule_unclear', jsonb_build_object('why', v_why)); end if;
    t := jsonb_populate_record(null::shop.rule_version, terms);
    t.body := b; t.valid_from := coalesce(t.valid_from, now()); t.valid_to := null;
    v_why := shop.window_unclear(shop.with_bounds(t, 'coupon'));
  exception when data_exception then return sec.malformed('rule', 'body');
  end;
  return case when v_why is not null then sec.refusal('rule_unclear', jsonb_build_object('why', v_why)) end;
end $$;

create or replace function ledger.hex(token text) returns bytea language sql immutable set search_path = pg_catalog, pg_temp as
$$ select case when token ~ '^[0-9a-f]{64}$' then decode(token, 'hex') end $$;

-- A code by its HMAC, or by the HMAC's own hash (its mark): what changes a code may name it either way, what uses it may not.
create or replace function ledger.coupon_by(token text) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_token bytea := ledger.hex(token);
begin
  return coalesce((select c.id from shop.coupon c where c.hmac = v_token), (select c.id from shop.coupon c where sha256(c.hmac) = v_token));
end $$;

-- Every code that this document reads or changes, in code order: after accounts, before stock.
create or replace function ledger.lock_coupons(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from shop.coupon c where c.id = any (array(
        select o.id from unnest(d.adjustments) a join shop.coupon o on o.hmac = ledger.hex(a.coupon) where a.coupon is not null
        union select ledger.coupon_by(x.token) from unnest(d.coupons) x
        union select e.coupon from ledger.coupon_event e where e.document = (d.origin).id))
   order by c.hmac for no key update;
  perform ledger.lock_group_order(d);
end $$;

-- What was given out by hand counts as its face: the amount it takes off, or at most takes off.
create or replace function ledger.coupons_face(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(coalesce((v.body->>'off_minor')::bigint, v.max_document_minor, 0)), 0)::bigint
    from unnest(d.coupons) x join shop.rule_version v on v.rule = x.rule and v.version = x.version);
end $$;

-- Until when a code of a version holds that is given out now: the last day counts whole, by the store's clock.
create or replace function ledger.coupon_end(d ledger.draft, r shop.rule_version) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_zone text := (select coalesce(u.time_zone, c.time_zone) from shop.chain c join shop.unit u on u.id = (d.terminal).store);
begin
  return least(((r.body->>'use_until')::date + 1)::timestamp at time zone v_zone,
    (((d.at at time zone v_zone)::date + r.term_days + 1)::timestamp) at time zone v_zone);
end $$;

-- Whether what an exchange takes back is all that was left of the sale.
create or replace function ledger.last_piece_back(d ledger.draft) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return not exists (select from ledger.line l left join ledger.returned r on r.document = l.document and r.line = l.n
     left join unnest(d.backs) b on b.of = l.n
    where l.document = (d.origin).id and l.of_line is null and coalesce(r.qty_milli, 0) + coalesce(b.qty_milli, 0) < l.qty_milli);
end $$;

create or replace function ledger.write_coupons(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_member bigint := (select w.member from shop.wallet w where w.id = (d.header).wallet);
begin
  if d.adjustments <> '{}' then
    with spent as (update shop.coupon c set used_by = d.id, used_at = d.at, used_on = d.business_date, used_store = (d.terminal).store,
           used_member = v_member
        from (select distinct ledger.hex(a.coupon) as hmac from unnest(d.adjustments) a where a.coupon is not null) u
       where c.hmac = u.hmac returning c.id)
    insert into ledger.coupon_event(document, coupon, what) select d.id, s.id, 'used' from spent s order by s.id;
  end if;
  if (d.kind).takes_back is not null and (d.origin).id is not null then perform ledger.coupons_back(d); end if;
  if d.coupons = '{}' then return; end if;
  if (d.kind).kind = 'coupon_void' then
    update shop.coupon c set void_by = d.id, voided_at = d.at from unnest(d.coupons) x where c.id = ledger.coupon_by(x.token);
    insert into ledger.coupon_event(document, coupon, what) select d.id, c.id, 'voided'
      from unnest(d.coupons) x join shop.coupon c on c.id = ledger.coupon_by(x.token) order by c.id;
  elsif (d.kind).kind = 'coupon_transfer' then
    insert into ledger.coupon_event(document, coupon, what, was, now) select d.id, c.id, 'transferred', c.holder, x.holder
      from unnest(d.coupons) x join shop.coupon c on c.id = ledger.coupon_by(x.token) order by c.id;
    update shop.coupon c set holder = x.holder from unnest(d.coupons) x where c.id = ledger.coupon_by(x.token);
  else
    with made as (insert into shop.coupon(hmac, last, rule, version, holder, issued_by, issued_at, issued_store, starts_at, expires_at)
      select ledger.hex(x.token), x.last, x.rule, x.version, case when 'lines' = any ((d.kind).sections) then v_member else x.holder end,
             d.id, d.at, (d.terminal).store, d.at, ledger.coupon_end(d, v)
        from unnest(d.coupons) x join shop.rule_version v on v.rule = x.rule and v.version = x.version order by 1 returning id, holder)
    insert into ledger.coupon_event(document, coupon, what, now) select d.id, m.id, 'issued', m.holder from made m order by m.id;
    perform ledger.write_group_order(d);
  end if;
end $$;

-- A sale that came back whole gives its codes back, with the chain's least term if they expired meanwhile. What it earned is void, unless
-- it was used; a top-up whose coupon was used stays. A return that is undone takes its codes again, and what the sale earned is good again.
create or replace function ledger.coupons_back(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_days int := (select c.put_back_days from shop.chain c);
  e record;
begin
  if (d.kind).takes_back = 'lines' and exists (select from ledger.line l left join ledger.returned r on r.document = l.document and r.line = l.n
       where l.document = (d.origin).id and l.of_line is null and coalesce(r.qty_milli, 0) < l.qty_milli) then
    return;
  end if;
  for e in select x.what, c.* from ledger.coupon_event x join shop.coupon c on c.id = x.coupon
            where x.document = (d.origin).id order by c.hmac loop
    if e.what = 'used' and e.used_by = (d.origin).id then
      update shop.coupon c set used_by = null, used_at = null, used_on = null, used_store = null, used_member = null,
             expires_at = case when c.expires_at <= d.at then d.at + make_interval(days => v_days) else c.expires_at end where c.id = e.id;
      insert into ledger.coupon_event(document, coupon, what) values (d.id, e.id, 'given_back');
    elsif e.what = 'given_back' then
      if e.used_by is not null or e.void_by is not null then
        perform sec.refuse('coupon_refused', jsonb_build_object('coupon', e.last, 'why', case when e.void_by is null then 'used' else 'void' end));
      end if;
      update shop.coupon c set used_by = o.id, used_at = o.posted_at, used_on = o.business_date, used_store = o.store,
             used_member = (select w.member from shop.wallet w where w.id = o.wallet) 
        from ledger.document o where c.id = e.id and o.id = (d.origin).of;
      insert into ledger.coupon_event(document, coupon, what) values (d.id, e.id, 'used');
    elsif e.what = 'issued' and e.used_by is not null and (d.origin).kind = 'top_up' then   -- as a bonus that was spent
      perform sec.refuse('coupon_refused', jsonb_build_object('coupon', e.last, 'why', 'used'));
    elsif e.what = 'issued' and e.used_by is null and e.void_by is null then
      update shop.coupon c set void_by = d.id, voided_at = d.at where c.id = e.id;
      insert into ledger.coupon_event(document, coupon, what) values (d.id, e.id, 'voided');
    elsif e.what = 'voided' and e.void_by = (d.origin).id then
      update shop.coupon c set void_by = null, voided_at = null where c.id = e.id;
      insert into ledger.coupon_event(document, coupon, what) values (d.id, e.id, 'given_back');
    end if;
  end loop;
end $$;

-- A code stands where its documents left it: used or void by the last one that said so, with whom the last one put it.
create or replace function ledger.verify_coupons() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'coupon', c.id::text, 'state or holder differs from its events' from shop.coupon c
    left join lateral (select e.what as last_what from ledger.coupon_event e
        join ledger.document d on d.id = e.document where e.coupon = c.id order by d.posted_at desc, d.chain_seq desc limit 1) x on true
    left join lateral (select e.now as holder from ledger.coupon_event e join ledger.document d on d.id = e.document
       where e.coupon = c.id and e.what in ('issued', 'transferred') order by d.posted_at desc, d.chain_seq desc limit 1) h on true
   where x.last_what is null or (x.last_what = 'used') <> (c.used_by is not null) or (x.last_what = 'voided') <> (c.void_by is not null)
      or c.holder is distinct from h.holder;
end $$;
