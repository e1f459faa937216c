-- The list price of a line that is not open is the catalogue's, as it stood at some moment of the grace (a resent document: since its
-- session opened).
create or replace function guard.price_changed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_since timestamptz := ledger.in_force_since(d);
begin
  return (select jsonb_build_object('line', l.n, 'product', l.product, 'now', ledger.price_now(l.product, (d.terminal).store, d.at))
    from unnest(d.lines) l
   where not coalesce(l.open, false)
     and not exists (select from shop.price p where p.product = l.product and p.list = 'retail' and p.amount_minor = l.price_minor
                        and p.valid_from <= d.at and (p.valid_to is null or p.valid_to > v_since)
                        and (p.store = (d.terminal).store
                             or (p.store is null and not exists (select from shop.price o where o.product = p.product and o.list = 'retail'
                                   and o.store = (d.terminal).store and o.valid_from <= v_since and (o.valid_to is null or o.valid_to > d.at)))))
   order by l.n limit 1);
end $$;
