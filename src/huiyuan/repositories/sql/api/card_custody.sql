-- What this store has of blank cards, by type and by range; and the cards of a range that may be issued at once.

create or replace function api.card_custody() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('cards_stock');
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object(
    'types', coalesce((select jsonb_agg(jsonb_build_object('name', y.name, 'blank', x.blank, 'coming', x.coming, 'uncounted', x.uncounted,
        'void', x.void, 'issued', (select count(*) from ledger.card_event e join shop.card c on c.id = e.card and c.type = y.id
            join ledger.document d on d.id = e.document and d.store = w.store where e.was = 'blank' and e.now <> 'void')) order by y.id)
      from shop.card_type y cross join lateral (select count(*) filter (where c.state = 'blank' and c.store = w.store and not c.in_transit) as blank,
        count(*) filter (where c.state = 'blank' and c.store = w.store and c.in_transit) as coming,
        count(*) filter (where c.state = 'blank' and c.store is null) as uncounted,
        count(*) filter (where c.state = 'void' and c.store = w.store) as void from shop.card c where c.type = y.id) x), '[]'),
    'ranges', coalesce((select jsonb_agg(to_jsonb(g) order by g.first) from (
      select y.name as type, min(i.number) as first, max(i.number) as last, count(*) as count, i.in_transit, i.store is null as uncounted
        from (select c.*, case when c.number ~ '^[0-9]{1,30}$' then c.number::numeric - row_number() over (
                partition by c.type, c.store, c.in_transit, length(c.number) order by c.number) else -c.id end as island
                from shop.card c where c.state = 'blank' and (c.store = w.store or c.store is null)) i join shop.card_type y on y.id = i.type
       group by y.name, i.store, i.in_transit, length(i.number), i.island order by min(i.number) limit 200) g), '[]'),
    'moves', coalesce((select jsonb_agg(jsonb_build_object('what', m.what, 'first', m.first, 'last', m.last, 'count', m.count,
        'expected', m.expected, 'from', f.name, 'to', t.name, 'at', m.posted_at, 'who', s.name, 'receipt', m.receipt) order by m.posted_at desc)
      from (select x.*, d.posted_at, d.rung_by, d.result->>'receipt' as receipt from ledger.card_custody x join ledger.document d on d.id = x.document
             where w.store in (x.store_from, x.store_to) order by d.posted_at desc limit 50) m
      left join shop.unit f on f.id = m.store_from left join shop.unit t on t.id = m.store_to left join sec.staff s on s.id = m.rung_by), '[]'),
    'units', (select jsonb_agg(jsonb_build_array(u.id, u.name) order by u.id) from shop.unit u
              where u.id <> w.store and shop.keeps_cards(u.id)));
end $$;

-- The blank cards of a range that lie here, the first of them: what is left of a batch is found in the same way.
create or replace function api.card_range(first text, last text, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks('card_issue');
  if w.refused is not null then return w.refused; end if;
  return (select jsonb_build_object('left', count(*), 'cards', coalesce(jsonb_agg(jsonb_build_array(c.id, c.number) order by c.number)
      filter (where c.place <= least(most, 100)), '[]'), 'registered', coalesce(bool_or(y.registered), false))
    from (select x.*, row_number() over (order by x.number) as place from ledger.cards_in(card_range.first, card_range.last) x
           where x.state = 'blank' and (x.store is null or (x.store = w.store and not x.in_transit))) c
    join shop.card_type y on y.id = c.type);
end $$;
grant execute on function api.card_custody(), api.card_range(text, text, int) to huiyuan_terminal;
