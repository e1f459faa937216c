-- A product's movements page by page, newest first: a document's id is its time, so the page is read off the index.
set role huiyuan_owner;
create index stock_move_page on ledger.stock_move(product, store, document, n);
drop index ledger.stock_move_product_store_idx;          -- the new one begins with the same columns
reset role;
