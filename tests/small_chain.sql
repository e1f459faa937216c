-- The rows of the small chain; tests/small_chain.py names their ids, tests/small_seed.py the numbers of its staff.
insert into shop.chain(name, currency, time_zone) values ('小连锁', 'CNY', 'Asia/Shanghai');
insert into shop.unit(parent, kind, code, name) values
  (null, 'headquarters', 'HQ', '总部'), (1, 'store', 'N', '北店'), (1, 'store', 'S', '南店');
insert into shop.tier(code, name, rank) values ('base', '普通', 0), ('gold', '金卡', 1);
insert into shop.card_type(code, name, registered, balance_max_minor) values
  ('registered', '记名卡', true, 500000), ('bearer', '不记名卡', false, 100000);
insert into shop.tax values ('T0', 0), ('T6', 600), ('T13', 1300);
insert into shop.tender(kind, account, reference, active) values ('cash', 'cash', false, true),
  ('stored', 'stored', false, true), ('bank_card', 'tender', true, true), ('cheque', 'tender', false, false), ('points', 'points', false, true),
  ('prepaid', 'prepaid', true, true), ('voucher', 'voucher', true, true), ('credit', 'credit', false, true), ('advance', 'advance', false, true);
insert into shop.product(code, name, kind, tax_code, active) values
  ('MILK', '牛奶', 'goods', 'T13', true), ('BREAD', '面包', 'goods', 'T0', true), ('RICE', '散装大米', 'goods', 'T0', true),
  ('REPAIR', '修理', 'service', 'T6', true), ('OLD', '停售', 'goods', 'T0', false), ('PENNY', '一分', 'goods', 'T0', true);
-- Bread is cut from the loaf and pennies are poured, so that quantities may be split; milk comes by the bottle.
update shop.product set sold_by = 'weight' where id in (2, 3, 6);
insert into shop.product(code, name, kind, tax_code, open_price) values ('STAMP', '邮票', 'goods', 'T0', true);
insert into shop.price(product, store, amount_minor, valid_from) values
  (1, null, 1000, now() - interval '9 days'), (2, null, 350, now() - interval '9 days'),
  (3, null, 2599, now() - interval '9 days'), (4, null, 5000, now() - interval '9 days'),
  (5, null, 100, now() - interval '9 days'), (6, null, 1, now() - interval '9 days'),
  (2, 3, 300, now() - interval '9 days');
insert into shop.price(product, list, store, amount_minor, valid_from) values
  (2, 'member', null, 320, now() - interval '9 days'), (2, 'gold', null, 310, now() - interval '9 days'),
  (2, 'gold', 3, 250, now() - interval '9 days');
insert into shop.rule(family, name) values ('tier', '金卡九折'), ('points', '一元一分'), ('bonus', '充二百送一成'),
  ('fee', '开卡工本费'), ('promotion', '满十元八折'), ('promotion', '南店促销'), ('promotion', '已结束'),
  ('promotion', '未开始'), ('promotion', '未批准'), ('redeem', '积分抵现');
insert into shop.rule_version(rule, version, valid_from, valid_to, stores, tiers, max_bp, max_line_minor,
  max_document_minor, points_rate, min_minor, amount_minor, term_days, body, published_by, approved_by) values
 (1, 1, now() - interval '9 days', null, null, '{2}', 1000, null, null, null, 0, null, null, '{}', null, null),
 (2, 1, now() - interval '9 days', null, null, null, null, null, null, 100, 0, null, 365, '{}', null, null),
 (3, 1, now() - interval '9 days', null, null, null, 1000, null, 30000, null, 20000, null, 90, '{}', null, null),
 (4, 1, now() - interval '9 days', null, '{2,3}', null, null, null, null, null, 0, 1000, null,
  '{"kind": "card_issue", "code": "issue"}', null, null),
 (5, 1, now() - interval '9 days', now() - interval '2 days', '{2}', null, 5000, null, null, null, 0, null, null, '{}', null, null),
 (5, 2, now() - interval '2 days', null, '{2}', null, 2000, 300, 500, null, 1000, null, null, '{}', null, null),
 (6, 1, now() - interval '9 days', null, '{3}', null, 5000, null, null, null, 0, null, null, '{}', null, null),
 (7, 1, now() - interval '9 days', now() - interval '1 day', null, null, 5000, null, null, null, 0, null, null, '{}', null, null),
 (8, 1, now() + interval '1 day', null, null, null, 5000, null, null, null, 0, null, null, '{}', null, null),
 (9, 1, now() - interval '9 days', null, null, null, 5000, null, null, null, 0, null, null, '{}', 1, null),
 (10, 1, now() - interval '9 days', null, null, null, 5000, null, 3000, 2000, 100, null, null, '{"min_points": 2}', null, null);
