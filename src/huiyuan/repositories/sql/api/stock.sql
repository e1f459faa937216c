-- Movements of goods with their document, of the stores that whoever asks may read. The names of who rang them up are the owner's to
-- read, so the view asks for the stores itself.
create or replace view api.stock_movement with (security_barrier) as
  select m.document, m.n, m.product, m.store, m.qty_milli, m.place_from, m.place_to, m.cost_minor,
         d.kind, d.posted_at, d.business_date, d.result->>'receipt' as receipt, f.name as who
    from ledger.stock_move m
    join ledger.document d on d.id = m.document
    left join sec.staff f on f.id = d.rung_by
   where m.store = any ((select api.my_stores())::int[]);

grant select on api.stock_movement to huiyuan_terminal, huiyuan_report;
grant select (category, tokens) on shop.product to huiyuan_terminal, huiyuan_report;
grant select (code, product) on shop.barcode to huiyuan_terminal, huiyuan_report;
grant select (id, parent, code, name, active) on shop.category to huiyuan_terminal, huiyuan_report;
