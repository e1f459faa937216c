-- What the law says now, here. Rows of the country and of the store's own part of it hold side by side; each is judged, so the stricter wins.

create or replace function ledger.jurisdiction_of(store int) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((
    with recursive up as (
      select u.id, u.parent, u.jurisdiction, 0 as height from shop.unit u where u.id = store
      union all
      select u.id, u.parent, u.jurisdiction, up.height + 1 from up join shop.unit u on u.id = up.parent)
    select up.jurisdiction from up where up.jurisdiction is not null order by up.height limit 1),
    (select case c.currency when 'CNY' then 'CN' else '' end from shop.chain c));
end $$;

create or replace function ledger.law_of(rules text[], store int, at timestamptz) returns setof shop.law_rule
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_place text := ledger.jurisdiction_of(store);
begin
  return query select r.* from shop.law_rule r
    where r.rule = any (rules) and r.valid_from <= at and (r.valid_to is null or r.valid_to > at)
      and (v_place = r.jurisdiction or v_place like r.jurisdiction || '-%') order by r.amount_minor, r.id;
end $$;

-- What a refusal says about the law: which rule, where it is written, and the limit.
create or replace function ledger.law_facts(r shop.law_rule, amount bigint) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select jsonb_strip_nulls(jsonb_build_object('rule', r.rule, 'article', r.article, 'source', r.source, 'limit', r.amount_minor, 'months', r.months,
     'amount', amount)) $$;

-- What a document sells of what the law calls a prepaid card: stored value, or services by a pass. Null: nothing. What puts value there by
-- another way (a correction, a return) is no purchase, nor is a pass that stored value pays: that was bought before.
create or replace function ledger.sold_value(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).takes_back is not null or (d.kind).family <> 'live' or d.tenders = '{}' then return null; end if;
  return case (d.kind).contra when 'principal' then d.total
    when 'passes_sold' then nullif(d.total - coalesce((select sum(p.amount) from unnest(d.postings) p
      where p.debit in ('principal', 'bonus')), 0), 0) end;
end $$;

-- Who buys: the member that the document names, else whom the wallet belongs to. Null: nobody said who.
create or replace function ledger.buyer_of(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$ begin return coalesce((d.header).buyer, (select w.member from shop.wallet w where w.id = (d.header).wallet)); end $$;

-- The least cap of the types of the cards that open one of these wallets, and the law's rules about them. A card that was closed or replaced
-- caps nothing any more, unless no other is left.
create or replace function ledger.cap_of(wallet bigint, beside bigint, out cap bigint, out rules text[])
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  select min(t.balance_max_minor), array_agg(distinct case when t.registered then 'registered_cap' else 'bearer_cap' end) into cap, rules
    from shop.card c join shop.card_type t on t.id = c.type
   where c.wallet in (cap_of.wallet, beside) and (c.state not in ('closed', 'replaced') or not exists (
     select from shop.card o where o.wallet in (cap_of.wallet, beside) and o.state not in ('closed', 'replaced')));
end $$;

create or replace function ledger.is_registered(wallet bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select bool_or(t.registered) from shop.card c join shop.card_type t on t.id = c.type where c.wallet = is_registered.wallet),
    exists (select from shop.wallet w where w.id = is_registered.wallet and w.member is not null));
end $$;

create or replace function ledger.is_identified(member bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$ begin return exists (select from shop.member m where m.id = member and m.id_no_index is not null); end $$;

-- A member and those who were merged into him: one buyer.
create or replace function ledger.merged_people(member bigint) returns bigint[]
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$ begin return array(select m.id from shop.member m where m.merged_into = merged_people.member) || merged_people.member; end $$;

-- What a buyer bought within so many minutes; without a buyer, what this terminal sold to nobody in particular. Undone ones do not count.
create or replace function ledger.bought(buyer bigint, terminal int, bearer_only boolean, since timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_people bigint[] := ledger.merged_people(bought.buyer);
begin
  if buyer is null then
    return coalesce((select sum(p.amount_minor) from ledger.purchase p where p.buyer is null and p.terminal = bought.terminal and p.posted_at > since
      and not exists (select from ledger.reversed r where r.document = p.document)), 0);
  end if;
  return coalesce((select sum(p.amount_minor) from ledger.purchase p where p.buyer = any (v_people)
    and p.posted_at > since
    and not (bearer_only and p.registered) and not exists (select from ledger.reversed r where r.document = p.document)), 0);
end $$;

-- What others bought for somebody within that time: onto the wallets that are theirs.
create or replace function ledger.bought_for(owner bigint, since timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_people bigint[] := ledger.merged_people(bought_for.owner);
begin
  return coalesce((select sum(p.amount_minor) from shop.wallet w
      join ledger.document d on d.wallet = w.id and d.business_date >= (bought_for.since - interval '1 day')::date
      join ledger.purchase p on p.document = d.id
     where w.member = any (v_people) and p.posted_at > bought_for.since and not coalesce(p.buyer = any (v_people), false)
       and not exists (select from ledger.reversed r where r.document = p.document)), 0);
end $$;

create or replace function ledger.since(r shop.law_rule, at timestamptz) returns timestamptz
language sql immutable set search_path = pg_catalog, pg_temp as
$$ select case when r.window_minutes is null then at else at - make_interval(mins => r.window_minutes) end $$;

-- What the digest of a document says of its purchase; one that was taken over from before has none.
create or replace function ledger.purchase_digest(document uuid) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select (x.wallet, x.buyer, x.registered, x.store, x.terminal, x.amount_minor, x.cash_minor, extract(epoch from x.posted_at))::text
    from ledger.purchase x where x.document = purchase_digest.document and not x.taken_over);
end $$;

-- Written with the document that sold it.
create or replace function ledger.write_purchase(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if ledger.sold_value(d) is null then return; end if;
  insert into ledger.purchase(document, wallet, buyer, registered, store, terminal, amount_minor, cash_minor, posted_at)
  select d.id, (d.header).wallet, ledger.buyer_of(d), ledger.is_registered((d.header).wallet), (d.terminal).store, (d.terminal).id,
         ledger.sold_value(d),
         coalesce((select sum(t.amount_minor) from unnest(d.tenders) t where t.kind = 'cash'), 0), d.at;
end $$;

-- What was seen of a buyer's identity is kept for some years after the last purchase: taking it off the record before is refused.
create or replace function shop.kept_by_law(before shop.member, given jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  r shop.law_rule;
  v_last record;
  v_until timestamptz;
begin
  if before.id_no_index is null or given->'id_no' is distinct from 'null' then return null; end if;
  select p.posted_at, p.store into v_last from ledger.purchase p where p.buyer = any (ledger.merged_people(before.id))
   order by p.posted_at desc limit 1;
  if v_last.posted_at is null then return null; end if;
  for r in select * from ledger.law_of('{retention}', v_last.store, clock_timestamp()) loop
    v_until := v_last.posted_at + make_interval(months => r.months);
    if v_until > clock_timestamp() then
      return (ledger.law_facts(r, null) - 'months') || jsonb_build_object('until', to_char(v_until, 'YYYY-MM-DD'));
    end if;
  end loop;
  return null;
end $$;
