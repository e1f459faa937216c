-- What rounding adds to so much cash: to the chain's least coin, to the nearest (a half up) or down. Never a whole coin.
create or replace function ledger.cash_rounding(amount bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_step bigint; v_mode text;
begin
  select c.cash_step_minor, c.cash_rounding into v_step, v_mode from shop.chain c;
  if v_step = 1 then return 0; end if;
  return (amount + case v_mode when 'nearest' then v_step / 2 else 0 end) / v_step * v_step - amount;
end $$;

-- Beside what cash pays: what rounding gave or took, and the change that the member's wallet keeps.
create or replace function ledger.expand_cash(inout d ledger.draft, t ledger.tender_in)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := ledger.account_of('cash', null, (d.terminal).drawer);
begin
  d := ledger.round_cash(d, t.rounded_minor, t.kind);
  if t.kept_minor <> 0 then
    d.postings := d.postings || (0, 'keep', d.currency, 'cash', v_cash, 'principal', ledger.account_of('principal', (d.header).wallet, null),
                                 t.kept_minor, t.kind, null, null, null, null)::ledger.posting_row;
  end if;
end $$;

-- `more` cash comes in beside an amount (less than nothing: goes out).
create or replace function ledger.round_cash(inout d ledger.draft, more bigint, method text)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := ledger.account_of('cash', null, (d.terminal).drawer);
  v_store bigint := (d.terminal).store;
begin
  if more > 0 then
    d.postings := d.postings || (0, 'rounding', d.currency, 'cash', v_cash, 'rounding', v_store, more, method, null, null, null,
                                 null)::ledger.posting_row;
  elsif more < 0 then
    d.postings := d.postings || (0, 'rounding', d.currency, 'rounding', v_store, 'cash', v_cash, -more, method, null, null, null,
                                 null)::ledger.posting_row;
  end if;
end $$;

-- What goods that come back hand out in cash, less what an exchange takes, is rounded like what a sale takes.
create or replace function ledger.round_refund(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_back bigint := coalesce((select sum(case 'cash' when p.credit then p.amount when p.debit then -p.amount end) from unnest(d.postings) p), 0);
begin
  if v_back > 0 then d := ledger.round_cash(d, -ledger.cash_rounding(v_back), 'cash'); end if;
end $$;

-- An account that a wallet has only since now, before anything is locked: a first debt, a first payment ahead.
create or replace function ledger.open_on_request(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.account(kind, unit, wallet)
  select k.kind, ledger.unit_of(k.kind, d.currency), w.id from ledger.account_kind k join shop.wallet w on w.id = (d.header).wallet
   where (k.kind = (d.kind).contra or k.kind in (select 'pass:' || g.rule from unnest(d.grants) g where g.kind = 'pass')) and k.on_request
  on conflict do nothing;
  if (d.origin).id is null then return; end if;           -- what comes back to a wallet that was merged goes on to its heir's
  insert into ledger.account(kind, unit, wallet)
  select a.kind, a.unit, w.merged_into from ledger.posting p join ledger.account a on a.id = p.debit_ref and a.kind = p.debit
    join shop.wallet w on w.id = a.wallet and w.merged_into is not null
   where p.document = (d.origin).id and p.debit in ('credit', 'advance')
  on conflict do nothing;
end $$;
