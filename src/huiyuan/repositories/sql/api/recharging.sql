-- What is due of promised bonus and of cash back, and which stores put money onto cards.
create or replace function api.bonus_due(most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks('bonus_release');
  v_today date := api.business_day();
  v_month date := (date_trunc('month', v_today) - interval '1 month')::date;
begin
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object(
    'today', v_today, 'month', to_char(v_month, 'YYYY-MM'),
    'parts', coalesce((select jsonb_agg(x.row) from (
      select jsonb_build_object('plan', p.document, 'part', n.part, 'parts', p.parts, 'amount_minor', p.part_minor,
               'due_on', n.due_on, 'member', m.name, 'number', m.number) as row
        from ledger.bonus_plan p join shop.rule_version r on r.rule = p.rule and r.version = p.version
       cross join lateral (select g as part, ledger.part_due(r.body, p.begins_on, g) as due_on from generate_series(1, p.parts) g) n
        join shop.wallet v on v.id = ledger.heir_of(p.wallet) left join shop.member m on m.id = v.member
       where n.due_on <= v_today and coalesce(m.state, 'active') = 'active'
         and not exists (select from ledger.bonus_part b where b.plan = p.document and b.part = n.part) and ledger.plan_ended(p) is null
       order by n.due_on, p.document, n.part limit sec.at_most(most, 200, 500)) x), '[]'),
    'cash_backs', coalesce((select jsonb_agg(x.row) from (
      select jsonb_build_object('wallet', v.id, 'rule', r.rule, 'version', r.version, 'month', to_char(v_month, 'YYYY-MM'), 'member', m.name,
               'number', m.number, 'bought_minor', b.bought, 'amount_minor', g.amount) as row
        from (select distinct d.wallet from ledger.document d
               where d.business_date >= v_month and d.business_date < v_month + interval '1 month' and d.wallet is not null) t
        join shop.wallet v on v.id = t.wallet and v.merged_into is null join shop.member m on m.id = v.member and m.state = 'active'
        join shop.rule f on f.family = 'cash_back'
        join shop.rule_version r on r.rule = f.id and r.valid_from < v_month + interval '1 month' and (r.valid_to is null or r.valid_to > v_month)
         and (r.published_by is null or r.approved_by is not null) and (r.tiers is null or m.tier = any (r.tiers))
         and (r.stores is null or w.store = any (r.stores))
       cross join lateral (select ledger.bought_in(v.id, v_month) as bought) b
       cross join lateral (select least(floor(b.bought::numeric * r.max_bp / 10000), r.max_document_minor)::bigint as amount) g
       where b.bought >= r.min_minor and g.amount > 0 and ledger.of_card_types(v.id, r.body)
         and not exists (select from ledger.cash_back c where c.wallet = v.id and c.rule = r.rule and c.month = v_month)
       order by v.id, r.rule, r.version limit sec.at_most(most, 200, 500)) x), '[]'));
end $$;

create or replace function api.outlet_put(store int, recharges boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('settings');
  v_was boolean;
begin
  if w.refused is not null then return w.refused; end if;
  if recharges is null or not exists (select from shop.unit u where u.id = outlet_put.store and u.kind = 'store') then
    return sec.malformed('unit', 'store');
  end if;
  if not sec.covers(w.units, store) then return sec.refusal('wrong_store', jsonb_build_object('store', store)); end if;
  select u.recharges into v_was from shop.unit u where u.id = outlet_put.store for update;
  update shop.unit u set recharges = outlet_put.recharges where u.id = outlet_put.store;
  perform sec.edited(w.terminal, w.staff, 'outlet', jsonb_build_object('store', store, 'recharges', v_was),
    jsonb_build_object('store', store, 'recharges', recharges));
  return jsonb_build_object('store', store, 'recharges', recharges);
end $$;

grant execute on function api.bonus_due(int), api.outlet_put(int, boolean) to huiyuan_terminal;
