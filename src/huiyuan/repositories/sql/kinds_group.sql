-- Coupons that are given out may close a group-buy order.
update ledger.kind k set guards = '{not_permitted,group_refused,approval_needed,total_differs,coupon_refused}' where k.kind = 'coupon_issue';
