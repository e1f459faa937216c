-- Kinds of documents, accounts and sections: rows, put here at every migrate. docs/LEDGER.md section 4 is this table in words.
insert into ledger.account_kind(kind, normal, owner, unit, lots, merges) values
  ('cash',          'debit',  'drawer', 'money', false, false),
  ('principal',     'credit', 'wallet', 'money', true,  false),
  ('bonus',         'credit', 'wallet', 'money', true,  false),
  ('points',        'credit', 'wallet', 'point', true,  true),
  ('points_debt',   'debit',  'wallet', 'point', false, false),
  ('revenue',       'credit', 'store',  'money', false, false),
  ('fees',          'credit', 'store',  'money', false, false),
  ('tax',           'credit', 'store',  'money', false, false),
  ('tender',        'debit',  'store',  'money', false, false),
  ('safe',          'debit',  'store',  'money', false, false),
  ('over_short',    'debit',  'store',  'money', false, false),
  ('paid_out',      'debit',  'store',  'money', false, false),
  ('expenses',      'debit',  'store',  'money', false, false),
  ('correction',    'debit',  'store',  'money', false, false),
  ('opening',       'debit',  'store',  'money', false, false),
  ('bonus_granted', 'debit',  'store',  'money', false, false),
  ('points_redeemed', 'debit', 'store', 'money', false, false),
  ('points_issued', 'debit',  'store',  'point', false, false),
  ('points_spent',  'credit', 'store',  'point', false, false),
  ('rounding',      'credit', 'store',  'money', false, false),
  ('prepaid',       'debit',  'store',  'money', false, false),
  ('voucher',       'debit',  'store',  'money', false, false),
  ('credit',        'credit', 'wallet', 'money', false, false),
  ('advance',       'credit', 'wallet', 'money', false, false),
  ('passes_sold',   'credit', 'store',  'money', false, false),
  ('passes_issued', 'debit',  'store',  'pass',  false, false),
  ('passes_used',   'credit', 'store',  'pass',  false, false)
on conflict (kind) do update set normal = excluded.normal, owner = excluded.owner, unit = excluded.unit, lots = excluded.lots,
    merges = excluded.merges;
update ledger.account_kind set on_request = true where kind in ('credit', 'advance') and not on_request;

insert into ledger.section(name, keys, needed) values
  ('header', '{kind,session,number,occurred_at,priced_at,shift,wallet,of,reason,counted_minor,total_minor,store,held,amount_minor,
      offline_at,signed_at,buyer,message,age_checked,group_order,bought}',
      '{kind,number,occurred_at,total_minor}'),
  ('lines', '{n,product,qty_milli,price_minor,value_minor,total_minor,of,open}', '{n,qty_milli}'),
  ('backs', '{n,of,qty_milli,total_minor}', '{n,of,qty_milli,total_minor}'),
  ('adjustments', '{line,source,rule,version,amount_minor,list,name,qty_milli,coupon}', '{line,source,amount_minor}'),
  ('taxes', '{code,rate_bp,base_minor,amount_minor}', '{code,rate_bp,base_minor,amount_minor}'),
  ('tenders', '{kind,amount_minor,given_minor,wallet,reference,points,rule,version,rounded_minor,kept_minor}', '{kind,amount_minor}'),
  ('grants', '{kind,rule,version,amount}', '{kind,rule,version,amount}'),
  ('fees', '{code,rule,version,amount_minor,card,year}', '{code,rule,version,amount_minor}'),
  ('proofs', '{wallet,token_kind,token,pin_attempt,source}', '{token_kind,token}'),
  ('cards', '{card,was,now,holder,wallet,type}', '{card,was,now}'),
  ('identity', '{holder,paper,match}', '{holder,paper}'),
  ('members', '{member,was,now}', '{member,was,now}'),
  ('applications', '{application,was,now,type,holder,papers}', '{was,now}'),
  ('stock', '{product,qty_milli,cost_minor}', '{product,qty_milli}'),
  ('corrections', '{account,amount}', '{account,amount}'),
  ('counts', '{tender,denomination_minor,pieces,amount_minor}', '{tender}'),
  ('coupons', '{token,last,rule,version,holder}', '{token}'),
  ('passes', '{rule,count}', '{rule,count}'),
  ('ranges', '{first,last,count,unit}', '{first,last,count}'),
  ('removed', '{id,session,at,product,qty_milli,value_minor,why}', '{id,session,at,product,qty_milli,value_minor,why}')
