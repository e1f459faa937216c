-- The one door. Read ledger.post_document first: it is the whole story in one page.

-- Named guards in the kind's order; the first that answers facts refuses. Its name is the code, unless the facts bring a finer `refused`.
-- Written out, not executed as text: the plan of each call is kept, and a guard without a line here is an error, not a hole.
create or replace function ledger.run_guards(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_name text; v_facts jsonb;
begin
  foreach v_name in array (d.kind).guards loop
    v_facts := case v_name
      when 'adjustment_refused' then guard.adjustment_refused(d)
      when 'age_missing' then guard.age_missing(d)
      when 'approval_needed' then guard.approval_needed(d)
      when 'arithmetic' then guard.arithmetic(d)
      when 'balance_cap' then guard.balance_cap(d)
      when 'blind_return_refused' then guard.blind_return_refused(d)
      when 'cash_refused' then guard.cash_refused(d)
      when 'coupon_refused' then guard.coupon_refused(d)
      when 'credit_overpaid' then guard.credit_overpaid(d)
      when 'card_not_active' then guard.card_not_active(d)
      when 'card_not_presented' then guard.card_not_presented(d)
      when 'card_state' then guard.card_state(d)
      when 'card_function' then guard.card_function(d)
      when 'card_limit' then guard.card_limit(d)
      when 'card_type_refused' then guard.card_type_refused(d)
      when 'custody_refused' then guard.custody_refused(d)
      when 'count_wrong' then guard.count_wrong(d)
      when 'fee_wrong' then guard.fee_wrong(d)
      when 'fraction_refused' then guard.fraction_refused(d)
      when 'gift_bound' then guard.gift_bound(d)
      when 'gift_refused' then guard.gift_refused(d)
      when 'given_too_little' then guard.given_too_little(d)
      when 'grant_refused' then guard.grant_refused(d)
      when 'group_refused' then guard.group_refused(d)
      when 'identity_needed' then guard.identity_needed(d)
      when 'merge_refused' then guard.merge_refused(d)
      when 'message_refused' then guard.message_refused(d)
      when 'not_permitted' then guard.not_permitted(d)
      when 'offline_refused' then guard.offline_refused(d)
      when 'outlet_refused' then guard.outlet_refused(d)
      when 'open_price_refused' then guard.open_price_refused(d)
      when 'pair_not_allowed' then guard.pair_not_allowed(d)
      when 'pass_refused' then guard.pass_refused(d)
      when 'pin_needed' then guard.pin_needed(d)
      when 'pin_unproven' then guard.pin_unproven(d)
      when 'pin_wrong' then guard.pin_wrong(d)
      when 'price_changed' then guard.price_changed(d)
      when 'promotion_refused' then guard.promotion_refused(d)
      when 'recharge_refused' then guard.recharge_refused(d)
      when 'redeem_refused' then guard.redeem_refused(d)
      when 'release_refused' then guard.release_refused(d)
      when 'reference_missing' then guard.reference_missing(d)
      when 'removed_wrong' then guard.removed_wrong(d)
      when 'refund_over_cap' then guard.refund_over_cap(d)
      when 'refund_route' then guard.refund_route(d)
      when 'seller_wrong' then guard.seller_wrong(d)
      when 'source_wrong' then guard.source_wrong(d)
      when 'settlement_refused' then guard.settlement_refused(d)
      when 'tax_wrong' then guard.tax_wrong(d)
      when 'tender_not_allowed' then guard.tender_not_allowed(d)
      when 'total_differs' then guard.total_differs(d)
      when 'transfer_needed' then guard.transfer_needed(d)
      when 'transfer_refused' then guard.transfer_refused(d)
      when 'unbalanced' then guard.unbalanced(d)
      when 'unknown_product' then guard.unknown_product(d)
      when 'unknown_wallet' then guard.unknown_wallet(d)
      when 'wallet_differs' then guard.wallet_differs(d)
      when 'validity_refused' then guard.validity_refused(d)
      when 'variance_unexplained' then guard.variance_unexplained(d)
      when 'application_wrong' then guard.application_wrong(d)
      when 'application_missing' then guard.application_missing(d)
      when 'bearer_card' then guard.bearer_card(d)
      when 'card_not_due' then guard.card_not_due(d)
      when 'identity_missing' then guard.identity_missing(d)
      when 'member_not_active' then guard.member_not_active(d)
      when 'member_state' then guard.member_state(d)
      when 'replacement_wrong' then guard.replacement_wrong(d)
      when 'type_change_wrong' then guard.type_change_wrong(d)
      when 'wallet_not_empty' then guard.wallet_not_empty(d)
      else '{"refused": "server_error"}' end;
    if v_facts is not null then perform sec.refuse(coalesce(v_facts->>'refused', v_name), coalesce(v_facts->'facts', v_facts - 'refused')); end if;
  end loop;
end $$;

-- What the document totals by the door's own sum. (A return or a reversal has its total from what it takes back.)
create or replace function ledger.total_of(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.line_in;
  v_total numeric := 0;
begin
  if 'lines' = any ((d.kind).sections) then
    foreach l in array d.lines loop v_total := v_total + coalesce(l.total_minor, 0); end loop;
    return v_total;
  end if;
  return coalesce(case
    when (d.kind).counts is not null then (d.header).counted_minor
    when (d.kind).moves_cash is not null then (d.header).amount_minor
    when ledger.moves_value(d.kind) then (select sum(x.amount) from (select t.amount_minor from unnest(d.transfers) t
        union all select s.amount_minor from unnest(d.settlements) s union all select r.amount_minor from unnest(d.releases) r
        union all select c.amount_minor from unnest(d.cash_backs) c) x(amount))
    when 'coupons' = any ((d.kind).required) then ledger.coupons_face(d)
    when 'fees' = any ((d.kind).sections) then (select sum(f.amount_minor) from unnest(d.fees) f)
    when 'tenders' = any ((d.kind).sections) then (select sum(t.amount_minor) from unnest(d.tenders) t)
    when d.corrections <> '{}' then (select sum(abs(c.amount)) from unnest(d.corrections) c)
    when 'stock' = any ((d.kind).sections) then (select sum(round(s.cost_minor::numeric * s.qty_milli / 1000)) from unnest(d.stock) s) end, 0);
end $$;

create or replace function ledger.expand(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  case (d.kind).takes_back
    when 'whole' then d := ledger.expand_reversal(d);
    when 'lines' then d := case when 'backs' = any ((d.kind).sections) then ledger.expand_exchange(d) else ledger.expand_return(d) end;
    when 'goods' then d := ledger.expand_goods_back(d);
    else
      d.total := ledger.total_of(d);
      if d.tenders <> '{}' then d := ledger.expand_tenders(d); end if;
      if d.grants <> '{}' or d.taxes <> '{}' then d := ledger.expand_grants(d); end if;
      if d.corrections <> '{}' then d := ledger.expand_corrections(d); end if;
      if ledger.moves_value(d.kind) then d := ledger.expand_moving(d); end if;
      if d.passes <> '{}' then d := ledger.expand_passes(d); end if;
      d := ledger.expand_count(d);
      if (d.kind).moves_cash is not null then d := ledger.expand_cash(d); end if;
  end case;
  if (d.kind).takes_back in ('lines', 'goods') then d := ledger.round_refund(d); end if;
  if (d.kind).takes_back in ('whole', 'lines') then d := ledger.carry_on(d); end if;
  d := ledger.expand_late(d);
  d := ledger.expand_moves(d);
  d.postings := array(
    select (p.ord, p.demand, p.unit, p.debit, p.debit_ref, p.credit, p.credit_ref, p.amount, p.method, p.reference, p.rule, p.version,
        p.of_n)::ledger.posting_row
      from unnest(d.postings) with ordinality p(n, demand, unit, debit, debit_ref, credit, credit_ref, amount, method, reference, rule, version,
          of_n, ord) order by p.ord);
end $$;

create or replace function ledger.post_document(document uuid, shape int, body jsonb, mode text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_terminal sec.terminal;
  v_fingerprint bytea := sha256(convert_to(body::text, 'UTF8'));
  v_known ledger.document;
  d ledger.draft;
begin
  if document is null or jsonb_typeof(body) is distinct from 'object' or pg_column_size(body) > 1000000 then perform sec.refuse('malformed',
      '{"section":"header","detail":"id or body"}'); end if;
  v_terminal := ledger.lock_terminal(mode, body);                                    -- 1 who asks; its row is the first lock
  select * into v_known from ledger.document x where x.id = document;                 -- 2 once only
  if v_known.id is not null then
    if v_known.fingerprint = v_fingerprint and v_known.terminal = v_terminal.id then return v_known.result || '{"replayed": true}'; end if;
    perform sec.refuse('id_reused', jsonb_build_object('number', v_known.number));
  end if;
  d := ledger.begin_draft(document, shape, body, mode, v_terminal, v_fingerprint);    -- 3 which kind, whose session, known keys
  d := ledger.take_offline(d);                                                        -- a sale that was rung up without the line
  perform ledger.lock_shift(d);                                                       -- 4 shift, origin, cards, accounts, coupons: one order
  d := ledger.lock_origin(d);
  perform ledger.lock_accounts(d);
  d := ledger.stamp(d);
  d := ledger.expand(d);                                                              -- 5 demands become postings
  perform ledger.run_guards(d);                                                       -- 6 authority, conservation, bounds
  return ledger.write_document(d);                                                    -- 7 written down, chained, stock last
end $$;

-- Refusals are values: all that the attempt did is undone, and a row of the audit stays.
create or replace function ledger.post(document uuid, shape int, body jsonb, mode text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_code text; v_facts jsonb; v_detail text;
begin
  -- A list of openings may be tried and taken back as one; whoever brings history has no terminal and no guesses.
  if current_setting('transaction_isolation') <> 'read committed' or mode <> 'history' and pg_current_xact_id_if_assigned() is not null then
    return sec.refusal('in_transaction');
  end if;
  begin
    return ledger.post_document(document, shape, body, mode);
  exception
    when sqlstate 'HY001' then
      get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
      v_facts := v_detail::jsonb;
    when data_exception then                              -- a value of the wrong type or range
      v_code := 'malformed'; v_facts := jsonb_build_object('section', '', 'detail', left(sqlerrm, 120));
    when unique_violation then                            -- the same id from another terminal at the same moment
      if not exists (select from ledger.document x where x.id = document) then raise; end if;
      v_code := 'id_reused'; v_facts := jsonb_build_object('number', (select x.number from ledger.document x where x.id = document));
  end;
  perform sec.write_audit((sec.terminal_here()).id, (sec.session_here()).staff, 'refused', document,
    jsonb_build_object('code', v_code, 'facts', v_facts, 'kind', left(body->>'kind', 40), 'session', case when body->>'session' ~ '^[0-9]{1,18}$'
        then body->'session' end, 'shift', left(body->>'shift', 40), 'counted_minor', case when body->>'counted_minor' ~ '^[0-9]{1,15}$'
        then body->'counted_minor' end));
  return sec.refusal(v_code, v_facts);
end $$;
