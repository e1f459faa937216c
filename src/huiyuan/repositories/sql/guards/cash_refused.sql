-- Cash alone is rounded, exactly by the chain's rule (a resent sale may be of the rule before: then by less than a unit at most). The
-- change that a card keeps comes from what was handed over, goes to the wallet of the document, stays small, within the law's cap, and
-- not onto a registered card of somebody whose paper nobody saw.
create or replace function ledger.unseen_holder(wallet bigint, amount bigint, store int, at timestamptz) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_holder bigint := (select w.member from shop.wallet w where w.id = unseen_holder.wallet);
  r shop.law_rule;
begin
  if not ledger.is_registered(wallet) or ledger.is_identified(v_holder) then return null; end if;
  r := (select x from ledger.law_of('{identity_registered}', store, at) x where x.amount_minor <= unseen_holder.amount limit 1);
  return case when r.id is not null then ledger.law_facts(r, amount) || jsonb_build_object('wallet', wallet, 'buyer', v_holder) end;
end $$;

create or replace function guard.cash_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.tender_in;
  v_rounded bigint; v_kept bigint; v_due bigint; v_most bigint;
  v_capped jsonb;
begin
  foreach t in array d.tenders loop
    v_rounded := coalesce(t.rounded_minor, 0); v_kept := coalesce(t.kept_minor, 0);
    if t.kind <> 'cash' then
      if t.rounded_minor is not null or t.kept_minor is not null then return jsonb_build_object('tender', t.kind); end if;
      continue;
    end if;
    v_due := case when (d.kind).contra = 'revenue' then ledger.cash_rounding(t.amount_minor) else 0 end;
    if v_rounded <> v_due and not (d.mode = 'resend' and abs(v_rounded) < 100) then
      return jsonb_build_object('tender', t.kind, 'rounded', v_due);
    end if;
    if v_kept = 0 and t.kept_minor is null then continue; end if;
    v_most := (select c.keep_change_max_minor from shop.chain c);
    if v_kept not between 1 and v_most or (d.kind).contra <> 'revenue'
       or v_kept > coalesce(t.given_minor, 0) - t.amount_minor - v_rounded then
      return jsonb_build_object('tender', t.kind, 'most', least(v_most, greatest(coalesce(t.given_minor, 0) - t.amount_minor - v_rounded, 0)));
    end if;
    if not exists (select from shop.card c where c.wallet = (d.header).wallet
        and ledger.standing_state(c.state, c.valid_to, d.business_date) = 'active') then
      return jsonb_build_object('refused', 'card_not_active', 'facts', jsonb_build_object('wallet', (d.header).wallet, 'state', null));
    end if;
    v_capped := guard.outlet_refused(d);                  -- kept change is money that comes onto a card, where and by whom that may be
    if v_capped is not null then return jsonb_build_object('refused', 'outlet_refused', 'facts', v_capped); end if;
    if coalesce((sec.permission_of((d.staff).duty, 'top_up')).permission, (sec.permission_of((d.approver).duty, 'top_up')).permission) is null then
      return '{"refused": "not_permitted", "facts": {"permission": "top_up"}}';
    end if;
    v_capped := guard.balance_cap(d);
    if v_capped is not null then return jsonb_build_object('refused', 'balance_cap', 'facts', v_capped); end if;
    v_capped := ledger.unseen_holder((d.header).wallet, v_kept, (d.terminal).store, d.at);
    if v_capped is not null then return jsonb_build_object('refused', 'identity_needed', 'facts', v_capped); end if;
  end loop;
  return null;
end $$;
