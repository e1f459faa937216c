-- A blank card leaves the box only in the store that has it; a range is exactly the cards that were counted, and goes to another place.
create or replace function guard.custody_refused(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r ledger.range_in;
  v_there bigint;
begin
  if coalesce(cardinality(d.ranges), 0) = 0 then
    return (select jsonb_build_object('why', 'elsewhere', 'number', c.number) from unnest(d.cards) x join shop.card c on c.id = x.card
      where x.was = 'blank' and c.store is not null and (c.store <> (d.terminal).store or c.in_transit) limit 1);
  end if;
  r := d.ranges[1];
  if cardinality(d.ranges) > 1 or not (shop.clean(r.first, 32) and shop.clean(r.last, 32)) or length(r.first) <> length(r.last)
     or (r.last collate "C") < (r.first collate "C") or r.count not between 0 and 10000 then return '{"why": "range"}'; end if;
  if (r.unit is not null) <> ((d.kind).kind = 'card_hand_over') or r.unit = (d.terminal).store
     or (r.unit is not null and not shop.keeps_cards(r.unit)) then return '{"why": "unit"}'; end if;
  v_there := (select count(*) from ledger.cards_meant(d, r));
  if (d.kind).kind = 'card_count' then
    return case when v_there <> r.count and (d.header).reason is null then '{"refused": "reason_missing", "facts": {}}'::jsonb end;
  end if;
  return case when r.count = 0 or v_there <> r.count then jsonb_build_object('why', 'count', 'pieces', v_there) end;
end $$;
