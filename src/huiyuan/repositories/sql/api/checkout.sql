-- What the till asks to sell to a member who shows no card, and the prices of lists for members.

-- The row in force is closed at that moment, and the new one ends where a later one begins; nothing else of a published row ever
-- changes. A null amount takes the product off the list.
create or replace function shop.publish_price(list text, product int, store int, valid_from timestamptz, amount_minor bigint, units int[],
  terminal int, staff int) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  before shop.price; after shop.price; next_from timestamptz; starts timestamptz;
begin
  if not sec.covers(units, store) then return sec.refusal('wrong_store', jsonb_build_object('store', store)); end if;
  if amount_minor not between 0 and 1000000000000 then return sec.malformed('price', 'amount_minor'); end if;
  if store is not null and not exists (select from shop.unit u where u.id = publish_price.store and u.kind = 'store') then
    return sec.malformed('price', 'store');
  end if;
  perform 1 from shop.product p where p.id = publish_price.product for no key update;      -- one publisher of a product at a time
  if not found then return sec.refusal('unknown_product', jsonb_build_object('product', product)); end if;
  starts := greatest(coalesce(valid_from, clock_timestamp()), clock_timestamp());
  if valid_from < clock_timestamp() - interval '1 minute' or not isfinite(starts) then return sec.malformed('price', 'valid_from'); end if;
  select p.* into before from shop.price p where p.product = publish_price.product and p.list = publish_price.list
     and p.store is not distinct from publish_price.store and p.valid_from <= starts and (p.valid_to is null or p.valid_to > starts);
  if before.valid_from = starts then return sec.refusal('already_used', jsonb_build_object('field', 'valid_from', 'value', starts)); end if;
  select min(p.valid_from) into next_from from shop.price p where p.product = publish_price.product and p.list = publish_price.list
     and p.store is not distinct from publish_price.store and p.valid_from > starts;
  update shop.price p set valid_to = starts where p.id = before.id;
  if amount_minor is not null then
    insert into shop.price(product, list, store, valid_from, valid_to, amount_minor, published_by)
    values (publish_price.product, publish_price.list, publish_price.store, starts, next_from, publish_price.amount_minor, staff)
    returning * into after;
  end if;
  perform sec.edited(terminal, staff, 'price', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('price', after.id, 'valid_from', starts, 'valid_to', after.valid_to);
end $$;

-- `member` is open to every member, a list named like a tier's or a dealer level's code to those of it.
create or replace function api.list_price_publish(list text, product int, store int, valid_from timestamptz, amount_minor bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('prices');
  if w.refused is not null then return w.refused; end if;
  if list is null or list = 'retail' or (list <> 'member' and not exists (select from shop.tier t where t.code = list)
      and not exists (select from shop.dealer_level l where l.code = list)) then
    return sec.malformed('price', 'list');
  end if;
  return shop.publish_price(list, product, store, valid_from, amount_minor, w.units, w.terminal, w.staff);
end $$;

-- A product's prices of lists in force here, by the list's name; the store's own outranks the chain's.
create or replace function shop.list_prices(product int, store int, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_object_agg(x.list, x.amount_minor), '{}') from (
    select distinct on (p.list) p.list, p.amount_minor from shop.price p
     where p.product = list_prices.product and p.list <> 'retail' and (p.store = list_prices.store or p.store is null)
       and p.valid_from <= at and (p.valid_to is null or p.valid_to > at) order by p.list, p.store nulls last) x $$;

-- A member who shows no card: tier and the wallet that earns, the one of an active card before others, the newest of them.
create or replace function api.attach_member(member bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; answer jsonb; v_wallet bigint;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  select jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name, 'tier', jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name))
    into answer from shop.member m join shop.tier t on t.id = m.tier where m.id = attach_member.member and m.archived_at is null;
  if answer is null then return sec.refusal('unknown_member', jsonb_build_object('member', member)); end if;
  v_wallet := ledger.earning_wallet(member);
  if v_wallet is null then return sec.refusal('no_wallet', jsonb_build_object('name', answer->'name')); end if;
  return jsonb_build_object('member', answer || ledger.member_terms(attach_member.member, w.store), 'wallet', v_wallet,
    'balances', ledger.balances_now(v_wallet), 'rest', ledger.resting(array[attach_member.member]));
end $$;
grant execute on function api.list_price_publish(text, int, int, timestamptz, bigint), api.attach_member(bigint) to huiyuan_terminal;
