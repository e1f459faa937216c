-- A code is found by its mark, the hash of its HMAC, and by the last four characters of its paper. Two indexes on one table.
set role huiyuan_owner;
create index on shop.coupon(sha256(hmac));
create index on shop.coupon(last);
reset role;
