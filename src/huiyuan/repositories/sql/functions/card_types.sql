-- What a card type may do: a rule of the family `card_type`, dated like every other. The type's row says only what never changes.

-- Everything, for a type that has no version in force: so it was before there were any.
create or replace function shop.type_terms(card_type int, at timestamptz) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce((select v.body from shop.rule_version v where v.rule = y.rule and v.valid_from <= at
                              and (v.valid_to is null or v.valid_to > at) order by v.version desc limit 1),
      jsonb_build_object('who', case when y.registered then 'personal' else 'bearer' end,
        'functions', '["discount","points","stored","passes","period","credit"]'::jsonb))
    from shop.card_type y where y.id = card_type);
end $$;

-- Whether cards of both types are held in the same way, so that one may become the other.
create or replace function shop.same_holding(a int, b int, at timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select shop.type_terms(a, at)->>'who' = shop.type_terms(b, at)->>'who'
     and (select registered from shop.card_type where id = a) = (select registered from shop.card_type where id = b) $$;

-- Whether somebody may have a card of this type now: one that is applied for only on an approved application.
create or replace function shop.type_open(t shop.card_type, holder bigint) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select not (t).by_application or exists (select from shop.card_application p
    where p.member = holder and p.type = (t).id and p.state = 'approved') $$;

-- The card that a document presents for a wallet.
create or replace function ledger.card_shown(d ledger.draft, wallet bigint) returns shop.card
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select c from unnest(d.proofs) p join shop.card_token k on k.kind = p.token_kind and k.hmac = ledger.hex(p.token)
      and k.valid_from <= d.at and (k.valid_to is null or k.valid_to > d.at)
    join shop.card c on c.id = k.card and c.wallet = card_shown.wallet
   where p.wallet = card_shown.wallet order by c.id limit 1);
end $$;

-- Whether a wallet has a function: that of the card presented, else of any card that opens it. Without a card nothing is in the way.
create or replace function ledger.wallet_may(d ledger.draft, wallet bigint, wanted text) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_card shop.card := ledger.card_shown(d, wallet);
begin
  if v_card.id is not null then return shop.type_terms(v_card.type, d.at)->'functions' ? wanted; end if;
  return coalesce((select bool_or(shop.type_terms(c.type, d.at)->'functions' ? wanted) from shop.card c
    where c.wallet = wallet_may.wallet and c.state not in ('closed', 'replaced')), true);
end $$;