insert into sec.duty values ('cashier', '收银'), ('manager', '店长'), ('trainee', '见习');
insert into sec.permission(duty, permission, limit_minor, limit_bp)
  select d, p, case when d = 'cashier' and p = 'sale' then 100000 end,
         case when p = 'discount' then case d when 'manager' then 5000 else 500 end end
    from unnest('{cashier,manager}'::text[]) d,
         unnest('{sale,return,reverse,top_up,card_issue,card_activate,shift,stock_receive,discount,adjust,card_pin}'::text[]) p;
insert into sec.permission(duty, permission) values ('manager', 'approve'), ('trainee', 'sale'), ('trainee', 'shift');
insert into sec.staff(number, name, duty, units, verifier)
  select n, '某', d, u, sha256(n::bytea)
    from (values ('10001', 'cashier', '{2,3}'::int[]), ('10002', 'manager', '{1}'), ('10003', 'manager', '{1}')) x(n, d, u);
-- A store has 999 codes and each test takes fresh seats, so codes come round again here.
alter table sec.terminal drop constraint terminal_store_code_key;
insert into sec.permission(duty, permission, limit_bp) values ('manager', 'open_price', 5000);
-- The cashier closes a gap of one yuan alone and takes up to 200.00 out of the drawer; a manager anything.
insert into sec.permission(duty, permission, limit_minor)
  select d, p, case when d = 'cashier' then case p when 'shift_variance' then 100 when 'cash_out' then 20000 when 'expense' then 20000 end end
    from unnest('{cashier,manager}'::text[]) d, unnest('{cash_in,cash_drop,cash_out,expense,no_sale,shift_variance}'::text[]) p;
insert into sec.permission(duty, permission) values ('manager', 'shift_expected');
insert into sec.permission(duty, permission) values ('cashier', 'invoice'), ('manager', 'invoice');
update shop.tender set counted = true where kind = 'cheque';
insert into sec.permission(duty, permission) values ('manager', 'credit'), ('manager', 'settings'), ('manager', 'advance_back'), ('cashier', 'advance_back');
insert into sec.permission(duty, permission) values ('manager', 'coupon_issue'), ('manager', 'coupon_void'), ('manager', 'group_order');
-- Value between cards: the cashier up to 500.00 alone, paid back up to 100.00; members are merged by managers.
insert into sec.permission(duty, permission, limit_minor)
  select d, p, case when d = 'cashier' then case p when 'settlement' then 10000 else 50000 end end
    from unnest('{cashier,manager}'::text[]) d, unnest('{value_transfer,settlement,member_merge,bonus_release}'::text[]) p;
-- The life of cards: a type that ends after a year, one that is applied for; who takes away may give back only as a manager.
insert into shop.card_type(code, name, registered, balance_max_minor, valid_months, by_application) values
  ('yearly', '年卡', true, 500000, 12, false), ('invited', '邀请卡', true, 300000, null, true);
insert into sec.permission(duty, permission)
  select d, p from unnest('{cashier,manager}'::text[]) d, unnest('{card_lost,card_freeze,card_replace,card_renew,card_fee,card_apply,
card_type,member_state}'::text[]) p;
insert into sec.permission(duty, permission)
  select 'manager', p from unnest('{card_unfreeze,card_cancel,card_restore,card_review,card_pin_reset}'::text[]) p;
