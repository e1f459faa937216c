-- Goods back and goods out in one document: neither can be half done. What came back pays what goes out on the ways that it was paid:
-- each refund goes where it belongs and from there straight into the new goods, so a later return finds the same ways again.

-- The lines that come back stand behind those that go out.
create or replace function ledger.behind(l ledger.line_in, by int) returns ledger.line_in
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin l.n := l.n + by; return l; end $$;

-- Points that paid come back as points and do not pay again by themselves. The rest is shared by largest remainder, ties to the earlier.
create or replace function ledger.carry_over(inout d ledger.draft, at_most bigint)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_refunds bigint := coalesce((select sum(p.amount) from unnest(d.postings) p where p.demand = 'refund' and p.debit = 'revenue'
    and p.credit <> 'points_redeemed'), 0);
begin
  d.carried := least(v_refunds, at_most);
  if d.carried = 0 then return; end if;
  d.postings := d.postings || array(
    with part as (
      select p.*, floor(d.carried::numeric * p.amount / v_refunds) as base, (d.carried::numeric * p.amount) % v_refunds as odd
        from unnest(d.postings) p where p.demand = 'refund' and p.credit <> 'points_redeemed'),
    share as (select x.*, x.base + case when row_number() over (order by x.odd desc, x.of_n) <= d.carried - sum(x.base) over () then 1
        else 0 end as over from part x)
    select (0, 'tender', s.unit, s.credit, s.credit_ref, 'revenue', (d.terminal).store, s.over, s.method, s.reference, null, null,
            null)::ledger.posting_row from share s where s.over > 0 order by s.of_n);
end $$;

create or replace function ledger.expand_exchange(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_out ledger.line_in[] := d.lines;
  v_wallet bigint := (d.header).wallet;
begin
  d.lines := d.backs;
  d := ledger.expand_return(d);
  d.backs := d.lines;
  d.lines := v_out;
  d.header.wallet := v_wallet;
  d.total := ledger.total_of(d);
  d := ledger.carry_over(d, d.total);
  if d.tenders <> '{}' then d := ledger.expand_tenders(d); end if;
  if d.grants <> '{}' or d.taxes <> '{}' then d := ledger.expand_grants(d); end if;
end $$;

-- Goods that nobody has a receipt for: what they are worth goes to the drawer or to the stored value of a member.
create or replace function ledger.expand_goods_back(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_store bigint := (d.terminal).store;
begin
  d.total := ledger.total_of(d);
  d.postings := array(
    select (0, 'tender', d.currency, 'revenue', v_store, x.credit, case x.credit when 'cash' then ledger.account_of('cash', null, (d.terminal).drawer)
              else ledger.account_of(x.credit, t.wallet, null) end, t.amount_minor, t.kind, null, null, null, null)::ledger.posting_row
      from unnest(d.tenders) t join shop.tender s on s.kind = t.kind and s.active
     cross join lateral (select case s.account when 'stored' then 'principal' else s.account end as credit) x where x.credit <> 'points')
    || array(select (0, 'tax', d.currency, 'tax', v_store, 'revenue', v_store, t.amount_minor, t.code, null, null, null, null)::ledger.posting_row
      from unnest(d.taxes) t where t.amount_minor <> 0);
end $$;
