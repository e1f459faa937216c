-- A sale, and what an exchange hands out, says who served each of its lines.
insert into ledger.section(name, keys, needed) values ('sellers', '{line,staff,share_bp}', '{line,staff,share_bp}')
on conflict (name) do update set keys = excluded.keys, needed = excluded.needed;
update ledger.kind k set sections = k.sections || '{sellers}', guards = k.guards || '{seller_wrong}'
 where k.kind in ('sale', 'exchange') and not 'sellers' = any (k.sections);
