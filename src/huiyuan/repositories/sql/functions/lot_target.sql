-- Whose moves of lots a posting belongs to. A document's own have no `of`; what takes a document back has that document's id, so that
-- the sum over both is what is still out. What a document earns and what it spends may lie in one lot: `redeem` tells the latter.
-- An exchange takes back from one document and sells anew; its own part says `out`, also where a later return undoes it.

-- Whether a posting of an exchange belongs to the goods that go out.
create or replace function ledger.goes_out(demand text, credit text, of_n int) returns boolean
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return of_n is null and not (demand = 'grant' and credit = 'points_issued'); end $$;

create or replace function ledger.lot_target(d ledger.draft, p ledger.posting_row, out of uuid, out demand text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_out boolean := false;
begin
  demand := case p.demand when 'redeem' then 'redeem' end;
  of := coalesce((d.origin).of, (d.origin).id);
  if (d.kind).takes_back is null then return; end if;
  if p.demand = 'carry' then                              -- what went on to another wallet is the document's own
    of := (d.origin).id;
    return;
  end if;
  if 'backs' = any ((d.kind).sections) then
    of := (d.origin).id;
    v_out := ledger.goes_out(p.demand, p.credit, p.of_n);
    if v_out then of := null; else v_out := (d.origin).kind = 'exchange'; end if;
  elsif (d.kind).takes_back = 'lines' then
    of := (d.origin).id;
    v_out := (d.origin).kind = 'exchange';
  elsif (d.origin).kind in ('return', 'exchange') then    -- a reversal: the posting that it mirrors tells which part
    v_out := (d.origin).kind = 'exchange'
      and (select ledger.goes_out(o.demand, o.credit, o.of_n) from ledger.posting o where o.document = (d.origin).id and o.n = p.of_n);
    if v_out then of := (d.origin).id;
    else v_out := (select x.kind = 'exchange' from ledger.document x where x.id = (d.origin).of); end if;
  end if;
  if v_out then demand := concat_ws('_', 'out', demand); end if;
end $$;
