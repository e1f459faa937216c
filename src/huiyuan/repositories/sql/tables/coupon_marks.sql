-- A code is found by its mark, the hash of its HMAC, and by the last four characters of its paper. Two indexes on one table.
set role huiyuan_owner;
create index on shop.coupon(sha256(hmac));
create index on shop.coupon(last);
-- Where a code was shown last: a basket that was written down knows its mark alone, and gets it opened again only there.
create table shop.coupon_shown(coupon bigint primary key references shop.coupon, store int not null references shop.unit,
  shown_at timestamptz not null) with (fillfactor = 80);
reset role;