on conflict (name) do update set keys = excluded.keys, needed = excluded.needed;

insert into ledger.kind(kind, family, permission, sections, required, contra, takes_back, counts, guards, card_moves, stock_from, stock_to,
                        needs_shift, reversible, needs_reason, approval_above_minor) values
  ('sale', 'live', 'sale', '{lines,adjustments,taxes,tenders,grants,proofs}', '{lines}', 'revenue', null, null,
   '{not_permitted,offline_refused,approval_needed,unknown_product,arithmetic,fraction_refused,price_changed,open_price_refused,adjustment_refused,
promotion_refused,tax_wrong,tender_not_allowed,reference_missing,given_too_little,cash_refused,unbalanced,total_differs,redeem_refused,grant_refused,
unknown_wallet,card_not_presented,card_not_active,pin_needed,pair_not_allowed,pin_wrong}',
   '{}', 'store', 'customer', true, true, false, null),
  ('return', 'live', 'return', '{lines}', '{lines}', 'revenue', 'lines', null,
   '{not_permitted,approval_needed,fraction_refused,total_differs,pair_not_allowed}', '{}', 'customer', 'store', true, true, true, 50000),
  ('exchange', 'live', 'return', '{lines,backs,adjustments,taxes,tenders,grants,proofs}', '{lines,backs}', 'revenue', 'lines', null,
   '{not_permitted,wallet_differs,approval_needed,unknown_product,arithmetic,fraction_refused,price_changed,open_price_refused,adjustment_refused,
promotion_refused,tax_wrong,tender_not_allowed,reference_missing,given_too_little,cash_refused,unbalanced,total_differs,redeem_refused,grant_refused,
unknown_wallet,card_not_presented,card_not_active,pin_needed,pair_not_allowed,pin_wrong}',
   '{}', 'store', 'customer', true, true, true, 50000),
  ('blind_return', 'live', 'blind_return', '{lines,taxes,tenders}', '{lines,tenders}', 'revenue', 'goods', null,
   '{not_permitted,approval_needed,unknown_product,arithmetic,fraction_refused,blind_return_refused,tax_wrong,tender_not_allowed,unbalanced,
total_differs,unknown_wallet,balance_cap,pair_not_allowed}',
   '{}', 'customer', 'store', true, true, true, 0),
  ('reversal', 'live', 'reverse', '{}', '{}', null, 'whole', null,
   '{not_permitted,approval_needed,total_differs,pair_not_allowed}', '{}', null, null, false, false, true, 50000),
  ('top_up', 'live', 'top_up', '{tenders,grants}', '{tenders}', 'principal', null, null,
   '{not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,cash_refused,total_differs,redeem_refused,
grant_refused,unknown_wallet,card_not_active,balance_cap,pair_not_allowed}',
   '{}', null, null, true, true, false, null),
  ('advance', 'live', 'sale', '{tenders}', '{tenders}', 'advance', null, null,
   '{not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,cash_refused,total_differs,redeem_refused,
unknown_wallet,pair_not_allowed}',
   '{}', null, null, true, true, true, null),
  ('advance_back', 'live', 'advance_back', '{tenders,proofs}', '{tenders}', 'cash', null, null,
   '{not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,cash_refused,total_differs,redeem_refused,
unknown_wallet,card_not_presented,card_not_active,pair_not_allowed}',
   '{}', null, null, true, true, true, 0),
  ('credit_payment', 'live', 'sale', '{tenders}', '{tenders}', 'credit', null, null,
   '{not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,cash_refused,total_differs,redeem_refused,
unknown_wallet,credit_overpaid,pair_not_allowed}',
   '{}', null, null, true, true, false, null),
  ('card_issue', 'live', 'card_issue', '{cards,fees,tenders}', '{cards}', 'fees', null, null,
   '{not_permitted,approval_needed,arithmetic,tender_not_allowed,reference_missing,given_too_little,cash_refused,unbalanced,total_differs,
redeem_refused,fee_wrong,card_state,pair_not_allowed}',
   '{blank>issued}', null, null, true, true, false, null),
  ('card_activation', 'live', 'card_activate', '{cards}', '{cards}', null, null, null,
   '{not_permitted,arithmetic,total_differs,card_state}', '{issued>active}', null, null, false, true, false, null),
  ('stock_receipt', 'live', 'stock_receive', '{stock}', '{stock}', null, null, null,
   '{not_permitted,approval_needed,unknown_product,arithmetic,fraction_refused,total_differs}', '{}', 'supplier', 'store', false, true, false, null),
  ('adjustment', 'live', 'adjust', '{corrections}', '{corrections}', 'correction', null, null,
   '{not_permitted,approval_needed,arithmetic,unknown_wallet,total_differs,balance_cap,pair_not_allowed}', '{}', null, null, false, true, true, 0),
  ('shift_open', 'live', 'shift', '{counts}', '{}', 'safe', null, 'open',
   '{not_permitted,arithmetic,total_differs,count_wrong,pair_not_allowed}', '{}', null,
      null, false, false, false, null),
  ('shift_close', 'live', 'shift', '{counts,removed}', '{}', 'safe', null, 'close',
   '{not_permitted,arithmetic,total_differs,count_wrong,removed_wrong,variance_unexplained,pair_not_allowed}', '{}', null,
      null, true, false, false, null),
  ('opening_balance', 'history', 'history', '{corrections,stock,grants}', '{}', 'opening', null, null,
   '{unknown_product,arithmetic,unknown_wallet,total_differs,pair_not_allowed}', '{}', 'opening', 'store', false, false, false, null),
  -- One by one nobody may post it (the guard finds no person): past sales come in batches, through ledger.write_history.
  ('history_sale', 'history', 'history', '{lines,adjustments,tenders}', '{lines}', 'revenue', null, null, '{not_permitted,pair_not_allowed}',
   '{}', null, null, false, false, false, null)
