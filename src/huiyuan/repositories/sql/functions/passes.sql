-- Passes: demands become postings, and what was done with a card is written down.

-- A counted pass moves; one without a count only has to be there, so its use is a document and no posting.
create or replace function ledger.expand_passes(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  p ledger.pass_in;
  v_account bigint;
begin
  foreach p in array d.passes loop
    v_account := ledger.account_of('pass:' || p.rule, (d.header).wallet, null);
    if ledger.pass_unlimited(p.rule) then d.postings := d.postings || ledger.pass_earned(d, v_account, 0); continue; end if;
    continue when p.count is null or p.count <= 0;
    if p.count > coalesce(ledger.usable(v_account, d.at), 0) then
      perform sec.refuse('insufficient', jsonb_build_object('account', 'pass', 'wallet', (d.header).wallet, 'pass', p.rule,
        'balance', coalesce(ledger.usable(v_account, d.at), 0), 'wanted', p.count));
    end if;
    d.postings := d.postings || ledger.pass_earned(d, v_account, p.count);
    d.postings := d.postings || (0, 'pass', 'PASS:' || p.rule, 'pass:' || p.rule, v_account, 'passes_used', (d.terminal).store, p.count, null, null,
                                 p.rule, null, null)::ledger.posting_row;
  end loop;
end $$;

create or replace function ledger.pass_unlimited(pass int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce((v.body->>'unlimited')::boolean, false) from shop.rule_version v
    where v.rule = pass_unlimited.pass order by v.version desc limit 1);
end $$;

-- How often a wallet used a pass in a business day.
create or replace function ledger.pass_used(wallet bigint, pass int, day date) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(u.amount), 0)::bigint from ledger.card_use u
    where u.wallet = pass_used.wallet and u.pass = pass_used.pass and u.business_date = pass_used.day);
end $$;

-- A use counts as what it cost: the price by the uses, rounded up. One without a count stands for no sum.
create or replace function ledger.pass_worth(pass int, uses bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select ceil((v.body->>'price_minor')::numeric * uses / (v.body->>'count')::bigint) from shop.rule_version v
    where v.rule = pass_worth.pass and v.body ? 'count' and v.body ? 'price_minor' order by v.version desc limit 1), 0)::bigint;
end $$;

-- What a version gives is one pass of its kind, with the uses that it has; without a count it is the right itself.
create or replace function ledger.pass_grant(d ledger.draft, g ledger.grant_in) returns ledger.posting_row
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (0, 'grant', 'PASS:' || g.rule, 'passes_issued', (d.terminal).store, 'pass:' || g.rule,
          ledger.account_of('pass:' || g.rule, (d.header).wallet, null), g.amount, null, null, g.rule, g.version, null)::ledger.posting_row;
end $$;

-- One without a count that is bought while another runs begins when that one ends.
create or replace function ledger.pass_expiry(p ledger.posting_row, at timestamptz) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_from timestamptz := at;
begin
  if ledger.pass_unlimited(p.rule) then
    v_from := greatest(at, (select max(l.expires_at) - interval '1 day' from ledger.lot l where l.account = p.credit_ref and l.remaining > 0));
  end if;
  return ledger.expiry_of(p.credit, p.rule, p.version, v_from);
end $$;

-- What returns gave back of a use already.
create or replace function ledger.use_freed(u ledger.card_use) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(-sum(r.amount), 0)::bigint from ledger.document x join ledger.card_use r on r.document = x.id
      and (r.card, r.wallet) = ((u).card, (u).wallet) and r.what = 'value' and r.amount < 0
    where x.of = (u).document and not exists (select from ledger.reversed v where v.document = x.id));
end $$;

-- What this document took from wallets by a card that was presented, and what it gives back of what a card had taken.
create or replace function ledger.card_uses(d ledger.draft) returns table(card bigint, holder bigint, wallet bigint, on_day date, what text, pass int,
  amount bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if (d.kind).takes_back = 'whole' then
    return query select u.card, u.holder, u.wallet, u.business_date, u.what, u.pass, -u.amount from ledger.card_use u
      where u.document = (d.origin).id order by u.n;
    return;
  end if;
  return query
    select c.id, c.holder, t.wallet, d.business_date, 'value'::text, null::int, t.amount from ledger.drawn_by_cards(d) t
     cross join lateral (select (ledger.card_shown(d, t.wallet)).*) c where c.id is not null
    union all
    select c.id, c.holder, (d.header).wallet, d.business_date, 'pass', p.rule, p.count from unnest(d.passes) p
     cross join lateral (select (ledger.card_shown(d, (d.header).wallet)).*) c where c.id is not null
    union all
    select u.card, u.holder, u.wallet, u.business_date, 'value', null, -least(b.amount, u.amount - ledger.use_freed(u))
      from (select x.wallet, sum(x.amount)::bigint as amount from (
              select case p.credit when 'points_redeemed' then (d.origin).wallet else a.wallet end as wallet, p.amount from unnest(d.postings) p
                left join ledger.account a on a.id = p.credit_ref and p.credit <> 'points_redeemed'
               where p.demand = 'refund' and p.credit in ('principal', 'bonus', 'credit', 'advance', 'points_redeemed')
              union all                                   -- what an exchange carries over was not given back
              select a.wallet, -p.amount from unnest(d.postings) p join ledger.account a on a.id = p.debit_ref
               where 'backs' = any ((d.kind).sections) and p.demand = 'tender'
                 and p.debit in ('principal', 'bonus', 'credit', 'advance')) x group by x.wallet) b
      join ledger.card_use u on u.document = (d.origin).id and u.wallet = b.wallet and u.what = 'value' and u.amount > 0
     where b.amount > 0 and d.tenders = '{}' and u.amount > ledger.use_freed(u);
end $$;

create or replace function ledger.write_card_use(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if d.proofs = '{}' and (d.kind).takes_back is null then return; end if;
  insert into ledger.card_use(document, n, card, holder, wallet, store, business_date, what, pass, amount)
  select d.id, row_number() over (order by u.what, u.card, u.pass), u.card, u.holder, u.wallet, (d.terminal).store, u.on_day, u.what, u.pass, u.amount
    from ledger.card_uses(d) u;
end $$;

-- Every use of a counted pass stands in its entry, and names a card that opened the wallet.
create or replace function ledger.verify_card_use() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'document', coalesce(u.document, p.document)::text, 'uses of a pass differ from what was posted'
    from (select x.document, x.pass, sum(x.amount) as amount from ledger.card_use x
           where x.what = 'pass' and not ledger.pass_unlimited(x.pass) group by 1, 2) u
    full join (select x.document, x.rule, sum(case when x.debit like 'pass:%' then x.amount else -x.amount end) as amount
                 from ledger.posting x where x.demand = 'pass' group by 1, 2) p on p.document = u.document and p.rule = u.pass
   where u.amount is distinct from p.amount;
  return query
  select 'card', u.card::text, 'was used for a wallet that it never opened' from (select distinct x.card, x.wallet from ledger.card_use x) u
   where not exists (select from shop.card c where c.id = u.card and c.wallet = u.wallet)
     and not exists (select from ledger.card_event e where e.card = u.card and e.wallet = u.wallet);
end $$;
