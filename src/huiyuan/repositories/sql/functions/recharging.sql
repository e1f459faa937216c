-- What a recharge rule gives for so much money: the highest step that was reached, at once or in equal parts by month, week or day.
create or replace function ledger.recharge_step(body jsonb, amount bigint, out step jsonb, out times bigint)
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  select s into step from jsonb_array_elements(body->'steps') s where (s->>'from_minor')::bigint <= amount
   order by (s->>'from_minor')::bigint desc limit 1;
  times := case when step is null then 0 when body->>'repeats' = 'true' then amount / (step->>'from_minor')::bigint else 1 end;
end $$;

create or replace function ledger.recharge_bonus(body jsonb, most bigint, amount bigint) returns bigint
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  r record := ledger.recharge_step(body, amount);
begin
  return least(most, coalesce((r.step->>'give_minor')::bigint * r.times, floor(amount::numeric * (r.step->>'give_bp')::int / 10000)::bigint, 0));
end $$;

-- Points that come with it, at once.
create or replace function ledger.recharge_points(body jsonb, amount bigint) returns bigint
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  r record := ledger.recharge_step(body, amount);
begin
  return coalesce((r.step->>'points')::bigint * r.times, 0);
end $$;

-- In how many parts the bonus comes, and when one of them is due.
create or replace function ledger.recharge_parts(body jsonb) returns int
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return coalesce((body->>'months')::int, (body->>'weeks')::int, (body->>'days')::int, 1); end $$;

create or replace function ledger.part_due(body jsonb, begins_on date, part int) returns date
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return begins_on + case when body ? 'weeks' then make_interval(weeks => part) when body ? 'days' then make_interval(days => part)
    else make_interval(months => part) end;
end $$;

-- One of the equal parts that come later; the first, at once, brings the rest.
create or replace function ledger.recharge_part(body jsonb, most bigint, amount bigint) returns bigint
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return case when ledger.recharge_parts(body) < 2 then 0 else ledger.recharge_bonus(body, most, amount) / ledger.recharge_parts(body) end;
end $$;

create or replace function ledger.recharge_now(body jsonb, most bigint, amount bigint) returns bigint
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  return ledger.recharge_bonus(body, most, amount) - ledger.recharge_part(body, most, amount) * (ledger.recharge_parts(body) - 1);
end $$;

-- A top-up that names a rule with instalments promises the parts that are to come.
create or replace function ledger.write_plans(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.bonus_plan(document, wallet, rule, version, part_minor, parts, begins_on, store)
  select d.id, (d.header).wallet, g.rule, g.version, ledger.recharge_part(v.body, v.max_document_minor, d.total), ledger.recharge_parts(v.body) - 1,
         d.business_date, (d.terminal).store
    from unnest(d.grants) g join shop.rule_version v on v.rule = g.rule and v.version = g.version and v.body ? 'steps'
   where g.kind = 'bonus' and ledger.recharge_parts(v.body) > 1 and ledger.recharge_part(v.body, v.max_document_minor, d.total) > 0
   limit 1;
end $$;

-- The wallet that a promise was kept to at a moment: its own, or the one it had been merged into by then.
create or replace function ledger.kept_to(plan ledger.bonus_plan, at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select r.now from ledger.repointed r join ledger.document m on m.id = r.document
    where r.what = 'heir' and r.id = (plan).wallet and m.posted_at < at order by m.posted_at desc, m.chain_seq desc limit 1), (plan).wallet);
end $$;

-- Why a promise does not hold any more; null: it does.
create or replace function ledger.plan_ended(plan ledger.bonus_plan) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case
    when exists (select from ledger.reversed r where r.document = (plan).document) then 'reversed'
    when exists (select from ledger.document x join ledger.posting p on p.document = x.id and p.demand = 'settle'
        join ledger.document t on t.id = (plan).document
       where x.wallet in (select (plan).wallet union select r.now from ledger.repointed r where r.what = 'heir' and r.id = (plan).wallet)
         and x.kind = 'settlement' and x.posted_at > t.posted_at and x.wallet = ledger.kept_to(plan, x.posted_at)
         and not exists (select from ledger.reversed r where r.document = x.id)) then 'settled' end;
