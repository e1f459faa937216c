-- Value goes from one wallet to another one whose card is active, within the law's cap of the card that takes it; never from a member's
-- to a bearer's, where the law knows no name, and onto somebody else's registered card only once his paper was seen.
create or replace function guard.transfer_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.transfer_in := d.transfers[1];
  v_why text;
  v_cap jsonb;
begin
  if t.amount_minor is null or t.amount_minor <= 0 then return '{"why": "amount"}'; end if;
  select case when f.id is null or o.id is null then 'wallet' when f.id = o.id then 'same'
              when f.merged_into is not null or o.merged_into is not null then 'merged'
              when f.member is not null and o.member is null then 'bearer'
              when not exists (select from shop.card c where c.wallet = o.id
                and ledger.standing_state(c.state, c.valid_to, d.business_date) = 'active') then 'no_card' end into v_why
    from (values (1)) one left join shop.wallet f on f.id = t.wallet left join shop.wallet o on o.id = t.taker;
  if v_why is not null then return jsonb_build_object('why', v_why); end if;
  if not exists (select from shop.wallet f join shop.wallet o on o.member = f.member where f.id = t.wallet and o.id = t.taker) then
    v_cap := ledger.unseen_holder(t.taker, t.amount_minor, (d.terminal).store, d.at);
    if v_cap is not null then return jsonb_build_object('refused', 'identity_needed', 'facts', v_cap); end if;
  end if;
  v_cap := ledger.over_cap(d, t.taker, t.taker);
  return case when v_cap is not null then jsonb_build_object('refused', 'balance_cap', 'facts', v_cap) end;
end $$;

-- The least cap, by type or law, of the cards of a wallet and of those of another one that open it from now on, against what it would hold.
create or replace function ledger.over_cap(d ledger.draft, wallet bigint, beside bigint) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_cap bigint; v_rules text[]; v_holds bigint;
begin
  select x.cap, x.rules into v_cap, v_rules from ledger.cap_of(over_cap.wallet, beside) x;
  v_cap := least(v_cap, (select min(r.amount_minor) from ledger.law_of(v_rules, (d.terminal).store, d.at) r));
  select sum(ledger.usable(a.id, d.at) + coalesce((select sum(case a.id when p.credit_ref then p.amount else -p.amount end) from unnest(d.postings) p
      where (p.credit = a.kind and p.credit_ref = a.id) or (p.debit = a.kind and p.debit_ref = a.id)), 0)) into v_holds
    from ledger.account a where a.wallet = over_cap.wallet and a.kind in ('principal', 'bonus');
  return case when v_holds > v_cap then jsonb_build_object('wallet', over_cap.wallet, 'cap', v_cap, 'would_be', v_holds) end;
end $$;
