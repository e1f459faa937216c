-- What may be selected directly: rows of the own stores, named columns, never a member, wallet, card, account, entry, body or reference.
-- A policy is wrapped in (select ...) so that it runs once a statement; there is none for writing, because nobody writes directly.
grant usage on schema api to huiyuan_terminal, huiyuan_report;
grant usage on schema shop, ledger to huiyuan_terminal, huiyuan_report;

do $$
declare
  named record;
begin
  for named in select * from (values
      ('document',   'store = any ((select api.my_stores())::int[])'),
      ('stock_move', 'store = any ((select api.my_stores())::int[])'),
      ('on_hand',    'store = any ((select api.my_stores())::int[])'),
      ('line',       'store = any ((select api.my_stores())::int[])'),
      ('posting',    'store = any ((select api.my_stores())::int[])')) p(name, rows) loop
    execute format('alter table ledger.%I enable row level security', named.name);
    execute format('drop policy if exists own_stores on ledger.%I', named.name);
    execute format('create policy own_stores on ledger.%I for select to huiyuan_terminal, huiyuan_report using (%s)', named.name, named.rows);
  end loop;
end $$;

grant select (id, kind, store, terminal, number, rung_by, approved_by, shift, of, total_minor, occurred_at, posted_at, business_date)
  on ledger.document to huiyuan_terminal, huiyuan_report;
grant select (document, n, store, product, qty_milli, price_minor, value_minor, total_minor, tax_code, of_line, open)
  on ledger.line to huiyuan_terminal, huiyuan_report;
grant select (document, n, store, demand, unit, debit, credit, amount, method, rule, version) on ledger.posting to huiyuan_terminal, huiyuan_report;
grant select (document, n, product, store, qty_milli, place_from, place_to, cost_minor) on ledger.stock_move to huiyuan_terminal, huiyuan_report;
grant select (store, product, qty_milli) on ledger.on_hand to huiyuan_terminal, huiyuan_report;
grant select (id, parent, kind, code, name) on shop.unit to huiyuan_terminal, huiyuan_report;
grant select (id, code, name, kind, base_unit, tax_code, active) on shop.product to huiyuan_terminal, huiyuan_report;
grant select (name, currency, minor_digits, time_zone, demo) on shop.chain to huiyuan_terminal, huiyuan_report;