end $$;

-- The wallet that a promise is kept to: of one that was merged, the one it was merged into.
create or replace function ledger.heir_of(wallet bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(w.merged_into, w.id) from shop.wallet w where w.id = heir_of.wallet);
end $$;

create or replace function ledger.plan_id(plan text) returns uuid language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return case when plan ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then plan::uuid end; end $$;

create or replace function ledger.month_of(month text) returns date language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return case when month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$' then (month || '-01')::date end; end $$;

-- What a wallet bought in a month, less what it brought back then, and less what stored value given for nothing had paid.
create or replace function ledger.bought_in(wallet bigint, month date) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(case when p.credit = 'revenue' then p.amount else -p.amount end), 0)::bigint
    from ledger.document x join ledger.posting p on p.document = x.id
     and p.demand in ('tender', 'refund') and ((p.credit = 'revenue' and p.debit not in ('bonus', 'points_redeemed'))
       or (p.debit = 'revenue' and p.credit not in ('bonus', 'points_redeemed')))
   where x.wallet = bought_in.wallet and x.business_date >= bought_in.month and x.business_date < bought_in.month + interval '1 month');
end $$;

-- Each released part, and each month's cash back, is a grant of its rule.
create or replace function ledger.expand_releases(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  d.postings := d.postings || array(
    select (0, 'grant', d.currency, 'bonus_granted', (d.terminal).store, 'bonus', ledger.account_of('bonus', x.wallet, null), x.amount_minor,
            null, null, x.rule, x.version, null)::ledger.posting_row
      from (select ledger.heir_of(p.wallet) as wallet, r.amount_minor, p.rule, p.version from unnest(d.releases) r
              join ledger.bonus_plan p on p.document = ledger.plan_id(r.plan)
            union all select c.wallet, c.amount_minor, c.rule, c.version from unnest(d.cash_backs) c) x where x.amount_minor > 0);
end $$;

create or replace function ledger.write_releases(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ledger.bonus_part(document, n, plan, part)
  select d.id, r.n, ledger.plan_id(r.plan), r.part from unnest(d.releases) with ordinality r(plan, part, amount_minor, n);
  insert into ledger.cash_back(document, n, wallet, rule, month, base_minor)
  select d.id, c.n, c.wallet, c.rule, ledger.month_of(c.month), ledger.bought_in(c.wallet, ledger.month_of(c.month))
    from unnest(d.cash_backs) with ordinality c(wallet, rule, version, month, amount_minor, n);
end $$;

-- What is wrong with the terms of a rule about stored value, as a refusal; null if nothing is.
create or replace function shop.value_terms_refused(family text, terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := coalesce(terms->'body', '{}');
  bad text;
begin
  if family = 'spending' and (b->>'policy' is null or b->>'policy' not in ('principal_first', 'bonus_first', 'pro_rata')
       or b - 'policy' <> '{}') then bad := 'policy';
  elsif family = 'settlement' and (b <> '{}' or coalesce((terms->>'max_document_minor')::bigint, 0) > 10000) then bad := 'cash';
  elsif family = 'cash_back' and (b - 'card_types' <> '{}' or coalesce((terms->>'max_bp')::int, 0) not between 1 and 5000) then bad := 'rate';
  elsif family = 'cash_back' then bad := shop.card_types_unclear(b);
  elsif family = 'recharge' then bad := shop.recharge_unclear(b);
  elsif family = 'fee' and (b - '{kind,code,who,once,types}'::text[] <> '{}' or coalesce(b->>'kind', '') not in ('card_issue', 'annual_fee',
      'card_replacement', 'card_renewal', 'card_type_change') or coalesce(b->>'code', '') !~ '^[a-z_]{1,20}$'
      or coalesce(terms->>'amount_minor', '') !~ '^[1-9][0-9]{0,8}$' or coalesce(b->>'who', 'main') not in ('main', 'supplementary')
      or coalesce(jsonb_typeof(b->'once'), 'boolean') <> 'boolean' or coalesce(jsonb_typeof(b->'types'), 'array') <> 'array') then bad := 'fee';
  elsif family = 'fee' and exists (select from jsonb_array_elements_text(b->'types') x
      where not exists (select from shop.card_type y where x in (y.code, y.id::text))) then bad := 'card_types';
  end if;
  return case when bad is not null then sec.refusal('rule_unclear', jsonb_build_object('why', 'value_' || bad)) end;
end $$;

create or replace function shop.card_types_unclear(b jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case when b ? 'card_types' and jsonb_typeof(b->'card_types') <> 'array' then 'card_types'
    when b ? 'card_types' and exists (select from jsonb_array_elements_text(b->'card_types') x
        where not exists (select from shop.card_type y where y.code = x)) then 'card_types' end;
end $$;

-- Whether a wallet has a card of one of the types that a rule is for; no types: it is for all.
create or replace function ledger.of_card_types(wallet bigint, body jsonb) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return not coalesce(body, '{}') ? 'card_types' or exists (select from shop.card c join shop.card_type y on y.id = c.type
    where c.wallet = of_card_types.wallet and c.state in ('issued', 'active', 'frozen', 'lost', 'expired') and body->'card_types' ? y.code);
end $$;

create or replace function shop.recharge_unclear(b jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case
    when b - '{steps,months,weeks,days,repeats,card_types,coupons,goods,bought,bought_days}'::text[] <> '{}' then 'keys'
    when jsonb_typeof(b->'steps') is distinct from 'array' or jsonb_array_length(b->'steps') not between 1 and 20
      or b @? 'strict $.steps[*] ? (@.type() != "object")' then 'steps'
    when exists (select from jsonb_array_elements(b->'steps') s where s - '{from_minor,give_minor,give_bp,points}'::text[] <> '{}'
        or coalesce(s->'from_minor' #>> '{}', '') !~ '^[1-9][0-9]{0,11}$'
        or not (s ?| '{give_minor,give_bp,points}' or b ?| '{goods,coupons}') or s ?& '{give_minor,give_bp}'
        or coalesce(s->'points' #>> '{}', '1') !~ '^[1-9][0-9]{0,6}$'
        or coalesce(s->'give_minor' #>> '{}', '1') !~ '^[0-9]{1,12}$' or coalesce(s->'give_bp' #>> '{}', '1') !~ '^[0-9]{1,4}$'
        or (s ? 'give_bp' and b->>'repeats' = 'true')) then 'steps'
    when (select count(distinct s->>'from_minor') from jsonb_array_elements(b->'steps') s) <> jsonb_array_length(b->'steps') then 'steps'
    when b->>'months' !~ '^([1-9]|[1-5][0-9]|60)$' or b->>'weeks' !~ '^([2-9]|[1-9][0-9]|10[0-4])$'
      or b->>'days' !~ '^([2-9]|[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])$'
      or (select count(*) from jsonb_object_keys(b) k where k in ('months', 'weeks', 'days')) > 1 then 'months'
    when b ? 'repeats' and jsonb_typeof(b->'repeats') <> 'boolean' then 'steps'
    when shop.card_types_unclear(b) is not null then 'card_types'
    when b ? 'coupons' and (jsonb_typeof(b->'coupons') <> 'array' or exists (select from jsonb_array_elements(b->'coupons') x
        where jsonb_typeof(x) <> 'object' or coalesce(x->>'pieces', '') !~ '^([1-9]|1[0-9]|20)$'
           or not exists (select from shop.rule r where r.id::text = x->>'rule' and r.family = 'coupon'))) then 'coupons'
    when b ? 'goods' and shop.goods_unclear(b->'goods', true) then 'goods'
    when b ? 'bought' and shop.goods_unclear(b->'bought', false) then 'bought'
    when b ? 'bought_days' and (not b ? 'bought'
      or b->>'bought_days' !~
        '^([1-9]|[1-9][0-9]|[12][0-9][0-9]|3[0-5][0-9]|36[0-6])$') then 'bought' end;
end $$;
