-- Passes: bought (what is paid is owed in services until it is used), and used by the card that is presented.
insert into ledger.kind(kind, permission, sections, required, contra, guards, needs_shift, reversible, needs_reason) values
  ('pass_sale', 'top_up', '{tenders,grants,proofs}', '{tenders,grants}', 'passes_sold',
   '{outlet_refused,not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,
cash_refused,total_differs,redeem_refused,grant_refused,unknown_wallet,pass_refused,balance_cap,
card_not_presented,card_not_active,pin_needed,pair_not_allowed,pin_wrong}', true, true, false),
  ('pass_use', 'sale', '{passes,proofs}', '{passes,proofs}', null,
   '{not_permitted,total_differs,unknown_wallet,pass_refused,card_function,pair_not_allowed,pin_wrong}', false, true, false)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  contra = excluded.contra, guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible,
  needs_reason = excluded.needs_reason;
insert into ledger.kind_pair(kind, demand, debit, credit) values
  ('pass_sale', 'tender', 'cash', 'passes_sold'), ('pass_sale', 'tender', 'tender', 'passes_sold'), ('pass_sale', 'tender', 'prepaid', 'passes_sold'),
  ('pass_sale', 'tender', 'principal', 'passes_sold'), ('pass_sale', 'tender', 'bonus', 'passes_sold'),
  ('pass_use', 'earn', 'passes_sold', 'revenue'), ('pass_sale', 'rounding', 'cash', 'rounding'), ('pass_sale', 'rounding', 'rounding', 'cash')
on conflict do nothing;
select ledger.open_pass(f.id) from shop.rule f where f.family = 'pass' order by f.id;
-- What a card's type has no function for, and what the one card may spend; how it leaves the box.
update ledger.kind k set guards = k.guards || '{card_function}' where k.kind in ('sale', 'exchange', 'top_up', 'pass_sale');
update ledger.kind k set guards = k.guards || '{member_not_active}' where k.kind in ('pass_sale', 'pass_use');
update ledger.kind k set guards = k.guards || '{card_limit}' where k.kind in ('sale', 'exchange', 'pass_sale');
-- What goes to another card, or is paid back, is drawn with a card too.
update ledger.kind k set guards = k.guards || '{card_function,card_limit}' where k.kind = 'value_transfer';
update ledger.kind k set guards = k.guards || '{card_limit}' where k.kind = 'settlement';
update ledger.kind k set guards = k.guards || '{card_type_refused}' where k.kind = 'card_issue';
