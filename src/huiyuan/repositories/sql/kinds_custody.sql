-- Blank cards from hand to hand: received, handed to another store, destroyed, counted.
insert into ledger.kind(kind, permission, sections, required, guards, needs_shift, reversible, needs_reason)
select x.kind, 'cards_stock', '{ranges}', '{ranges}', '{not_permitted,total_differs,custody_refused}', false, false, x.kind = 'card_void'
  from unnest('{card_receive,card_hand_over,card_void,card_count}'::text[]) x(kind)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible, needs_reason = excluded.needs_reason;
update ledger.kind k set guards = k.guards || '{custody_refused}' where k.kind in ('card_issue', 'card_replacement');
