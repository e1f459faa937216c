-- Every amount is positive, every line adds up: value = quantity x price within one minor unit, total = value - adjustments. What
-- rounding gives and takes stays small over the whole document too, or goods in a thousand crumbs would cost nothing.
-- Lines are numbered 1, 2, 3 ..., in any order. Plain loops: this runs for every line of every sale, and a query costs ten times more.
create or replace function guard.arithmetic(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.line_in; a ledger.adjustment_in; t ledger.tender_in; g ledger.grant_in; f ledger.fee_in; x ledger.tax_in;
  v_most int := cardinality(d.lines);
  v_off bigint[] := array_fill(0::bigint, array[v_most]);
  v_seen boolean[] := array_fill(false, array[v_most]);
  v_exact numeric := 0; v_value numeric := 0;
begin
  foreach a in array d.adjustments loop
    if (a.line between 1 and v_most and a.amount_minor > 0) is not true then return jsonb_build_object('line', a.line); end if;
    v_off[a.line] := v_off[a.line] + a.amount_minor;
  end loop;
  foreach l in array d.lines loop
    if (l.n between 1 and v_most and not v_seen[l.n] and l.qty_milli > 0 and l.price_minor >= 0 and l.total_minor >= 0
        and abs(l.value_minor - l.qty_milli::numeric * l.price_minor / 1000) <= 1
        and l.total_minor = l.value_minor - v_off[l.n]) is not true then return jsonb_build_object('line', l.n); end if;
    v_seen[l.n] := true;
    v_exact := v_exact + l.qty_milli::numeric * l.price_minor / 1000; v_value := v_value + l.value_minor;
  end loop;
  if abs(v_exact - v_value) > 5 + v_exact / 100 then return '{"section":"lines"}'; end if;
  foreach t in array d.tenders loop if (t.amount_minor > 0) is not true then return '{"section":"tenders"}'; end if; end loop;
  foreach g in array d.grants loop if (g.amount > 0) is not true then return '{"section":"grants"}'; end if; end loop;
  foreach f in array d.fees loop if (f.amount_minor >= 0) is not true then return '{"section":"fees"}'; end if; end loop;
  foreach x in array d.taxes loop if (x.amount_minor >= 0) is not true then return '{"section":"taxes"}'; end if; end loop;
  return guard.arithmetic_of_others(d);
end $$;

-- Repeated rows, and the sections that no queue waits for. Cash is one row: it rounds, and keeps change, once.
create or replace function guard.arithmetic_of_others(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(d.tenders) > 1 and exists (select from unnest(d.tenders) t
      group by t.kind, t.wallet, case when t.wallet is null and t.kind <> 'cash' then t.reference end having count(*) > 1) then
    return '{"section":"tenders"}';
  end if;
  if d.corrections <> '{}' and exists (select from unnest(d.corrections) c
      group by c.account having count(*) > 1 or bool_or(c.amount = 0)) then return '{"section":"corrections"}'; end if;
  if d.cards <> '{}' and exists (select from unnest(d.cards) c group by c.card having count(*) > 1) then return '{"section":"cards"}'; end if;
  if d.stock <> '{}' and exists (select from unnest(d.stock) s
      group by s.product having count(*) > 1 or bool_or(s.qty_milli <= 0 or s.cost_minor < 0)) then return '{"section":"stock"}'; end if;
  return null;
end $$;
