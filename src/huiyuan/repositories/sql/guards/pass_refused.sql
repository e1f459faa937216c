-- Passes are sold at the price of a version in force, whole ones, to a wallet with an active card; they are used by the card presented, in
-- the stores and as often a day as the pass says, and above the floor with its PIN. Under the lock of the wallet's accounts.
create or replace function guard.pass_refused(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if d.passes <> '{}' then return ledger.pass_use_why(d); end if;
  if (d.kind).kind <> 'pass_sale' then return null; end if;
  if not exists (select from shop.card c where c.wallet = (d.header).wallet
      and ledger.standing_state(c.state, c.valid_to, d.business_date) = 'active') then
    return jsonb_build_object('refused', 'card_not_active', 'facts', jsonb_build_object('wallet', (d.header).wallet, 'state',
      (select min(c.state) from shop.card c where c.wallet = (d.header).wallet)));
  end if;
  return (select jsonb_build_object('pass', min(s.rule), 'why', case when bool_or(s.price is null) then 'not_sold'
        when bool_or(s.amount % s.uses <> 0) then 'whole' else 'price' end, 'most', sum(s.price * (s.amount / s.uses))) from (
      select g.rule, g.amount, (r.body->>'price_minor')::bigint as price, coalesce((r.body->>'count')::bigint, 1) as uses from unnest(d.grants) g
        left join ledger.rule_in_force(d) r on r.rule = g.rule and r.version = g.version and r.family = 'pass' and g.kind = 'pass') s
    having bool_or(s.price is null) or bool_or(s.amount % s.uses <> 0) or sum(s.price * (s.amount / s.uses)) <> d.total);
end $$;

create or replace function ledger.pass_use_why(d ledger.draft) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v_card shop.card := ledger.card_shown(d, (d.header).wallet);
  v_bad jsonb;
begin
  if v_card.id is null then
    return jsonb_build_object('refused', 'card_not_presented', 'facts', jsonb_build_object('wallet', (d.header).wallet));
  elsif ledger.standing_state(v_card.state, v_card.valid_to, d.business_date) <> 'active' then
    return jsonb_build_object('refused', 'card_not_active', 'facts', jsonb_build_object('wallet', v_card.wallet, 'state',
      ledger.standing_state(v_card.state, v_card.valid_to, d.business_date)));
  end if;
  select jsonb_build_object('pass', p.rule, 'why', w.why, 'most', (v.body->>'day_max')::int) into v_bad
    from unnest(d.passes) p
    left join lateral (select x.* from shop.rule_version x join shop.rule f on f.id = x.rule and f.family = 'pass'
                        where x.rule = p.rule and x.valid_from <= d.at order by x.version desc limit 1) v on true
   cross join lateral (select case
      when v.rule is null then 'unknown'
      when p.count is null or p.count not between 1 and 1000 or (select count(*) from unnest(d.passes) o where o.rule = p.rule) > 1 then 'count'
      when not coalesce((d.terminal).store = any (v.stores), true) then 'store'
      when coalesce(ledger.usable(ledger.account_of('pass:' || p.rule, (d.header).wallet, null), d.at), 0) < 1
        and not exists (select from unnest(d.postings) q where q.demand = 'pass' and q.rule = p.rule) then 'ended'
      when p.count + ledger.pass_used((d.header).wallet, p.rule, d.business_date) > (v.body->>'day_max')::int then 'day' end as why) w
   where w.why is not null limit 1;
  return coalesce(v_bad, ledger.pass_pin_why(d));
end $$;

create or replace function ledger.pass_pin_why(d ledger.draft) returns jsonb
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v_floor bigint; v_day bigint;
  v_worth bigint := (select sum(ledger.pass_worth(p.rule, p.count)) from unnest(d.passes) p);
begin
  if exists (select from unnest(d.proofs) p where p.wallet = (d.header).wallet and p.pin_attempt is not null) then return null; end if;
  select c.pin_floor_minor, c.pin_floor_day_minor into v_floor, v_day from shop.chain c;
  if v_worth = 0 or (v_worth <= v_floor and v_worth + coalesce((select sum(case u.what when 'value' then u.amount
      else ledger.pass_worth(u.pass, u.amount) end) from ledger.card_use u where u.wallet = (d.header).wallet and u.business_date = d.business_date),
      0) <= v_day) then return null; end if;
  return jsonb_build_object('refused', 'pin_needed', 'facts', jsonb_build_object('wallet', (d.header).wallet, 'floor', v_floor));
end $$;
