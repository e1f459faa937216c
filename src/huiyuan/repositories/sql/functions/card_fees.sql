-- Fees of cards: what the rules in force ask of a document, card by card, and what is asked every year.

-- Whether a fee rule is about this card: its types (codes or ids), and main cards (the holder's own wallet) or supplementary ones.
create or replace function ledger.fee_covers(body jsonb, type int, main boolean) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (not body ? 'types' or body->'types' @> to_jsonb(type) or body->'types' ? (select t.code from shop.card_type t where t.id = fee_covers.type))
     and coalesce(body->>'who', case when main then 'main' else 'supplementary' end) = case when main then 'main' else 'supplementary' end;
end $$;

-- Whether the fee of a year was charged or waived for what this wallet and holder are now: what was merged into them counts.
create or replace function ledger.year_settled(wallet bigint, holder bigint, rule int, year int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return exists (select from shop.wallet w join shop.wallet f on f.id = w.id or (f.member = w.member and f.merged_into = w.id)
      join ledger.fee_year t on t.wallet = f.id and t.rule = year_settled.rule and t.year = year_settled.year
      left join shop.member h on h.id = t.holder
    where w.id = year_settled.wallet and coalesce(h.merged_into, t.holder) is not distinct from year_settled.holder
      and not exists (select from ledger.reversed r where r.document = t.document));
end $$;

-- The fees of a year that are open: from the month of issue in every year after the first, once a line of cards, main and supplementary
-- by their own rules. What was charged or waived is not open; what was taken back is again.
create or replace function ledger.annual_due(store int, since timestamptz, at timestamptz, day date, card bigint)
returns table(card_id bigint, rule int, version int, code text, amount bigint, year int, due_on date)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select c.id, v.rule, v.version, v.body->>'code', v.amount_minor, y.year, y.due_on
    from shop.rule_version v join shop.rule f on f.id = v.rule and f.family = 'fee'
    join shop.card c on (annual_due.card is null or c.id = annual_due.card) and c.state in ('issued', 'active', 'frozen', 'lost', 'expired')
    join shop.wallet w on w.id = c.wallet
    join shop.member m on m.id = c.holder and m.state <> 'cancelled' and m.archived_at is null
   cross join lateral (select coalesce(c.issued_on, m.joined_at::date) as first_on) i
   cross join lateral (select n as year, make_date(n, extract(month from i.first_on)::int, 1) as due_on
                         from generate_series(extract(year from i.first_on)::int + 1, extract(year from annual_due.day)::int) n) y
   where v.body->>'kind' = 'annual_fee' and v.amount_minor > 0 and v.valid_from <= annual_due.at
     and (v.valid_to is null or v.valid_to > annual_due.since) and (v.published_by is null or v.approved_by is not null)
     and (v.stores is null or annual_due.store = any (v.stores)) and (v.tiers is null or m.tier = any (v.tiers))
     and ledger.fee_covers(v.body, c.type, w.member = c.holder)
     and y.due_on <= annual_due.day
     and y.due_on > (select min(o.valid_from)::date - 31 from shop.rule_version o where o.rule = v.rule)
     and not ledger.year_settled(c.wallet, c.holder, v.rule, y.year);
end $$;

-- What the rules in force ask of this document, a row a card. A fee that is asked once comes with the first card somebody ever holds; a
-- fee of every year comes with the issue for the first time.
create or replace function ledger.fees_due(d ledger.draft)
returns table(rule int, version int, code text, amount bigint, card bigint, year int)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query
  select r.rule, r.version, r.body->>'code', r.amount_minor, x.card, null::int
    from ledger.rule_in_force(d) r
    join lateral (
      select y.card from unnest(d.cards) y left join shop.card c on c.id = y.card left join shop.wallet w on w.id = coalesce(y.wallet, c.wallet)
       where y.now <> 'replaced' and ledger.fee_covers(r.body, coalesce(y.type, c.type), coalesce(w.member = coalesce(y.holder, c.holder), true))
         and not (coalesce((r.body->>'once')::boolean, false) and exists (select from shop.card o where o.holder = y.holder
                     and o.id not in (select z.card from unnest(d.cards) z)))
      union all select null where d.cards = '{}') x on true
   where r.family = 'fee' and r.body->>'kind' = (d.kind).kind and (d.kind).kind <> 'annual_fee'
  union all
  select r.rule, r.version, r.body->>'code', r.amount_minor, y.card, extract(year from d.business_date)::int
    from ledger.rule_in_force(d) r cross join unnest(d.cards) y left join shop.card c on c.id = y.card
    left join shop.wallet w on w.id = y.wallet
   where r.family = 'fee' and r.body->>'kind' = 'annual_fee' and (d.kind).kind = 'card_issue' and y.holder is not null
     and ledger.fee_covers(r.body, c.type, coalesce(w.member = y.holder, true))
     and not ledger.year_settled(y.wallet, y.holder, r.rule, extract(year from d.business_date)::int)
  union all
  select a.rule, a.version, a.code, a.amount, a.card_id, a.year
    from (select distinct f.card from unnest(d.fees) f where f.card is not null) f
   cross join lateral ledger.annual_due((d.terminal).store, ledger.in_force_since(d), d.at, d.business_date, f.card) a
   where (d.kind).kind = 'annual_fee';
end $$;

-- A fee of every year, whether it was paid or waived; a waiver leaves a row of the audit with what was due.
create or replace function ledger.write_fees(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_by_card boolean := (d.kind).card_moves = '{}';
  v_less jsonb;
begin
  select jsonb_agg(jsonb_build_object('fee', w.code, 'due', w.due, 'paid', w.paid)) into v_less from (
    select u.code, sum(u.amount)::bigint as due,
           coalesce((select sum(f.amount_minor) from unnest(d.fees) f where f.rule = u.rule and f.version = u.version), 0)::bigint as paid
      from ledger.fees_due(d) u
     where u.year is null or not v_by_card or exists (select from unnest(d.fees) f where (f.card, f.year, f.rule) = (u.card, u.year, u.rule))
     group by u.rule, u.version, u.code) w where w.paid < w.due;
  if v_less is not null then
    perform sec.write_audit((d.terminal).id, (d.staff).id, 'fee_waived', d.id, jsonb_build_object('fees', v_less, 'approved_by', (d.approver).id));
  end if;
  insert into ledger.fee_year(document, n, card, wallet, holder, rule, year, due_minor, paid_minor)
  select d.id, row_number() over (order by u.card, u.rule, u.year), u.card, c.wallet, c.holder, u.rule, u.year, u.amount,
         least(u.amount, coalesce(f.amount_minor, 0))
    from ledger.fees_due(d) u join shop.card c on c.id = u.card
    left join unnest(d.fees) f on f.rule = u.rule and f.version = u.version and (f.card is null or (f.card, f.year) = (u.card, u.year))
   where u.year is not null and (not v_by_card or f.card is not null);
end $$;
