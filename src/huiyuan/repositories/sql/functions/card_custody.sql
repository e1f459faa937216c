-- Ranges of blank cards: which cards a document means, and what it does to them.

-- Blank cards go where somebody can receive them: a store, or another unit that has a seat.
create or replace function shop.keeps_cards(p_unit int) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from shop.unit u where u.id = p_unit
    and (u.kind = 'store' or exists (select from sec.terminal t where t.store = u.id and t.active))) $$;

-- Numbers of one length from the first to the last, as they sort.
create or replace function ledger.cards_in(first text, last text) returns setof shop.card
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.* from shop.card c where (c.number collate "C") between (cards_in.first collate "C") and (cards_in.last collate "C")
     and length(c.number) = length(cards_in.first) order by c.id limit 10001;
end $$;

-- Those of them that this kind of document finds where they have to be.
create or replace function ledger.cards_meant(d ledger.draft, r ledger.range_in) returns setof shop.card
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return query select c.* from ledger.cards_in(r.first, r.last) c where c.state = 'blank'
     and case (d.kind).kind when 'card_receive' then c.store is null or (c.store = (d.terminal).store and c.in_transit)
         else c.store = (d.terminal).store and not c.in_transit end;
end $$;

create or replace function ledger.lock_ranges(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  r ledger.range_in;
begin
  foreach r in array d.ranges loop
    perform 1 from shop.card c where c.id in (select x.id from ledger.cards_in(r.first, r.last) x) order by c.id for no key update;
  end loop;
end $$;

create or replace function ledger.write_custody(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  r ledger.range_in;
  v_here int := (d.terminal).store;
  v_cards bigint[];
begin
  if coalesce(cardinality(d.ranges), 0) = 0 then return; end if;
  r := d.ranges[1];
  v_cards := array(select c.id from ledger.cards_meant(d, r) c);
  insert into ledger.card_custody(document, n, what, first, last, store_from, store_to, count, expected)
  values (d.id, 1, (d.kind).kind, r.first, r.last, case when (d.kind).kind <> 'card_receive' then v_here end,
          case (d.kind).kind when 'card_receive' then v_here when 'card_hand_over' then r.unit end, r.count,
          case (d.kind).kind when 'card_count' then cardinality(v_cards) end);
  if (d.kind).kind = 'card_void' then
    insert into ledger.card_event(document, card, was, now) select d.id, x, 'blank', 'void' from unnest(v_cards) x order by x;
    update shop.card c set state = 'void' where c.id = any (v_cards);
  elsif (d.kind).kind <> 'card_count' then
    update shop.card c set store = coalesce(r.unit, v_here), in_transit = (d.kind).kind = 'card_hand_over' where c.id = any (v_cards);
  end if;
end $$;
