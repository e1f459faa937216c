-- A rule version is proposed by one person and approved by another; only then does it stand in shop.rule_version, for good.

-- What is wrong with the terms of a version, as a refusal; null if nothing is.
create or replace function shop.terms_refused(units int[], terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  t shop.rule_version; bad text; v_store int;
begin
  if terms is null or jsonb_typeof(terms) <> 'object' then return sec.malformed('rule', 'terms'); end if;
  select k into bad from jsonb_object_keys(terms) k where k not in ('valid_from', 'valid_to', 'stores', 'tiers', 'max_bp', 'max_line_minor',
    'max_document_minor', 'points_rate', 'min_minor', 'amount_minor', 'term_days', 'body') limit 1;
  if bad is not null then return sec.refusal('unknown_key', jsonb_build_object('section', 'rule', 'key', left(bad, 40))); end if;
  begin
    t := jsonb_populate_record(null::shop.rule_version, terms);
  exception when data_exception then return sec.malformed('rule', 'terms');
  end;
  bad := case
    when t.max_bp not between 0 and 10000 then 'max_bp'
    when t.points_rate < 0 then 'points_rate'
    when t.max_line_minor < 0 then 'max_line_minor'
    when t.max_document_minor < 0 then 'max_document_minor'
    when t.min_minor < 0 then 'min_minor'
    when t.amount_minor < 0 then 'amount_minor'
    when t.term_days <= 0 then 'term_days'
    when t.valid_to <= greatest(t.valid_from, clock_timestamp()) then 'valid_to'
    when jsonb_typeof(coalesce(t.body, '{}')) <> 'object' then 'body'
    when exists (select from unnest(t.tiers) x where not exists (select from shop.tier y where y.id = x)) then 'tiers'
    when t.stores = '{}' or exists (select from unnest(t.stores) x
           where not exists (select from shop.unit u where u.id = x and u.kind = 'store')) then 'stores'
    end;
  if bad is not null then return sec.malformed('rule', bad); end if;
  if t.stores is null then
    if not sec.covers(units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  else
    foreach v_store in array t.stores loop
      if not sec.covers(units, v_store) then return sec.refusal('wrong_store', jsonb_build_object('store', v_store)); end if;
    end loop;
  end if;
  return null;
end $$;

-- What a rule about points that pay has to say: how many points the money costs, and at most which share of a document they pay.
create or replace function shop.redeem_terms_refused(family text, terms jsonb) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  bad text := case
    when family = 'points' and jsonb_typeof(coalesce(terms->'body'->'except_points', 'false')) <> 'boolean' then 'body'
    when family <> 'redeem' then null
    when terms->'body' ? 'product' then case
      when terms->>'points_rate' is not null then 'points_rate'
      when coalesce(terms->'body'->>'points', '0') !~ '^[1-9][0-9]{0,8}$' or coalesce(terms->'body'->>'price_minor', 'x') !~ '^[0-9]{1,12}$'
        or not exists (select from shop.product p where p.id::text = terms->'body'->>'product') then 'body' end
    when coalesce((terms->>'points_rate')::int, 0) <= 0 then 'points_rate'
    when terms->>'max_bp' is null then 'max_bp'
    when coalesce(terms->'body'->>'min_points', '1') !~ '^[0-9]{1,9}$' then 'body' end;
begin
  return case when bad is not null then sec.malformed('rule', bad) end;
end $$;

create or replace function api.rule_propose(rule int, family text, name text, terms jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; refused jsonb; after shop.rule_proposal;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  if rule is null then
    if shop.unclean('{name}', array[name], '{64}') is not null then return sec.refusal('unclean_text', '{"field":"name"}'); end if;
    if family is null or family not in ('tier', 'promotion', 'points', 'bonus', 'fee', 'redeem', 'blind_return', 'coupon', 'card_type', 'pass',
        'recharge', 'spending', 'settlement', 'cash_back') then
      return sec.malformed('rule', 'family');
    end if;
  else
    select r.family, r.name into family, name from shop.rule r where r.id = rule_propose.rule;
    if family is null then return sec.malformed('rule', 'rule'); end if;
  end if;
  refused := coalesce(shop.terms_refused(w.units, terms), shop.redeem_terms_refused(family, terms), shop.promotion_unclear(rule, family, terms),
    shop.card_rule_unclear(rule, family, terms), shop.value_terms_refused(family, terms));
  if refused is not null then return refused; end if;
  insert into shop.rule_proposal(rule, family, name, terms, by_staff)
  values (rule_propose.rule, rule_propose.family, rule_propose.name, rule_propose.terms, w.staff) returning * into after;
  perform sec.edited(w.terminal, w.staff, 'rule_proposal', null, to_jsonb(after));
  return jsonb_build_object('proposal', after.id);
end $$;

-- The version in force until now ends where the new one begins; the new one ends where a later one begins.
create or replace function shop.publish_version(p shop.rule_proposal, approver int) returns shop.rule_version
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t shop.rule_version := jsonb_populate_record(null::shop.rule_version, p.terms);
begin
  t.rule := p.rule;
  if p.rule is null then
    insert into shop.rule(family, name) values (p.family, p.name) returning id into t.rule;
  end if;
  perform 1 from shop.rule r where r.id = t.rule for no key update;
  t.valid_from := greatest(t.valid_from, clock_timestamp());
  select coalesce(max(v.version), 0) + 1, least(t.valid_to, min(v.valid_from) filter (where v.valid_from > t.valid_from))
    into t.version, t.valid_to from shop.rule_version v where v.rule = t.rule;
  update shop.rule_version v set valid_to = t.valid_from
   where v.rule = t.rule and v.valid_from < t.valid_from and (v.valid_to is null or v.valid_to > t.valid_from);
  t.min_minor := coalesce(t.min_minor, 0); t.body := coalesce(t.body, '{}');
  t.published_by := p.by_staff; t.approved_by := approver; t.published_at := clock_timestamp();
  t.bounded := false;
  t := shop.with_bounds(t, p.family);
  insert into shop.rule_version select t.*;
  perform shop.open_card_rule(t, p.family, p.name);
  return t;
end $$;

create or replace function api.rule_approve(proposal bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; p shop.rule_proposal; v shop.rule_version; refused jsonb;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  select x.* into p from shop.rule_proposal x where x.id = rule_approve.proposal and x.decided_at is null for update;
  if p.id is null then return sec.refusal('unknown_proposal', jsonb_build_object('proposal', proposal)); end if;
  if p.by_staff = w.staff then return sec.refused(w.terminal, w.staff, 'own_proposal', jsonb_build_object('proposal', proposal)); end if;
  refused := coalesce(shop.terms_refused(w.units, p.terms), shop.promotion_unclear(p.rule, p.family, p.terms),
    shop.card_rule_unclear(p.rule, p.family, p.terms), shop.value_terms_refused(p.family, p.terms));
  if refused is not null then return refused; end if;
  v := shop.publish_version(p, w.staff);
  update shop.rule_proposal x set decided_at = clock_timestamp(), decided_by = w.staff, rule = v.rule, version = v.version where x.id = p.id;
  perform sec.edited(w.terminal, w.staff, 'rule', null, to_jsonb(v));
  return jsonb_build_object('rule', v.rule, 'version', v.version, 'valid_from', v.valid_from, 'valid_to', v.valid_to);
exception when exclusion_violation or check_violation then
  return sec.malformed('rule', 'valid_from');
end $$;

create or replace function api.rule_decline(proposal bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; done bigint;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  update shop.rule_proposal x set decided_at = clock_timestamp(), decided_by = w.staff
   where x.id = rule_decline.proposal and x.decided_at is null returning x.id into done;
  if done is null then return sec.refusal('unknown_proposal', jsonb_build_object('proposal', proposal)); end if;
  perform sec.edited(w.terminal, w.staff, 'rule_decline', null, jsonb_build_object('proposal', proposal));
  return jsonb_build_object('proposal', proposal);
end $$;

create or replace function api.rule_proposals() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('rules');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('proposal', p.id, 'rule', p.rule, 'family', p.family, 'name', p.name, 'terms', p.terms,
      'by_staff', f.name, 'at', p.at) order by p.id)
    from shop.rule_proposal p join sec.staff f on f.id = p.by_staff where p.decided_at is null), '[]');
end $$;
grant execute on function api.rule_propose(int, text, text, jsonb), api.rule_approve(bigint), api.rule_decline(bigint), api.rule_proposals()
  to huiyuan_terminal;
