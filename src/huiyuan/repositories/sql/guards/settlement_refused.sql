-- A card that is closed pays back its principal whole, under the rule in force: in cash up to the law's small sum, above that to a bank
-- account of the same name (compared before, api.payee_seen), with its reference. What it shows is what the door works out.
-- A membership that is frozen pays nothing out, whoever signs: whoever lifts the freeze answers for it. A cancelled one is paid back.
create or replace function guard.settlement_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  s ledger.settlement_in := d.settlements[1];
  r record := ledger.settlement_rule(d);
  v_paid bigint := coalesce((select sum(p.amount) from unnest(d.postings) p where p.demand = 'settle'), 0);
  v_forfeit bigint := coalesce((select sum(p.amount) from unnest(d.postings) p where p.demand = 'forfeit' and p.debit = 'bonus'), 0);
  v_points bigint := coalesce((select sum(p.amount) from unnest(d.postings) p where p.demand = 'forfeit' and p.debit = 'points'), 0);
  w shop.wallet;
  v_left jsonb;
  v_rests jsonb;
begin
  select x.* into w from shop.wallet x where x.id = s.wallet;
  v_rests := ledger.rests(array[w.member, (ledger.card_shown(d, s.wallet)).holder], '{frozen}');
  select jsonb_build_object('why', 'account', 'account', a.kind, 'amount', abs(a.balance)) into v_left from ledger.account a
    join ledger.account_kind k on k.kind = a.kind
   where a.wallet = s.wallet and a.kind not in ('principal', 'bonus', 'points', 'points_debt')
     and case when k.lots then ledger.usable(a.id, d.at) else a.balance end <> 0
   limit 1;
  return case
    when w.id is null then jsonb_build_object('refused', 'unknown_wallet', 'facts', jsonb_build_object('wallet', s.wallet))
    when w.merged_into is not null then '{"why": "merged"}'::jsonb
    when v_rests is not null then jsonb_build_object('refused', 'membership_rests', 'facts', v_rests)
    when v_left is not null then v_left
    when d.postings = '{}' then '{"why": "nothing"}'
    when (s.rule, s.version) is distinct from (r.rule, r.version) then jsonb_build_object('why', 'rule', 'rule', r.rule, 'version', r.version)
    when (s.amount_minor, coalesce(s.forfeit_minor, 0), coalesce(s.points, 0)) is distinct from (v_paid, v_forfeit, v_points)
      then jsonb_build_object('why', 'amount', 'amount', v_paid, 'forfeit', v_forfeit, 'points', v_points)
    when s.method is null or s.method not in ('cash', 'bank') then '{"why": "method"}'
    when s.method = 'cash' and (s.amount_minor > r.cash_most or s.reference is not null) then jsonb_build_object('why', 'cash', 'most', r.cash_most)
    when s.method = 'bank' and not coalesce(shop.clean(s.reference, 64), false) then jsonb_build_object('refused', 'reference_missing',
      'facts', jsonb_build_object('tender', 'bank'))
    when s.method = 'bank' and w.member is null and (d.approver).id is null then '{"why": "nameless"}'
    when s.method = 'bank' and w.member is not null and not exists (select from sec.payee_seen p where p.document = d.id and p.wallet = s.wallet
      and p.same and p.terminal = (d.terminal).id) then '{"why": "payee"}' end;
end $$;
