-- Goods that come with a top-up leave the store's stock with it. Behind all other guards: its rows of stock are the last that are locked.
insert into ledger.section(name, keys, needed) values
  ('gifts', '{product,qty_milli,rule,version}', '{product,qty_milli,rule,version}')
on conflict (name) do update set keys = excluded.keys, needed = excluded.needed;
update ledger.kind k set sections = k.sections || '{gifts}', guards = k.guards || '{gift_refused}', stock_from = 'store', stock_to = 'customer'
 where k.kind = 'top_up';
update ledger.kind k set guards = k.guards || '{gift_bound}' where k.takes_back in ('lines', 'whole') and not k.guards @> '{gift_bound}';
