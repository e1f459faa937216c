-- Ways of paying: what this store takes, how cash rounds, and how much a member may owe.

create or replace function api.tenders() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return (select jsonb_build_object(
      'tenders', (select jsonb_agg(jsonb_build_object('kind', t.kind, 'account', t.account, 'reference', t.reference, 'active', t.active,
                                                      'name', t.name) order by t.kind) from shop.tender t),
      'cash_step_minor', c.cash_step_minor, 'cash_rounding', c.cash_rounding, 'keep_change_max_minor', c.keep_change_max_minor)
    from shop.chain c);
end $$;

-- A tender of the chain's own lies on one of three accounts: another machine's, cards of others, vouchers of others.
create or replace function api.tender_put(kind text, account text, name text, reference boolean, active boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.tender; after shop.tender;
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', jsonb_build_object('store', null)); end if;
  if kind is null or kind !~ '^[a-z][a-z0-9_]{1,23}$' then return sec.malformed('tender', 'kind'); end if;
  if name is not null and not shop.clean(name, 24) then return sec.refusal('unclean_text', '{"field":"name"}'); end if;
  select t.* into before from shop.tender t where t.kind = tender_put.kind for update;
  if account is null or (before.kind is null and account not in ('tender', 'prepaid', 'voucher')) or account <> coalesce(before.account, account) then
    return sec.malformed('tender', 'account');
  end if;
  insert into shop.tender as t (kind, account, name, reference, active)
  values (tender_put.kind, tender_put.account, tender_put.name, coalesce(tender_put.reference, true), coalesce(tender_put.active, true))
  on conflict on constraint tender_pkey do update set name = excluded.name, active = excluded.active,
    reference = case when t.account in ('tender', 'prepaid', 'voucher') then excluded.reference else t.reference end
  returning * into after;
  perform sec.edited(w.terminal, w.staff, 'tender', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('tender', after.kind);
end $$;

create or replace function api.cash_rule_put(step_minor int, rounding text, keep_change_max_minor bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.chain;
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', jsonb_build_object('store', null)); end if;
  if step_minor is null or step_minor not in (1, 5, 10, 20, 50, 100) then return sec.malformed('chain', 'cash_step_minor'); end if;
  if rounding is null or rounding not in ('nearest', 'down') then return sec.malformed('chain', 'cash_rounding'); end if;
  if keep_change_max_minor is null or keep_change_max_minor not between 0 and 100000 then
    return sec.malformed('chain', 'keep_change_max_minor');
  end if;
  select c.* into before from shop.chain c for update;
  update shop.chain set cash_step_minor = step_minor, cash_rounding = rounding,
    keep_change_max_minor = cash_rule_put.keep_change_max_minor;
  perform sec.edited(w.terminal, w.staff, 'cash_rule',
    jsonb_build_object('step', before.cash_step_minor, 'rounding', before.cash_rounding, 'keep', before.keep_change_max_minor),
    jsonb_build_object('step', step_minor, 'rounding', rounding, 'keep', keep_change_max_minor));
  return jsonb_build_object('cash_step_minor', step_minor, 'cash_rounding', rounding);
end $$;

-- How much a wallet may owe. What the chain gave is in the audit, where `verify` looks for it.
create or replace function api.credit_limit_put(wallet bigint, limit_minor bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before ledger.account;
  v_most bigint;
begin
  w := sec.asks('credit');
  if w.refused is not null then return w.refused; end if;
  if limit_minor is null or limit_minor not between 0 and 1000000000000 then return sec.malformed('account', 'limit_minor'); end if;
  v_most := (select p.limit_minor from sec.permission p join sec.staff f on f.duty = p.duty where f.id = w.staff and p.permission = 'credit');
  if limit_minor > v_most then
    return sec.refusal('approval_needed', jsonb_build_object('permission', 'credit', 'amount', limit_minor, 'limit', v_most));
  end if;
  if not exists (select from shop.wallet x where x.id = credit_limit_put.wallet and x.member is not null) then
    return sec.refusal('unknown_wallet', jsonb_build_object('wallet', wallet));
  end if;
  insert into ledger.account(kind, unit, wallet) select 'credit', c.currency, credit_limit_put.wallet from shop.chain c on conflict do nothing;
  select a.* into before from ledger.account a where a.wallet = credit_limit_put.wallet and a.kind = 'credit' for no key update;
  if -before.balance > limit_minor then return sec.refusal('limit_below_debt', jsonb_build_object('balance', -before.balance)); end if;
  update ledger.account a set limit_minor = credit_limit_put.limit_minor where a.id = before.id;
  perform sec.edited(w.terminal, w.staff, 'credit_limit', jsonb_build_object('account', before.id, 'limit_minor', before.limit_minor),
    jsonb_build_object('account', before.id, 'limit_minor', limit_minor));
  return jsonb_build_object('wallet', wallet, 'limit_minor', limit_minor, 'balance', before.balance);
end $$;
grant execute on function api.tenders(), api.tender_put(text, text, text, boolean, boolean), api.cash_rule_put(int, text, bigint),
  api.credit_limit_put(bigint, bigint) to huiyuan_terminal;
