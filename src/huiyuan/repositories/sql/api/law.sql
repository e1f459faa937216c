-- The law about prepaid cards: which rows hold here, what they say of a purchase, and how a new row comes about.

create or replace function shop.law_row(r shop.law_rule, at timestamptz) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('id', r.id, 'rule', r.rule, 'jurisdiction', r.jurisdiction, 'article', r.article, 'source', r.source,
    'amount_minor', r.amount_minor, 'rate_bp', r.rate_bp, 'months', r.months, 'window_minutes', r.window_minutes, 'valid_from', r.valid_from,
    'valid_to', r.valid_to, 'in_force', r.valid_from <= at and (r.valid_to is null or r.valid_to > at)) $$;

-- The rows of this store's jurisdictions: what waits to be approved (with `rules`), what holds and will, what ended; at most `most` of
-- them behind the one that stands at `after`, its place and its id.
create or replace function api.law_rules(after bigint[], most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_at timestamptz := clock_timestamp(); v_place text; v_rules boolean;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  v_place := ledger.jurisdiction_of(w.store);
  v_rules := (sec.permission_of((select f.duty from sec.staff f where f.id = w.staff), 'rules')).permission is not null;
  return jsonb_build_object('now', v_at, 'place', v_place,
    'rows', coalesce((select jsonb_agg(y.row order by y.place, y.id) from (
      select x.* from (
        select 0 as place, p.id, jsonb_build_object('proposal', p.id, 'rule', p.rule, 'jurisdiction', p.jurisdiction, 'terms', p.terms,
            'by', f.name, 'own', p.by_staff = w.staff, 'at', p.at) as row
          from shop.law_proposal p join sec.staff f on f.id = p.by_staff where p.decided_at is null and v_rules
        union all
        select case when r.valid_to <= v_at then 2 else 1 end, r.id, shop.law_row(r, v_at)
          from shop.law_rule r where v_place = r.jurisdiction or v_place like r.jurisdiction || '-%') x
       where after is null or (x.place, x.id) > (after[1]::int, after[2])
       order by x.place, x.id limit sec.at_most(most, 50, 200)) y), '[]'));
end $$;

-- For whoever types an amount: the rows in force here, what the wallet holds, whether its buyer is known, and what was bought already.
create or replace function api.law_standing(wallet bigint, buyer bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_at timestamptz := clock_timestamp(); v_place text; v_buyer shop.member; v_owner shop.member; v_paying bigint;
begin
  w := sec.asks('top_up');
  if w.refused is not null then return w.refused; end if;
  v_place := ledger.jurisdiction_of(w.store);
  select m.* into v_buyer from shop.member m
   where m.id = coalesce(law_standing.buyer, (select x.member from shop.wallet x where x.id = law_standing.wallet));
  if law_standing.buyer is not null and (v_buyer.id is null or v_buyer.archived_at is not null) then
    return sec.refusal('unknown_member', jsonb_build_object('member', law_standing.buyer));
  end if;
  select m.* into v_owner from shop.wallet x join shop.member m on m.id = x.member where x.id = law_standing.wallet;
  v_paying := case when v_owner.kind = 'company' then v_owner.id else v_buyer.id end;
  return jsonb_build_object('at', v_at, 'registered', ledger.is_registered(wallet), 'named', v_buyer.id is not null, 'buyer', v_buyer.name,
    'identified', v_buyer.id_no_index is not null, 'company', coalesce('company' in (v_buyer.kind, v_owner.kind), false),
    'outlet', (select u.recharges from shop.unit u where u.id = w.store),
    'held_minor', coalesce((select sum(ledger.usable(a.id, v_at)) from ledger.account a where a.wallet = law_standing.wallet
        and a.kind in ('principal', 'bonus')), 0),
    'type_cap_minor', (select x.cap from ledger.cap_of(law_standing.wallet, law_standing.wallet) x),
    'rules', coalesce((select jsonb_agg(shop.law_row(r, v_at) || jsonb_build_object('bought_minor', case
        when r.window_minutes is null then null
        when r.rule like 'transfer%' then ledger.bought(v_paying, w.terminal, false, ledger.since(r, v_at))
          + case when v_owner.kind = 'company' then ledger.bought_for(v_paying, ledger.since(r, v_at)) else 0 end
        else ledger.bought(v_buyer.id, w.terminal, r.rule = 'identity_bearer', ledger.since(r, v_at)) end) order by r.id)
      from shop.law_rule r where r.valid_from <= v_at and (r.valid_to is null or r.valid_to > v_at)
       and (v_place = r.jurisdiction or v_place like r.jurisdiction || '-%')), '[]'));
end $$;

-- What is wrong with the terms of a row, as a refusal; null if nothing is.
create or replace function shop.law_terms_refused(terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  r shop.law_rule; bad text;
begin
  if terms is null or jsonb_typeof(terms) <> 'object' then return sec.malformed('law', 'terms'); end if;
  select k into bad from jsonb_object_keys(terms) k where k not in ('article', 'source', 'amount_minor', 'rate_bp', 'months', 'window_minutes',
    'valid_from', 'valid_to') limit 1;
  if bad is not null then return sec.refusal('unknown_key', jsonb_build_object('section', 'law', 'key', left(bad, 40))); end if;
  begin
    r := jsonb_populate_record(null::shop.law_rule, terms);
  exception when data_exception then return sec.malformed('law', 'terms');
  end;
  if shop.unclean('{article,source}', array[r.article, r.source], '{40,120}') is not null then
    return sec.refusal('unclean_text', jsonb_build_object('field', shop.unclean('{article,source}', array[r.article, r.source], '{40,120}')));
  end if;
  bad := case
    when r.amount_minor not between 0 and 1000000000000 then 'amount_minor'
    when r.rate_bp not between 0 and 1000000 then 'rate_bp'
    when r.months not between 0 and 1200 then 'months'
    when r.window_minutes not between 1 and 5256000 then 'window_minutes'
    when r.valid_from is null or not isfinite(r.valid_from) or r.valid_from < clock_timestamp() - interval '1 minute' then 'valid_from'
    when r.valid_to <= r.valid_from then 'valid_to' end;
  if bad is not null then return sec.malformed('law', bad); end if;
  return null;
end $$;

create or replace function api.law_propose(rule text, jurisdiction text, terms jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; refused jsonb; after shop.law_proposal;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  if not exists (select from shop.law_rule r where r.rule = law_propose.rule) then return sec.malformed('law', 'rule'); end if;
  if coalesce(jurisdiction !~ '^[A-Z]{2}(-[A-Z0-9]{1,6})*$', true) or length(jurisdiction) > 20 then
    return sec.malformed('law', 'jurisdiction');
  end if;
  refused := shop.law_terms_refused(terms);
  if refused is not null then return refused; end if;
  -- A row says what its rule is about, and nothing else: an amount where it is a sum, months where it is a time.
  if exists (select from shop.law_rule r where r.rule = law_propose.rule
       and ((r.amount_minor is null) <> (terms->>'amount_minor' is null) or (r.rate_bp is null) <> (terms->>'rate_bp' is null)
            or (r.months is null) <> (terms->>'months' is null) or (r.window_minutes is null) <> (terms->>'window_minutes' is null))) then
    return sec.malformed('law', 'terms');
  end if;
  insert into shop.law_proposal(rule, jurisdiction, terms, by_staff)
  values (law_propose.rule, law_propose.jurisdiction, law_propose.terms, w.staff) returning * into after;
  perform sec.edited(w.terminal, w.staff, 'law_proposal', null, to_jsonb(after));
  return jsonb_build_object('proposal', after.id);
end $$;

-- The row in force until then ends where the new one begins; the new one ends where a later one begins.
create or replace function shop.publish_law(p shop.law_proposal, approver int) returns shop.law_rule
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t shop.law_rule := jsonb_populate_record(null::shop.law_rule, p.terms);
  v_from timestamptz := greatest(t.valid_from, clock_timestamp());
  after shop.law_rule;
begin
  perform pg_advisory_xact_lock(hashtextextended(p.rule || ' ' || p.jurisdiction, 5));
  select least(t.valid_to, min(r.valid_from)) into t.valid_to from shop.law_rule r
   where r.rule = p.rule and r.jurisdiction = p.jurisdiction and r.valid_from > v_from;
  update shop.law_rule r set valid_to = v_from
   where r.rule = p.rule and r.jurisdiction = p.jurisdiction and r.valid_from < v_from and (r.valid_to is null or r.valid_to > v_from);
  insert into shop.law_rule(rule, jurisdiction, article, source, amount_minor, rate_bp, months, window_minutes, valid_from, valid_to, proposed_by,
    approved_by)
  values (p.rule, p.jurisdiction, t.article, t.source, t.amount_minor, t.rate_bp, t.months, t.window_minutes, v_from, t.valid_to, p.by_staff,
    approver)
  returning * into after;
  return after;
end $$;

create or replace function shop.law_decide(proposal bigint, approve boolean) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; p shop.law_proposal; after shop.law_rule;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  select x.* into p from shop.law_proposal x where x.id = proposal and x.decided_at is null for update;
  if p.id is null then return sec.refusal('unknown_proposal', jsonb_build_object('proposal', proposal)); end if;
  if approve and p.by_staff = w.staff then
    return sec.refused(w.terminal, w.staff, 'own_proposal', jsonb_build_object('proposal', proposal));
  end if;
  if approve and (p.terms->>'valid_to')::timestamptz <= clock_timestamp() then return sec.malformed('law', 'valid_to'); end if;
  update shop.law_proposal x set decided_by = w.staff, decided_at = clock_timestamp(), approved = law_decide.approve where x.id = p.id;
  if approve then after := shop.publish_law(p, w.staff); end if;
  perform sec.edited(w.terminal, w.staff, case when approve then 'law' else 'law_declined' end, to_jsonb(p), to_jsonb(after));
  return jsonb_build_object('proposal', p.id, 'row', case when approve then shop.law_row(after, clock_timestamp()) end);
exception when unique_violation or exclusion_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'valid_from', 'value', p.terms->>'valid_from'));
end $$;

create or replace function api.law_approve(proposal bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin return shop.law_decide(proposal, true); end $$;
create or replace function api.law_decline(proposal bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$ begin return shop.law_decide(proposal, false); end $$;
grant execute on function api.law_rules(bigint[], int), api.law_standing(bigint, bigint), api.law_propose(text, text, jsonb), api.law_approve(bigint),
  api.law_decline(bigint) to huiyuan_terminal;