on conflict (kind) do update set family = excluded.family, permission = excluded.permission, sections = excluded.sections,
    required = excluded.required,
  contra = excluded.contra, takes_back = excluded.takes_back, counts = excluded.counts, guards = excluded.guards, card_moves = excluded.card_moves,
  stock_from = excluded.stock_from, stock_to = excluded.stock_to, needs_shift = excluded.needs_shift, reversible = excluded.reversible,
  needs_reason = excluded.needs_reason;                   -- approval_above_minor is the chain's to set

insert into ledger.kind_pair(kind, demand, debit, credit) values
  ('sale', 'tender', 'cash', 'revenue'), ('sale', 'tender', 'tender', 'revenue'), ('sale', 'tender', 'principal', 'revenue'),
  ('sale', 'tender', 'bonus', 'revenue'), ('sale', 'tender', 'points_redeemed', 'revenue'), ('sale', 'redeem', 'points', 'points_spent'),
  ('sale', 'tender', 'prepaid', 'revenue'), ('sale', 'tender', 'voucher', 'revenue'), ('sale', 'tender', 'credit', 'revenue'),
  ('sale', 'tender', 'advance', 'revenue'), ('sale', 'rounding', 'cash', 'rounding'), ('sale', 'rounding', 'rounding', 'cash'),
  ('sale', 'keep', 'cash', 'principal'), ('sale', 'late', 'over_short', 'cash'), ('top_up', 'tender', 'prepaid', 'principal'),
  ('advance', 'tender', 'cash', 'advance'), ('advance', 'tender', 'tender', 'advance'), ('advance_back', 'tender', 'advance', 'cash'),
  ('credit_payment', 'tender', 'cash', 'credit'), ('credit_payment', 'tender', 'tender', 'credit'),
  ('return', 'refund', 'revenue', 'prepaid'), ('return', 'refund', 'revenue', 'voucher'), ('return', 'refund', 'revenue', 'credit'),
  ('return', 'refund', 'revenue', 'advance'), ('return', 'rounding', 'cash', 'rounding'), ('return', 'rounding', 'rounding', 'cash'),
  ('blind_return', 'rounding', 'cash', 'rounding'), ('blind_return', 'rounding', 'rounding', 'cash'),
  ('sale', 'tax', 'revenue', 'tax'),
  ('sale', 'grant', 'points_issued', 'points'), ('sale', 'grant', 'points_issued', 'points_debt'),
  ('return', 'refund', 'revenue', 'cash'), ('return', 'refund', 'revenue', 'tender'), ('return', 'refund', 'revenue', 'principal'),
  ('return', 'refund', 'revenue', 'bonus'), ('return', 'refund', 'revenue', 'points_redeemed'), ('return', 'redeem', 'points_spent', 'points'),
  ('return', 'tax', 'tax', 'revenue'),
  ('return', 'grant', 'points', 'points_issued'), ('return', 'grant', 'points_debt', 'points_issued'),
  ('blind_return', 'tender', 'revenue', 'cash'), ('blind_return', 'tender', 'revenue', 'principal'), ('blind_return', 'tax', 'tax', 'revenue'),
  ('top_up', 'tender', 'cash', 'principal'), ('top_up', 'tender', 'tender', 'principal'), ('top_up', 'grant', 'bonus_granted', 'bonus'),
  ('card_issue', 'tender', 'cash', 'fees'), ('card_issue', 'tender', 'tender', 'fees'),
  ('adjustment', 'correction', 'correction', 'principal'), ('adjustment', 'correction', 'principal', 'correction'),
  ('adjustment', 'correction', 'correction', 'bonus'), ('adjustment', 'correction', 'bonus', 'correction'),
  ('adjustment', 'correction', 'points_issued', 'points'), ('adjustment', 'correction', 'points', 'points_issued'),
  ('shift_open', 'count', 'cash', 'safe'), ('shift_close', 'count', 'safe', 'cash'),
  ('shift_close', 'over_short', 'cash', 'over_short'), ('shift_close', 'over_short', 'over_short', 'cash'),
  ('opening_balance', 'correction', 'opening', 'principal'), ('opening_balance', 'correction', 'opening', 'bonus'),
  ('opening_balance', 'correction', 'points_issued', 'points'), ('history_sale', 'tender', 'opening', 'revenue')
