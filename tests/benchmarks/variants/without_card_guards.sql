-- What cards and the law added to the guards of a sale: the membership, the card type's functions, the card's own limits, how it was read.
update ledger.kind k set guards = array(
  select g from unnest(k.guards) with ordinality x(g, n)
   where g <> all ('{member_not_active,card_function,card_limit,source_wrong}') order by n);
