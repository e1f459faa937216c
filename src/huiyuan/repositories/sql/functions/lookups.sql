-- What is in force: by the server's clock, for this store and tier.
create or replace function ledger.price_now(product int, store int, at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select p.amount_minor from shop.price p
   where p.product = price_now.product and p.list = 'retail' and (p.store = price_now.store or p.store is null)
     and p.valid_from <= at and (p.valid_to is null or p.valid_to > at) order by p.store nulls last limit 1);
end $$;

-- Since when a price or rule may have been in force: the grace, for a resent document since its session opened, for one of a time
-- without the line since that began.
create or replace function ledger.in_force_since(d ledger.draft) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case when (d.header).offline_at is not null
                then greatest(least((d.header).offline_at, d.at) - make_interval(secs => (select c.price_grace_s from shop.chain c)),
                              d.at - interval '24 hours')
              when d.mode = 'resend' then greatest((d.session).opened_at, d.at - interval '24 hours')
              else d.at - make_interval(secs => (select c.price_grace_s from shop.chain c)) end;
end $$;

-- The least that a quantity costs by a price list that is open to this member: `member` to every one, a tier's or a dealer
-- level's code to those of it. Null: there is none. The store's own row outranks the chain's. Rounded up, or goods in crumbs would cost less.
create or replace function ledger.list_value(d ledger.draft, product int, qty_milli bigint, list text) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_since timestamptz := ledger.in_force_since(d);
begin
  if d.tier is null or (list <> 'member' and list is distinct from (select t.code from shop.tier t where t.id = d.tier)
      and not exists (select from shop.wallet w join shop.member m on m.id = w.member
           where w.id = (d.header).wallet and m.dealer = list)) then
    return null;
  end if;
  return (select min(ceil(qty_milli::numeric * p.amount_minor / 1000)) from shop.price p
    where p.product = list_value.product and p.list = list_value.list and p.list <> 'retail' and p.valid_from <= d.at
      and (p.valid_to is null or p.valid_to > v_since)
      and (p.store = (d.terminal).store
           or (p.store is null and not exists (select from shop.price o where o.product = p.product and o.list = p.list
                 and o.store = (d.terminal).store and o.valid_from <= v_since and (o.valid_to is null or o.valid_to > d.at)))));
end $$;

-- The grace that prices have holds for rules too; a resent document is judged by what held since its session opened.
create or replace function ledger.rule_in_force(d ledger.draft) returns table(rule int, version int, family text, max_bp int, max_line_minor bigint,
  max_document_minor bigint, points_rate int, min_minor bigint, amount_minor bigint, body jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_since timestamptz := ledger.in_force_since(d);
begin
  return query select v.rule, v.version, f.family, v.max_bp, v.max_line_minor, v.max_document_minor, v.points_rate, v.min_minor, v.amount_minor,
      v.body
    from shop.rule_version v join shop.rule f on f.id = v.rule
   where v.valid_from <= d.at
     and (v.valid_to is null or v.valid_to > v_since)
     and (v.stores is null or (d.terminal).store = any (v.stores)) and (v.tiers is null or d.tier = any (v.tiers))
     and (v.published_by is null or v.approved_by is not null);
end $$;

create or replace function ledger.takes_stored(tenders ledger.tender_in[]) returns boolean
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.tender_in;
begin
  foreach t in array tenders loop
    if t.wallet is not null then return true; end if;
  end loop;
  return false;
end $$;

-- The least that goods cost here at any moment since then, by whichever list. Null: they had no price.
create or replace function ledger.lowest_price(product int, store int, since timestamptz, at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select min(p.amount_minor) from shop.price p where p.product = lowest_price.product and (p.store is null or p.store = lowest_price.store)
    and p.valid_from <= at and (p.valid_to is null or p.valid_to > since));
end $$;
