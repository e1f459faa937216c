-- What was taken off a basket is goods that we know, a quantity and a value, by somebody who was signed in at this terminal: nobody is
-- blamed for a line of another counter. The rest of the document does not depend on it.
create or replace function guard.removed_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if d.removed = '{}' then return null; end if;
  return (select jsonb_build_object('row', r.ord) from unnest(d.removed) with ordinality r(id, session, at, product, qty_milli, value_minor, why, ord)
           where (r.qty_milli between 1 and 1000000000 and r.value_minor between 0 and 1000000000 
                  and r.why in ('line', 'quantity', 'basket', 'left', 'age')
                  and isfinite(r.at)
                  and exists (select from shop.product p where p.id = r.product)
                  and exists (select from sec.session s where s.id = r.session and s.terminal = (d.terminal).id)
                 ) is not true limit 1);
end $$;
