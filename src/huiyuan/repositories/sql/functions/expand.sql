-- Demands become postings here, under the locks. A posting is a pair: debit, credit, amount > 0.

create or replace function ledger.unit_of(kind text, currency text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$
begin
  return (select case a.unit when 'money' then currency when 'pass' then upper(a.kind) else 'POINT' end
    from ledger.account_kind a where a.kind = unit_of.kind);
end $$;

-- The account of a wallet or drawer, by kind; 0 where there is none, which no posting survives.
create or replace function ledger.account_of(kind text, wallet bigint, drawer int) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$
begin
  return (select coalesce((select a.id from ledger.account a where a.kind = account_of.kind and (a.wallet = account_of.wallet
    or a.drawer = account_of.drawer)), 0));
end $$;

-- What may be spent: expired lots do not count.
create or replace function ledger.usable(account bigint, at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select case when k.lots then coalesce((select sum(l.remaining) from ledger.lot l
                where l.account = a.id and l.remaining > 0 and (l.expires_at is null or l.expires_at > at)), 0) else a.balance end::bigint
    from ledger.account a join ledger.account_kind k on k.kind = a.kind where a.id = account);
end $$;

-- Splits stored value by the chain's policy. The domain has the same function for the preview; a property test keeps them equal.
create or replace function ledger.split_stored(policy text, amount bigint, principal bigint, bonus bigint, out from_principal bigint,
    out from_bonus bigint)
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  case policy
    when 'principal_first' then from_principal := least(amount, principal);
    when 'bonus_first' then from_principal := amount - least(amount, bonus);
    else from_principal := amount - floor(amount::numeric * bonus / greatest(principal + bonus, 1));
  end case;
  from_bonus := amount - from_principal;
end $$;

create or replace function ledger.expand_tenders(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.tender_in;
  v_account text;
  v_store bigint := (d.terminal).store;
  v_ref bigint;
  v_principal bigint; v_bonus bigint; v_split record;
begin
  if d.tenders = '{}' then return; end if;
  v_ref := case (select a.owner from ledger.account_kind a where a.kind = (d.kind).contra)
    when 'wallet' then ledger.account_of((d.kind).contra, (d.header).wallet, null)
    when 'drawer' then ledger.account_of((d.kind).contra, null, (d.terminal).drawer) else v_store end;
  foreach t in array d.tenders loop
    select x.account into v_account from shop.tender x where x.kind = t.kind and x.active;
    if v_account = 'cash' then
      d.postings := d.postings || (0, 'tender', d.currency, 'cash', ledger.account_of('cash', null, (d.terminal).drawer), (d.kind).contra, v_ref,
                                   t.amount_minor, t.kind, t.reference, null, null, null)::ledger.posting_row;
      d := ledger.expand_cash(d, t);
    elsif v_account in ('credit', 'advance') then
      d.postings := d.postings || (0, 'tender', d.currency, v_account, ledger.account_of(v_account, t.wallet, null), (d.kind).contra, v_ref,
                                   t.amount_minor, t.kind, t.reference, null, null, null)::ledger.posting_row;
    elsif v_account in ('tender', 'prepaid', 'voucher') then
      d.postings := d.postings || (0, 'tender', d.currency, v_account, v_store, (d.kind).contra, v_ref, t.amount_minor, t.kind, t.reference,
                                   null, null, null)::ledger.posting_row;
    elsif v_account = 'stored' then
      v_principal := ledger.usable(ledger.account_of('principal', t.wallet, null), d.at);
      v_bonus := ledger.usable(ledger.account_of('bonus', t.wallet, null), d.at);
      if t.amount_minor > coalesce(v_principal + v_bonus, 0) then
        perform sec.refuse('insufficient', jsonb_build_object('account', 'stored', 'wallet', t.wallet, 'balance', coalesce(v_principal + v_bonus,
            0), 'wanted', t.amount_minor));
      end if;
      v_split := ledger.split_stored(ledger.spend_policy((d.terminal).store, d.at), t.amount_minor, v_principal, v_bonus);
      d.postings := d.postings || array(
        select (0, 'tender', d.currency, s.kind, ledger.account_of(s.kind, t.wallet, null), (d.kind).contra, v_ref, s.amount, t.kind, null, null,
            null, null)::ledger.posting_row
          from (values ('principal', v_split.from_principal), ('bonus', v_split.from_bonus)) s(kind, amount) where s.amount <> 0);
    elsif v_account = 'points' then
      d := ledger.expand_points(d, t);
    end if;                                               -- anything else: guard.tender_not_allowed
  end loop;
end $$;

-- Points that pay: the money they stand for, and the points themselves. What is owed in points is not there to be spent.
create or replace function ledger.expand_points(inout d ledger.draft, t ledger.tender_in)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_store bigint := (d.terminal).store;
  v_points bigint := ledger.account_of('points', t.wallet, null);
  v_there bigint := greatest(coalesce(ledger.usable(v_points, d.at), 0)
    - coalesce((select a.balance from ledger.account a where a.wallet = t.wallet and a.kind = 'points_debt'), 0), 0);
begin
  if t.points > v_there then
    perform sec.refuse('insufficient', jsonb_build_object('account', 'points', 'wallet', t.wallet, 'balance', v_there, 'wanted', t.points));
  end if;
  d.postings := d.postings
    || (0, 'tender', d.currency, 'points_redeemed', v_store, (d.kind).contra, v_store, t.amount_minor, t.kind, null, t.rule, t.version,
        null)::ledger.posting_row
    || (0, 'redeem', 'POINT', 'points', v_points, 'points_spent', v_store, t.points, t.kind, null, t.rule, t.version, null)::ledger.posting_row;
end $$;

-- Points settle a debt of points first; bonus is a gift beside the money.
create or replace function ledger.expand_grants(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  g ledger.grant_in;
  v_store bigint := (d.terminal).store;
  v_debt bigint := coalesce((select a.balance from ledger.account a where a.wallet = (d.header).wallet and a.kind = 'points_debt'), 0)
    + coalesce((select sum(p.amount) from unnest(d.postings) p where p.debit = 'points_debt'), 0);
begin
  foreach g in array d.grants loop
    if g.kind = 'pass' then
      d.postings := d.postings || ledger.pass_grant(d, g);
    elsif g.kind = 'bonus' then
      d.postings := d.postings || (0, 'grant', d.currency, 'bonus_granted', v_store, 'bonus', ledger.account_of('bonus', (d.header).wallet,
          null), g.amount,
                                   null, null, g.rule, g.version, null)::ledger.posting_row;
    else
      d.postings := d.postings || array(
        select (0, 'grant', 'POINT', 'points_issued', v_store, s.kind, ledger.account_of(s.kind, (d.header).wallet, null), s.amount,
                null, null, g.rule, g.version, null)::ledger.posting_row
          from (values ('points_debt', least(g.amount, v_debt)), ('points', g.amount - least(g.amount, v_debt))) s(kind, amount) where s.amount <> 0);
      v_debt := v_debt - least(g.amount, v_debt);
    end if;
  end loop;
  d.postings := d.postings || array(
    select (0, 'tax', d.currency, 'revenue', v_store, 'tax', v_store, t.amount_minor, t.code, null, null, null, null)::ledger.posting_row
      from unnest(d.taxes) t where t.amount_minor <> 0);
end $$;

create or replace function ledger.expand_corrections(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  c ledger.correction_in;
  v_contra text;
  v_account bigint;
  v_unit text;
begin
  foreach c in array d.corrections loop
    v_unit := ledger.unit_of(c.account, d.currency);
    v_contra := case v_unit when 'POINT' then 'points_issued' else (d.kind).contra end;
    v_account := ledger.account_of(c.account, (d.header).wallet, null);
    if c.amount < 0 and -c.amount > coalesce(ledger.usable(v_account, d.at), 0) then
      perform sec.refuse('insufficient', jsonb_build_object('account', c.account, 'wallet', (d.header).wallet, 'balance',
          ledger.usable(v_account, d.at), 'wanted', -c.amount));
    end if;
    d.postings := d.postings || case when c.amount > 0
      then (0, 'correction', v_unit, v_contra, (d.terminal).store, c.account, v_account, c.amount, null, null, null, null, null)::ledger.posting_row
      else (0, 'correction', v_unit, c.account, v_account, v_contra, (d.terminal).store, -c.amount, null, null, null, null,
          null)::ledger.posting_row end;
  end loop;
end $$;

-- Opening puts the float into the drawer; closing books over or short, then takes everything out.
create or replace function ledger.expand_count(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := ledger.account_of('cash', null, (d.terminal).drawer);
  v_store bigint := (d.terminal).store;
  v_counted bigint := (d.header).counted_minor;
  v_expected bigint := (select a.balance from ledger.account a where a.id = v_cash);
  p record;
begin
  if (d.kind).counts is null then return; end if;
  if v_counted is null or v_counted < 0 then perform sec.refuse('malformed', '{"section":"header","detail":"counted_minor"}'); end if;
  for p in select * from (values
      ('open', 'count', 'cash', v_cash, 'safe', v_store, v_counted),
      ('close', 'over_short', 'cash', v_cash, 'over_short', v_store, v_counted - v_expected),
      ('close', 'over_short', 'over_short', v_store, 'cash', v_cash, v_expected - v_counted),
      ('close', 'count', 'safe', v_store, 'cash', v_cash, v_counted)) x(at, demand, debit, debit_ref, credit, credit_ref, amount)
      where x.at = (d.kind).counts and x.amount > 0 loop
    d.postings := d.postings || (0, p.demand, d.currency, p.debit, p.debit_ref, p.credit, p.credit_ref, p.amount, null, null, null, null,
        null)::ledger.posting_row;
  end loop;
end $$;

-- Goods that leave or come: what the lines sold, or what the stock section names. Services move nothing.
create or replace function ledger.expand_moves(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_sign int := case when (d.kind).stock_to = 'store' then 1 else -1 end;
begin
  if (d.kind).takes_back = 'whole' then
    d.moves := array(select (m.product, -m.qty_milli, m.place_to, m.place_from, m.cost_minor)::ledger.stock_row
                       from ledger.stock_move m where m.document = (d.origin).id order by m.n);
  elsif (d.kind).stock_from is not null then
    d.moves := array(select (l.product, v_sign * l.qty_milli, (d.kind).stock_from, (d.kind).stock_to, null)::ledger.stock_row
                       from unnest(d.lines) l join shop.product p on p.id = l.product and p.kind = 'goods' order by l.n)
            || array(select (s.product, v_sign * s.qty_milli, (d.kind).stock_from, (d.kind).stock_to, s.cost_minor)::ledger.stock_row
                from unnest(d.stock) s)
            || array(select (g.product, v_sign * g.qty_milli, (d.kind).stock_from, (d.kind).stock_to, null)::ledger.stock_row
                from unnest(d.gifts) g order by g.product)
            || array(select (l.product, l.qty_milli, (d.kind).stock_to, (d.kind).stock_from, null)::ledger.stock_row  -- an exchange's
                       from unnest(d.backs) l join shop.product p on p.id = l.product and p.kind = 'goods' order by l.n);
  end if;
end $$;
