-- The law about prepaid cards, on whatever kinds there are: what sells stored value or passes, and what pays value out in cash.
update ledger.kind k set guards = k.guards || '{identity_needed,transfer_needed}' where k.contra in ('principal', 'passes_sold') and k.family = 'live'
  and k.takes_back is null and not k.guards @> '{identity_needed}';
update ledger.kind k set guards = k.guards[1:1] || '{refund_route}' || k.guards[2:] where k.takes_back is null and not k.guards @> '{refund_route}'
  and exists (select from ledger.kind_pair p where p.kind = k.kind and p.debit = 'principal' and p.credit = 'cash');
update ledger.kind k set guards = k.guards || '{validity_refused}' where k.card_term = 'starts' and not k.guards @> '{validity_refused}';
-- Wherever a card is presented, how it was read is said as it was.
update ledger.kind k set guards = k.guards || '{source_wrong}' where 'proofs' = any (k.sections) and not k.guards @> '{source_wrong}';
-- What comes back with goods stays within the cap too.
update ledger.kind k set guards = k.guards || '{refund_over_cap}' where k.takes_back = 'lines' and not k.guards @> '{refund_over_cap}';
