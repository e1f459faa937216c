-- Kinds that move stored value beside sales and top-ups: between wallets, between members, and out.
insert into ledger.section(name, keys, needed) values
  ('transfers', '{wallet,taker,amount_minor}', '{wallet,taker,amount_minor}'),
  ('merges', '{member,kept}', '{member,kept}'),
  ('settlements', '{wallet,method,amount_minor,forfeit_minor,points,reference,rule,version}', '{wallet,method,amount_minor}')
on conflict (name) do update set keys = excluded.keys, needed = excluded.needed;

insert into ledger.kind(kind, permission, sections, required, guards, needs_shift, reversible, needs_reason, approval_above_minor)
select x.kind, x.permission, x.sections, x.required, x.guards, x.shift, true, x.reason, x.above from (values
  ('value_transfer', 'value_transfer', '{transfers,proofs}'::text[], '{transfers}'::text[],
   '{not_permitted,transfer_refused,approval_needed,total_differs,card_not_presented,pair_not_allowed,
pin_wrong,member_not_active}'::text[], false, false, null::bigint),
  ('member_merge', 'member_merge', '{merges}', '{merges}', '{not_permitted,merge_refused,approval_needed,total_differs,pair_not_allowed}',
   false, true, 0),
  ('settlement', 'settlement', '{settlements,proofs}', '{settlements}',
   '{not_permitted,settlement_refused,approval_needed,total_differs,card_not_presented,pair_not_allowed,pin_wrong}', true, true, null))
  x(kind, permission, sections, required, guards, shift, reason, above)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible, needs_reason = excluded.needs_reason;

insert into ledger.kind_pair(kind, demand, debit, credit)
select k.kind, 'carry', a.kind, a.kind from (values ('value_transfer', false), ('member_merge', true), ('return', true), ('exchange', true),
    ('reversal', true)) k(kind, every)
  join ledger.account_kind a on a.kind in ('principal', 'bonus') or (k.every and a.owner = 'wallet' and (a.lots or a.kind = 'points_debt'))
    or (k.kind in ('return', 'exchange', 'reversal') and a.kind in ('credit', 'advance'))
on conflict do nothing;
insert into ledger.kind_pair(kind, demand, debit, credit) values
  ('settlement', 'settle', 'principal', 'cash'), ('settlement', 'settle', 'principal', 'tender'), ('settlement', 'settle', 'bonus', 'cash'),
  ('settlement', 'settle', 'bonus', 'tender'), ('settlement', 'forfeit', 'bonus', 'bonus_granted'),
  ('settlement', 'forfeit', 'points', 'points_issued'), ('settlement', 'forfeit', 'points_issued', 'points_debt')
on conflict do nothing;