on conflict do nothing;
-- An exchange posts what a return posts and what a sale posts.
insert into ledger.kind_pair(kind, demand, debit, credit)
select 'exchange', p.demand, p.debit, p.credit from ledger.kind_pair p where p.kind in ('return', 'sale') on conflict do nothing;
-- The drawer beside sales. No-sale: nothing moves, but somebody opened the drawer and said why.
insert into ledger.kind(kind, permission, sections, required, contra, guards, needs_shift, reversible, needs_reason, moves_cash)
select x.kind, x.kind, '{}', '{}', x.contra, '{not_permitted,approval_needed,total_differs,pair_not_allowed}', true, x.moves_cash is not null, true,
       x.moves_cash
  from (values ('cash_in', 'safe', 'in'), ('cash_drop', 'safe', 'out'), ('cash_out', 'paid_out', 'out'), ('expense', 'expenses', 'out'),
               ('no_sale', null, null)) x(kind, contra, moves_cash)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  contra = excluded.contra, guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible,
  needs_reason = excluded.needs_reason, moves_cash = excluded.moves_cash;
insert into ledger.kind_pair(kind, demand, debit, credit) values
  ('cash_in', 'cash', 'cash', 'safe'), ('cash_drop', 'cash', 'safe', 'cash'), ('cash_out', 'cash', 'paid_out', 'cash'),
  ('expense', 'cash', 'expenses', 'cash')
