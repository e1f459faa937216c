-- What a top-up gives beside its money, and what is booked of it later.
insert into ledger.section(name, keys, needed) values
  ('releases', '{plan,part,amount_minor}', '{plan,part,amount_minor}'),
  ('cash_backs', '{wallet,rule,version,month,amount_minor}', '{wallet,rule,version,month,amount_minor}')
on conflict (name) do update set keys = excluded.keys, needed = excluded.needed;
update ledger.kind k set sections = k.sections || '{coupons}', guards = '{outlet_refused}' || k.guards || '{recharge_refused,coupon_refused}'
 where k.kind = 'top_up';
insert into ledger.kind(kind, permission, sections, required, guards, needs_shift, reversible, needs_reason)
select x.kind, 'bonus_release', array[x.section], array[x.section],
       '{not_permitted,release_refused,member_not_active,approval_needed,total_differs,pair_not_allowed}', false, false, false
  from (values ('bonus_release', 'releases'), ('cash_back', 'cash_backs')) x(kind, section)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible, needs_reason = excluded.needs_reason;
insert into ledger.kind_pair(kind, demand, debit, credit) values
  ('top_up', 'grant', 'points_issued', 'points'), ('top_up', 'grant', 'points_issued', 'points_debt'),
  ('bonus_release', 'grant', 'bonus_granted', 'bonus'), ('cash_back', 'grant', 'bonus_granted', 'bonus')
on conflict do nothing;