-- What a version of a type or of a pass has to say; the word is a row of screens/refusals.
create or replace function shop.card_rule_unclear(rule int, family text, terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := coalesce(terms->'body', '{}');
  v_why text;
begin
  if family is null or family not in ('card_type', 'pass') then return null; end if;
  v_why := (select k.key from jsonb_each(b) k where (case
      when k.key in ('sale_max_minor', 'day_max_minor', 'balance_max_minor', 'price_minor', 'top_up_minor', 'least_minor')
        then k.value::text ~ '^[1-9][0-9]{0,11}$'
      when k.key in ('count', 'day_max', 'product') then k.value::text ~ '^[1-9][0-9]{0,5}$'
      when k.key = 'categories' then jsonb_typeof(k.value) = 'array' and not k.value @? 'strict $[*] ? (@.type() != "number")'
        and not exists (select from jsonb_array_elements_text(k.value) x where not exists (select from shop.category c where c.id::text = x))
      when k.key = 'functions' then jsonb_typeof(k.value) = 'array' and k.value <> '[]'
        and k.value <@ '["discount","points","stored","passes","period","credit"]'
      when k.key = 'who' then k.value <@ '["personal","supplementary","group","bearer"]'
      when k.key = 'due_days' then k.value::text ~ '^([1-9][0-9]?|[12][0-9]{2}|3[0-5][0-9]|36[0-6])$'
      when k.key = 'least_rate' then k.value::text ~ '^([1-9][0-9]{0,3}|10000)$'
      when k.key = 'valid_months' then k.value::text ~ '^([1-9][0-9]?|[1-5][0-9]{2}|600)$'
      when k.key in ('unlimited', 'by_application') then jsonb_typeof(k.value) = 'boolean'
      when k.key = 'type' then jsonb_typeof(k.value) = 'string' and k.value #>> '{}' ~ '^[a-z0-9_-]{1,16}$' else false end) is not true
    or not k.key = any (case family when 'pass' then '{price_minor,top_up_minor,count,day_max,product,unlimited}'::text[]
      else '{type,who,functions,sale_max_minor,day_max_minor,balance_max_minor,categories,valid_months,by_application,
                due_days,least_rate,least_minor}' end) limit 1);
  if v_why is not null then return sec.malformed('rule', 'body.' || left(v_why, 30)); end if;
  v_why := case when family = 'pass' then shop.pass_unclear(rule, terms) else shop.type_unclear(rule, b) end;
  return case when v_why is not null then sec.refusal('rule_unclear', jsonb_build_object('why', v_why)) end;
end $$;

create or replace function shop.type_unclear(rule int, b jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return case
    when not b ?& '{type,who,functions}' then 'type_parts'
    when b->>'who' = 'bearer' and b->'functions' ?| '{discount,credit}' then 'bearer_functions'    -- nobody is known who could have a tier or a debt
    when b ? 'due_days' and not b->'functions' ? 'credit' or b ?| '{least_rate,least_minor}' and not b ? 'due_days' then 'credit_parts'
    when exists (select from shop.card_type y where y.code = b->>'type' and y.rule is distinct from type_unclear.rule and y.rule is not null)
      or exists (select from shop.card_type y where y.rule = type_unclear.rule and y.code <> b->>'type') then 'type_taken'
    when exists (select from shop.card_type y where y.code = b->>'type' and y.registered = (b->>'who' = 'bearer')) then 'type_registered'
    when (b->>'balance_max_minor')::bigint > case b->>'who' when 'bearer' then 100000 else 500000 end then 'type_cap' end;
end $$;

-- A pass has so many uses, or any number of them while it lasts; whoever bought one keeps what it was.
create or replace function shop.pass_unclear(rule int, terms jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  b jsonb := coalesce(terms->'body', '{}');
  v_unlimited boolean := coalesce((b->>'unlimited')::boolean, false);
begin
  return case
    when v_unlimited = (b ? 'count') then 'pass_parts'
    when not b ?| '{price_minor,top_up_minor}' then 'pass_price'
    when terms->>'term_days' is null and v_unlimited then 'no_end'
    when b ? 'product' and not exists (select from shop.product p where p.id = (b->>'product')::int) then 'no_goods'
    when exists (select from shop.rule_version v where v.rule = pass_unclear.rule
           and coalesce((v.body->>'unlimited')::boolean, false) <> v_unlimited) then 'pass_kind' end;
end $$;

-- A version was published: a type gets its row, a pass the kind of account that holds it and the pairs that move it.
create or replace function shop.open_card_rule(v shop.rule_version, family text, name text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if family = 'card_type' then
    insert into shop.card_type as y (code, name, registered, balance_max_minor, rule, valid_months, by_application)
    values (v.body->>'type', left(open_card_rule.name, 64), v.body->>'who' <> 'bearer',
            coalesce((v.body->>'balance_max_minor')::bigint, case v.body->>'who' when 'bearer' then 100000 else 500000 end), v.rule,
            (v.body->>'valid_months')::int, coalesce((v.body->>'by_application')::boolean, false))
    on conflict (code) do update set rule = excluded.rule,   -- a type of before keeps what the first version of it does not name
      valid_months = case when y.rule is null then coalesce(excluded.valid_months, y.valid_months) else excluded.valid_months end,
      by_application = case when y.rule is null and not v.body ? 'by_application' then y.by_application else excluded.by_application end;
  elsif family = 'pass' then
    perform ledger.open_pass(v.rule);
  end if;
end $$;

create or replace function ledger.open_pass(rule int) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_kind text := 'pass:' || rule;
begin
  insert into ledger.account_kind(kind, normal, owner, unit, lots, merges, on_request) values (v_kind, 'credit', 'wallet', 'pass', true, false, true)
  on conflict do nothing;
  insert into ledger.kind_pair(kind, demand, debit, credit) values
    ('pass_sale', 'grant', 'passes_issued', v_kind), ('top_up', 'grant', 'passes_issued', v_kind),
    ('opening_balance', 'grant', 'passes_issued', v_kind), ('pass_use', 'pass', v_kind, 'passes_used'),
    ('reversal', 'grant', v_kind, 'passes_issued'), ('reversal', 'pass', 'passes_used', v_kind),
    ('member_merge', 'carry', v_kind, v_kind), ('reversal', 'carry', v_kind, v_kind)
  on conflict do nothing;
end $$;
