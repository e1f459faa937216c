-- A price typed at the till: of goods that have none of their own by whoever sells, of any others by the permission open_price and
-- as far from the list as it goes, up or down. No other rule lowers it: what a member saves is a share of a list price.
create or replace function guard.open_price_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.line_in;
  v_open boolean := false;
  v_bad record;
begin
  foreach l in array d.lines loop v_open := v_open or coalesce(l.open, false); end loop;
  if not v_open then return null; end if;
  select a.line, a.source into v_bad from unnest(d.adjustments) a join unnest(d.lines) x on x.n = a.line and x.open
   where a.source <> 'manual' order by a.line limit 1;
  if found then return jsonb_build_object('line', v_bad.line, 'source', v_bad.source); end if;
  select x.n, x.price_minor, o.now into v_bad from unnest(d.lines) x join shop.product p on p.id = x.product
   cross join lateral (select ledger.price_now(x.product, (d.terminal).store, d.at) as now) o
   where x.open and not (p.open_price and x.price_minor > 0) and not exists (
     select from unnest(array[(d.staff).duty, (d.approver).duty]) u
      cross join lateral (select (sec.permission_of(u, 'open_price')).*) m
      where m.permission is not null
        and (m.limit_bp is null or o.now is null or abs(x.price_minor - o.now) <= o.now::numeric * m.limit_bp / 10000))
   order by x.n limit 1;
  if not found then return null; end if;
  return jsonb_build_object('refused', 'approval_needed', 'permission', 'open_price', 'line', v_bad.n, 'amount', v_bad.price_minor,
    'now', v_bad.now);
end $$;