on conflict do nothing;
-- What was taken off a basket rides on the next sale; what is left over, on the close.
update ledger.kind k set sections = k.sections || '{removed}', guards = k.guards || '{removed_wrong}' where k.kind in ('sale', 'exchange');
-- Codes of coupons: given out by hand or earned by a sale, voided, given to another member.
update ledger.kind k set sections = k.sections || '{coupons}', guards = k.guards || '{coupon_refused}' where k.kind in ('sale', 'exchange');
insert into ledger.kind(kind, permission, sections, required, guards, needs_shift, reversible, needs_reason)
select x.kind, x.permission, '{coupons}', '{coupons}', '{not_permitted,approval_needed,total_differs,coupon_refused}', false, false, true
  from (values ('coupon_issue', 'coupon_issue'), ('coupon_void', 'coupon_void'), ('coupon_transfer', 'coupon_void')) x(kind, permission)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible, needs_reason = excluded.needs_reason;
-- The life of a card and of a membership. A fee may be asked where the kind knows the section; which, the rules in force say.
insert into ledger.kind(kind, permission, sections, required, contra, guards, card_moves, member_moves, application_moves, card_term,
                        needs_identity, needs_shift, reversible, needs_reason)
select x.kind, x.permission, array_remove(array[x.what, 'identity'] || case when x.fee then '{fees,tenders}'::text[] end, null), array[x.what],
       case when x.fee then 'fees' end,
       '{not_permitted,approval_needed,arithmetic}'::text[]
       || case when x.fee then '{tender_not_allowed,reference_missing,given_too_little,cash_refused,unbalanced}'::text[] end
       || '{total_differs}'::text[]
       || case when x.fee then '{redeem_refused,fee_wrong}'::text[] end
       || case x.what when 'cards' then '{card_state}' when 'members' then '{member_state}' else '{application_wrong}' end::text[]
       || x.guards || '{identity_missing,pair_not_allowed}'::text[],
       case when x.what = 'cards' then x.moves else '{}' end, case when x.what = 'members' then x.moves else '{}' end,
       case when x.what = 'applications' then x.moves else '{}' end, x.term, x.identity, x.fee, x.fee, x.reason
  from (values
    ('card_lost', 'card_lost', 'cards', '{issued>lost,active>lost,frozen>lost}'::text[], '{bearer_card}'::text[], null, false, false, true),
    ('card_found', 'card_lost', 'cards', '{lost>issued,lost>active,lost>frozen}', '{}', null, true, false, true),
    ('card_freeze', 'card_freeze', 'cards', '{active>frozen}', '{}', null, false, false, true),
    ('card_unfreeze', 'card_unfreeze', 'cards', '{frozen>active}', '{}', null, false, false, true),
    ('card_replacement', 'card_replace', 'cards', '{issued>replaced,active>replaced,lost>replaced,blank>issued,blank>active}',
       '{replacement_wrong,member_not_active}', 'follows', true, true, true),
    ('card_renewal', 'card_renew', 'cards', '{active>active,expired>active,expired>issued}', '{card_not_due,member_not_active}', 'renews',
       true, true, false),
    ('card_expiry', 'card_activate', 'cards', '{issued>expired,active>expired}', '{card_not_due}', null, false, false, false),
    ('card_type_change', 'card_type', 'cards', '{issued>issued,active>active}', '{type_change_wrong,member_not_active}', null, false, true, true),
    ('card_cancellation', 'card_cancel', 'cards', '{issued>closed,active>closed,frozen>closed,lost>closed,expired>closed}',
       '{wallet_not_empty}', null, true, false, true),
    ('card_restore', 'card_restore', 'cards', '{closed>issued,closed>active,closed>frozen,closed>lost,closed>expired}',
       '{member_not_active}', null, true, false, true),
    ('member_freeze', 'member_state', 'members', '{active>frozen}', '{}', null, false, false, true),
    ('member_unfreeze', 'member_state', 'members', '{frozen>active}', '{}', null, false, false, true),
    ('member_cancellation', 'member_state', 'members', '{active>cancelled,frozen>cancelled}', '{}', null, true, false, true),
    ('member_restore', 'member_state', 'members', '{cancelled>active}', '{}', null, true, false, true),
    ('card_application', 'card_apply', 'applications', '{new>applied}', '{member_not_active}', null, true, false, false),
    ('card_approval', 'card_review', 'applications', '{applied>approved}', '{}', null, false, false, false),
    ('card_rejection', 'card_review', 'applications', '{applied>rejected}', '{}', null, false, false, true),
    ('card_withdrawal', 'card_apply', 'applications', '{applied>withdrawn,approved>withdrawn}', '{}', null, false, false, true))
    x(kind, permission, what, moves, guards, term, identity, fee, reason)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  contra = excluded.contra, guards = excluded.guards, card_moves = excluded.card_moves, member_moves = excluded.member_moves,
  application_moves = excluded.application_moves, card_term = excluded.card_term, needs_identity = excluded.needs_identity,
  needs_shift = excluded.needs_shift, reversible = excluded.reversible, needs_reason = excluded.needs_reason;
