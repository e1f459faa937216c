-- Goods that a recharge rule gives, and the purchase that entitles to it.

-- Goods as a body names them: each once, of gifts with how many; a gift is goods from stock that everybody may have.
create or replace function shop.goods_unclear(goods jsonb, counted boolean) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return jsonb_typeof(goods) <> 'array' or jsonb_array_length(goods) not between 1 and 20
    or exists (select from jsonb_array_elements(goods) x where jsonb_typeof(x) <> 'object'
         or x - (case when counted then '{product,qty_milli}' else '{product}' end)::text[] <> '{}'
         or counted and coalesce(x->'qty_milli' #>> '{}', '') !~ '^[1-9][0-9]{0,6}$'
         or not exists (select from shop.product p where p.id::text = x->'product' #>> '{}' and p.active
              and (not counted or p.kind = 'goods' and p.min_age is null
                and (p.sold_by <> 'piece' or (x->>'qty_milli')::bigint % 1000 = 0))))
    or (select count(distinct x->>'product') from jsonb_array_elements(goods) x) <> jsonb_array_length(goods);
end $$;

-- The same goods with their codes and names, and what a store has of them.
create or replace function shop.goods_named(body jsonb, store int) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return body || coalesce((select jsonb_object_agg(k.key, (
      select jsonb_agg(e || jsonb_build_object('code', p.code, 'name', p.name) || case when goods_named.store is null then '{}'
               else jsonb_build_object('left_milli', coalesce((select h.qty_milli from ledger.on_hand h
                      where h.store = goods_named.store and h.product = p.id), 0)) end order by o)
        from jsonb_array_elements(k.value) with ordinality x(e, o) join shop.product p on p.id::text = e->>'product'))
    from jsonb_each(body) k where k.key in ('goods', 'bought') and jsonb_typeof(k.value) = 'array'), '{}');
end $$;

-- Whose a wallet is: of one that was merged, whoever it was merged into.
create or replace function ledger.same_buyer(one bigint, other bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return ledger.heir_of(one) = ledger.heir_of(other)
    or exists (select from shop.wallet a join shop.wallet b on b.member = a.member
         where a.id = ledger.heir_of(one) and b.id = ledger.heir_of(other));
end $$;

-- Which goods of a sale nobody brought back.
create or replace function ledger.goods_kept(sale uuid) returns table(product int)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select distinct l.product from ledger.line l left join ledger.returned r on r.document = l.document and r.line = l.n
    where l.document = goods_kept.sale and l.of_line is null and l.qty_milli > coalesce(r.qty_milli, 0)
      and not exists (select from ledger.reversed x where x.document = l.document);
end $$;

-- The top-up that stands for this sale; null: none.
create or replace function ledger.entitled_by(sale uuid) returns uuid
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select e.document from ledger.entitlement e where e.sale = entitled_by.sale
            and not exists (select from ledger.reversed r where r.document = e.document) limit 1);
end $$;

-- Why a sale does not entitle to a rule with this body; null: it does. Asked under the lock of all that is taken back from that sale.
create or replace function ledger.bought_why(d ledger.draft, body jsonb) returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  s ledger.document;
begin
  if (d.header).bought is null then return 'receipt'; end if;
  select x.* into s from ledger.document x where x.id = (d.header).bought and x.kind in ('sale', 'exchange');
  return case
    when s.id is null then 'unknown'
    when d.business_date - s.business_date not between 0 and coalesce((body->>'bought_days')::int, 1) - 1 then 'day'
    when s.wallet is not null and not ledger.same_buyer(s.wallet, (d.header).wallet) then 'holder'
    when not exists (select from ledger.goods_kept(s.id) k join jsonb_array_elements(body->'bought') b on (b->>'product')::int = k.product)
      then 'product'
    when ledger.entitled_by(s.id) is not null then 'used' end;
end $$;

create or replace function ledger.write_entitlement(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.entitlement(document, sale) values (d.id, (d.header).bought);
end $$;

-- Whether the wallet is topped up by a card that the rule is for.
create or replace function ledger.for_cards(d ledger.draft, body jsonb) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return not body ? 'card_types' or exists (select from shop.card c join shop.card_type t on t.id = c.type
    where c.wallet = (d.header).wallet and ledger.standing_state(c.state, c.valid_to, d.business_date) = 'active'
      and body->'card_types' ? t.code);
end $$;
