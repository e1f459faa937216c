-- Movements of a member's account page by page, and a presented card with all there is about it. Chain-wide: one balance in every store.
create or replace function shop.movements_of(account bigint, before bigint, most int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(jsonb_build_object('seq', e.seq, 'at', case when k.family = 'live' then e.posted_at else d.occurred_at end,
      'store', u.name, 'kind', d.kind, 'receipt', d.result->>'receipt', 'delta', e.delta, 'balance', e.balance) order by e.seq desc), '[]')
    from (select x.* from ledger.entry x where x.account = movements_of.account and (movements_of.before is null or x.seq < movements_of.before)
           order by x.seq desc limit movements_of.most) e
    join ledger.document d on d.id = e.document join ledger.kind k on k.kind = d.kind join shop.unit u on u.id = d.store $$;

-- Newest first, below the sequence number `before`; `before` of the answer asks for the next page, null: there is none.
create or replace function api.statement(account bigint, before bigint, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; a ledger.account; v_most int := least(greatest(coalesce(most, 20), 1), 100); v_rows jsonb;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  select x.* into a from ledger.account x where x.id = statement.account and x.wallet is not null;   -- never a drawer's
  if a.id is null then return sec.refused(w.terminal, w.staff, 'unknown_account', jsonb_build_object('account', account)); end if;
  v_rows := shop.movements_of(a.id, before, v_most);
  return jsonb_build_object('account', jsonb_build_object('id', a.id, 'kind', a.kind, 'wallet', a.wallet, 'balance', ledger.usable(a.id, now())),
    'movements', v_rows, 'before', case when (v_rows->-1->>'seq')::bigint > 1 then (v_rows->-1->>'seq')::bigint end);
end $$;

create or replace function shop.type_of(y shop.card_type) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('id', y.id, 'code', y.code, 'name', y.name, 'registered', y.registered, 'balance_max_minor', y.balance_max_minor) $$;

-- What is left of each top-up and grant, the one that ends first on top.
create or replace function shop.lots_of(wallet bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(jsonb_build_object('account', a.kind, 'amount', l.amount, 'remaining', l.remaining, 'expires_at', l.expires_at,
      'at', d.business_date, 'store', u.name) order by a.kind desc, l.expires_at nulls last, l.id), '[]')
    from ledger.account a join ledger.lot l on l.account = a.id and l.remaining > 0 and (l.expires_at is null or l.expires_at > now())
    join ledger.document d on d.id = l.document join shop.unit u on u.id = l.store where a.wallet = lots_of.wallet $$;

-- `card` as api.open_card answers it, its type as data, accounts, lots, and the last movements of every account.
create or replace function api.card_page(token_kind text, token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_card jsonb := api.open_card(token_kind, token);
  v_wallet bigint := (v_card->>'wallet')::bigint;
begin
  if v_card ? 'refused' then return v_card; end if;
  return jsonb_build_object('card', v_card,
    'type', (select shop.type_of(y) from shop.card_type y where y.code = v_card->'card'->>'type'),
    'term', (select jsonb_build_object('valid_to', c.valid_to, 'months', y.valid_months) from shop.card c join shop.card_type y on y.id = c.type
              where c.id = (v_card->'card'->>'id')::bigint),
    'accounts', shop.accounts_of(array[v_wallet]), 'lots', shop.lots_of(v_wallet), 'due', shop.credit_debt(v_wallet, api.business_day()),
    'movements', coalesce((
      select jsonb_agg(m.row || jsonb_build_object('account', m.kind) order by m.row->>'at' desc, m.kind) from (
        select a.kind, r.row from ledger.account a cross join lateral jsonb_array_elements(shop.movements_of(a.id, null, 8)) r(row)
         where a.wallet = v_wallet order by r.row->>'at' desc, a.kind limit 8) m), '[]'));
end $$;

create or replace function api.card_types() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(shop.type_of(y) || jsonb_build_object('blank',
             (select count(*) from shop.card c where c.type = y.id and c.state = 'blank')) order by y.id)
      from shop.card_type y), '[]');
end $$;
grant execute on function api.statement(bigint, bigint, int), api.card_page(text, bytea), api.card_types() to huiyuan_terminal;