-- A fee that is asked every year, at the counter.
insert into ledger.kind(kind, permission, sections, required, contra, guards, needs_shift, reversible)
values ('annual_fee', 'card_fee', '{fees,tenders}', '{fees}', 'fees', '{not_permitted,approval_needed,arithmetic,tender_not_allowed,
reference_missing,given_too_little,cash_refused,unbalanced,total_differs,redeem_refused,fee_wrong,pair_not_allowed}', true, true)
on conflict (kind) do update set permission = excluded.permission, sections = excluded.sections, required = excluded.required,
  contra = excluded.contra, guards = excluded.guards, needs_shift = excluded.needs_shift, reversible = excluded.reversible;
insert into ledger.kind_pair(kind, demand, debit, credit)
select k, p.demand, p.debit, p.credit from unnest('{card_replacement,card_renewal,card_type_change,annual_fee}'::text[]) k, ledger.kind_pair p
 where p.kind = 'card_issue' on conflict do nothing;
update ledger.kind k set card_term = 'starts' where k.kind = 'card_activation' and k.card_term is distinct from 'starts';
-- A frozen or cancelled membership earns, spends and receives nothing; a card that is applied for waits for its approval.
update ledger.kind k set guards = k.guards || '{member_not_active}' where k.kind in ('sale', 'exchange', 'top_up', 'advance', 'card_issue');
update ledger.kind k set sections = k.sections || '{identity}', guards = k.guards || '{application_missing,identity_missing}'
 where k.kind = 'card_issue';
insert into shop.denomination(currency, value_minor)
select c.currency, v from (values ('CNY', '{10000,5000,2000,1000,500,100,50,10,5,1}'::bigint[]),
                                  ('EUR', '{50000,20000,10000,5000,2000,1000,500,200,100,50,20,10,5,2,1}'),
                                  ('USD', '{10000,5000,2000,1000,500,200,100,50,25,10,5,1}'),
                                  ('JPY', '{10000,5000,2000,1000,500,100,50,10,5,1}')) c(currency, list) cross join unnest(c.list) v
on conflict do nothing;
