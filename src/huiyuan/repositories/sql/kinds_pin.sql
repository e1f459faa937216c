-- A forgotten PIN and a locked one: who the holder is was seen, or a second person signs. The card stays what it is.
insert into ledger.kind(kind, permission, sections, required, guards, card_moves, needs_identity, needs_shift, reversible, needs_reason)
select k, 'card_pin_reset', '{cards,identity}', '{cards}',
       '{not_permitted,approval_needed,arithmetic,total_differs,card_state,identity_missing,pin_unproven,pair_not_allowed}',
       '{issued>issued,active>active}', true, false, false, true
  from unnest('{card_pin_reset,card_pin_unlock}'::text[]) k
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  guards = excluded.guards, card_moves = excluded.card_moves, needs_identity = excluded.needs_identity, needs_shift = excluded.needs_shift,
  reversible = excluded.reversible, needs_reason = excluded.needs_reason;
