-- What is sold by the piece comes and goes in whole ones. What was sold in parts before its product changed may come back in parts.
create or replace function guard.fraction_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.line_in; s ledger.stock_in;
  v_split int[] := '{}';
begin
  foreach l in array d.lines loop if l.qty_milli % 1000 <> 0 then v_split := v_split || l.product; end if; end loop;
  foreach s in array d.stock loop if s.qty_milli % 1000 <> 0 then v_split := v_split || s.product; end if; end loop;
  if v_split = '{}' then return null; end if;
  return (select jsonb_build_object('line', x.n, 'product', p.name, 'qty_milli', x.qty_milli)
    from (select i.n, i.product, i.qty_milli, i.of from unnest(d.lines) i
          union all select null, k.product, k.qty_milli, null from unnest(d.stock) k) x
    join shop.product p on p.id = x.product and p.sold_by = 'piece'
   where x.qty_milli % 1000 <> 0
     and not exists (select from ledger.line o where o.document = (d.origin).id and o.n = x.of and o.qty_milli % 1000 <> 0)
   order by x.n limit 1);
end $$;
