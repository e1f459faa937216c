update shop.chain set pin_floor_minor = 1e15, pin_floor_day_minor = 1e15;
insert into shop.tax(code, rate_bp) values ('BENCH', 0);
insert into shop.product(code, name, tax_code) select 'BENCH-' || i, 'bench ' || i, 'BENCH' from generate_series(1, 40) i;
insert into shop.price(product, amount_minor, valid_from)
select id, 1000, now() - interval '1 day' from shop.product where tax_code = 'BENCH';
