-- What a counter asks while it works: cards, goods, rules, documents of its own store, the X report of its shift.

-- What a wallet holds now: expired lots do not count.
create or replace function ledger.balances_now(wallet bigint) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_object_agg(k.kind, coalesce(ledger.usable(a.id, now()), 0))
         || jsonb_build_object('credit_limit', coalesce(max(a.limit_minor) filter (where k.kind = 'credit'), 0))
    from ledger.account_kind k left join ledger.account a on a.kind = k.kind and a.wallet = balances_now.wallet
     where k.owner = 'wallet' and k.unit <> 'pass' $$;

create or replace function api.open_card(token_kind text, token bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; answer jsonb;
begin
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  select jsonb_build_object(
      'card', jsonb_build_object('id', c.id, 'number', c.number, 'type', y.code,
                                 'state', ledger.standing_state(c.state, c.valid_to, ledger.day_here(w.store)),
                                 'version', 1 + (select count(*) from ledger.card_event e where e.card = c.id)),
      'wallet', c.wallet,
      'member', case when m.id is not null then jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name,
                       'tier', jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name))
                       || ledger.member_terms(m.id, w.store) end,
      -- Whose card it is, where that is another person than the wallet's: supplementary cards, cards of a group.
      'holder', case when c.holder is distinct from v.member then (select h.name from shop.member h where h.id = c.holder) end,
      'rest', case when c.wallet is not null then ledger.resting(array[v.member, c.holder]) end,
      'balances', case when c.wallet is not null then ledger.balances_now(c.wallet) end,
      'pin_set', coalesce(v.pin_verifier is not null, false), 'terms', shop.type_terms(c.type, now()),
      'passes', case when c.wallet is not null then shop.wallet_passes(c.wallet, shop.day_of(w.store)) end)
    into answer
    from shop.card_token k
    join shop.card c on c.id = k.card
    join shop.card_type y on y.id = c.type
    left join shop.wallet v on v.id = c.wallet
    left join shop.member m on m.id = v.member
    left join shop.tier t on t.id = m.tier
   where k.kind = open_card.token_kind and k.hmac = open_card.token and k.valid_from <= now() and (k.valid_to is null or k.valid_to > now());
  return coalesce(answer, sec.refused(w.terminal, w.staff, 'unknown_card', jsonb_build_object('token_kind', token_kind)));
end $$;

create or replace function api.find_product(code text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; wanted text := normalize(btrim(code), NFKC); answer jsonb;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  select jsonb_build_object('id', p.id, 'code', p.code, 'name', p.name, 'kind', p.kind, 'base_unit', p.base_unit,
      'tax', jsonb_build_object('code', x.code, 'rate_bp', x.rate_bp),
      'price_minor', ledger.price_now(p.id, w.store, now()), 'qty_milli', f.qty_milli,
      'sold_by', p.sold_by, 'open_price', p.open_price, 'category', p.category, 'brand', p.brand,
      'min_age', p.min_age, 'warning', p.warning, 'lists', shop.list_prices(p.id, w.store, now()))
    into answer
    from (select q.id, 1000::bigint as qty_milli, 1 as turn from shop.product q where q.code = wanted
          union all
          select b.product, b.qty_milli, 2 from shop.barcode b where b.code = wanted) f
    join shop.product p on p.id = f.id and p.active
    join shop.tax x on x.code = p.tax_code
   order by f.turn limit 1;
  return coalesce(answer, sec.refusal('unknown_product', jsonb_build_object('product', wanted)));
end $$;

create or replace function api.rules() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((
    select jsonb_agg(jsonb_build_object('rule', v.rule, 'version', v.version, 'family', r.family, 'name', r.name, 'tiers', v.tiers,
             'max_bp', v.max_bp, 'max_line_minor', v.max_line_minor, 'max_document_minor', v.max_document_minor,
             'points_rate', v.points_rate, 'min_minor', v.min_minor, 'amount_minor', v.amount_minor, 'term_days', v.term_days,
             'body', case r.family when 'recharge' then shop.goods_named(v.body, w.store) else shop.rule_body(v) end) order by v.rule)
      from shop.rule_version v join shop.rule r on r.id = v.rule
     where v.valid_from <= now() and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or w.store = any (v.stores))), '[]');
end $$;

-- The postings that paid a document, and what of each no standing return has given back.
create or replace function ledger.paid_left(document uuid) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('n', p.n, 'paid_with', p.debit, 'method', p.method, 'amount_minor', p.amount,
           'left_minor', p.amount - coalesce((
             select sum(b.amount) from ledger.document x join ledger.posting b on b.document = x.id and b.demand = 'refund' and b.of_n = p.n
              where x.of = paid_left.document and x.kind in ('return', 'exchange')
                and not exists (select from ledger.reversed r where r.document = x.id)), 0)) order by p.n), '[]')
    from ledger.posting p where p.document = paid_left.document and p.demand = 'tender' $$;

-- A store reads its own documents; a sale of another where the chain lets it come back here.
create or replace function ledger.may_read(d ledger.document, store int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as
$$ begin return d.store = may_read.store or (d.kind in ('sale', 'exchange') and ledger.returns_across()); end $$;

-- Whom a document was for, with what the wallet holds now: an exchange goes on at the member's prices.
create or replace function ledger.attached_of(wallet bigint, store int) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('wallet', w.id, 'balances', ledger.balances_now(w.id), 'rest', ledger.resting(array[m.id]),
           'member', jsonb_build_object('id', m.id, 'number', m.number,
           'name', m.name, 'tier', jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name))
           || ledger.member_terms(m.id, attached_of.store))
    from shop.wallet w join shop.member m on m.id = w.member join shop.tier t on t.id = m.tier where w.id = attached_of.wallet $$;

-- Without what would present a card or spend a coupon again: of a coupon its mark stays, which finds it and pays nothing.
create or replace function ledger.marked(rows jsonb, key text) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select jsonb_agg(case when a->>key is null then a
      else a || jsonb_build_object(key, coalesce(encode(sha256(ledger.hex(a->>key)), 'hex'), '')) end order by o)
    from jsonb_array_elements(rows) with ordinality x(a, o) $$;

create or replace function ledger.body_shown(body jsonb) returns jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select body - 'proofs'
    || case when body @? '$.proofs[*].source' then jsonb_build_object('proofs', (
         select jsonb_agg(jsonb_build_object('wallet', p->'wallet', 'token_kind', '', 'token', '', 'source', p->'source') order by o)
           from jsonb_array_elements(body->'proofs') with ordinality x(p, o) where p->>'source' is not null)) else '{}' end
    || case when body @? '$.adjustments[*].coupon' then jsonb_build_object('adjustments', ledger.marked(body->'adjustments', 'coupon'))
       else '{}' end
    || case when body @? '$.coupons[*].token' then jsonb_build_object('coupons', ledger.marked(body->'coupons', 'token')) else '{}' end $$;

-- Header, body, result and lines of a document of this store. Of the proofs only how each card was read is shown: a token read back would
-- be a card presented.
create or replace function ledger.read_document(d ledger.document) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object(
    'id', d.id, 'kind', d.kind, 'receipt', d.result->>'receipt', 'posted_at', d.posted_at, 'business_date', d.business_date,
    'total_minor', d.total_minor, 'staff_name', (select f.name from sec.staff f where f.id = d.rung_by),
    'body', ledger.body_shown(d.body), 'result', d.result,
    'goods', (select jsonb_object_agg(m.product::text, p.name) from ledger.stock_move m join shop.product p on p.id = m.product
        where m.document = d.id and not exists (select from ledger.line l where l.document = d.id)),
    'cards', (select jsonb_object_agg(c.wallet::text, repeat('*', length(c.number) - 4) || right(c.number, 4)) from (
        select distinct on (x.wallet) x.wallet, x.number from shop.card x
         where x.wallet in (select (t->>v)::bigint from jsonb_array_elements(d.body->'transfers') t, unnest('{wallet,taker}'::text[]) v)
         order by x.wallet, x.state = 'active' desc, x.id) c),
    'reversed_by', (select x.by from ledger.reversed x where x.document = d.id),
    'paid', ledger.paid_left(d.id), 'wallet', d.wallet, 'attached', ledger.attached_of(d.wallet, d.store),
    'invoiced', (select jsonb_build_object('numbers', jsonb_agg(i.number order by i.issued_at),
                   'spare_minor', shop.invoiceable(d) - sum(i.amount_minor))
                   from shop.invoice i where i.document = d.id and i.state = 'issued' having count(*) > 0),
    'lines', coalesce((
      select jsonb_agg(jsonb_build_object('n', l.n, 'product', l.product, 'code', p.code, 'name', p.name, 'qty_milli', l.qty_milli,
               'price_minor', l.price_minor, 'value_minor', l.value_minor, 'total_minor', l.total_minor,
               'left_milli', case when open.yes then l.qty_milli - coalesce(r.qty_milli, 0) else 0 end,
               'left_minor', case when open.yes then l.total_minor - coalesce(r.amount_minor, 0) else 0 end,
               'served', (select string_agg(f.name, ', ' order by s->>'share_bp' desc, f.number) from jsonb_array_elements(d.body->'sellers') s
                            join sec.staff f on f.id = (s->>'staff')::int where (s->>'line')::int = l.n)) order by l.n)
        from ledger.line l
        join shop.product p on p.id = l.product
        left join ledger.returned r on r.document = l.document and r.line = l.n
       cross join lateral (select d.kind in ('sale', 'exchange') and l.of_line is null
                             and not exists (select from ledger.reversed x where x.document = d.id) as yes) open
       where l.document = d.id and (l.of_line is null or d.kind <> 'exchange')), '[]')) $$;

-- Whoever may read the reports of a store may look at its slips; what is done with one, its own store does (wrong_origin at the door).
create or replace function api.document(id uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; found_one ledger.document;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  select d.* into found_one from ledger.document d join ledger.kind k on k.kind = d.kind and k.family = 'live'
   where d.id = document.id and (ledger.may_read(d, w.store) or d.store = any (api.my_stores()));
  if found_one.id is null then return sec.refusal('wrong_origin', jsonb_build_object('of', id)); end if;
  return ledger.read_document(found_one);
end $$;

create or replace function api.find_document(receipt text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; part text[]; found_one ledger.document;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  part := regexp_match(upper(normalize(btrim(receipt), NFKC)), '^([A-Z0-9]{1,8})-([0-9]{1,3})-([0-9]{1,12})$');
  select d.* into found_one from shop.unit u
    join sec.terminal t on t.store = u.id and t.code = part[2]
    join ledger.document d on d.terminal = t.id and d.number = part[3]::bigint
    join ledger.kind k on k.kind = d.kind and k.family = 'live'
   where u.code = part[1] and ledger.may_read(d, w.store);
  if found_one.id is null then return sec.refusal('wrong_origin', jsonb_build_object('of', receipt)); end if;
  return ledger.read_document(found_one);
end $$;

-- Documents of this drawer's open shift, newest first, older than `after`; with them what this terminal booked meanwhile that belongs to no
-- shift and can be taken back (a transfer, a use of a pass).
drop function if exists api.recent(int);
create or replace function api.recent(most int, after uuid default null) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; m ledger.document;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  select x.* into m from ledger.document x where x.id = recent.after;
  return coalesce((
    select jsonb_agg(jsonb_build_object('id', d.id, 'kind', d.kind, 'receipt', d.result->>'receipt', 'posted_at', d.posted_at,
             'total_minor', d.total_minor, 'staff_name', f.name,
             'reversed', exists (select from ledger.reversed x where x.document = d.id)) order by d.posted_at desc, d.chain_seq desc)
      from (select y.* from (
              select x.* from ledger.shift s join ledger.document x on x.shift = s.id where s.drawer = w.drawer and s.closed_at is null
              union all
              select x.* from ledger.shift s join ledger.document x on x.store = s.store and x.business_date >= (s.opened_at - interval '1 day')::date
                  and x.posted_at >= s.opened_at and x.terminal = w.terminal and x.shift is null
                join ledger.kind k on k.kind = x.kind and k.reversible
               where s.drawer = w.drawer and s.closed_at is null) y
             where m.id is null or (y.posted_at, y.chain_seq) < (m.posted_at, m.chain_seq)
             order by y.posted_at desc, y.chain_seq desc limit sec.at_most(most, 50, 200)) d
      left join sec.staff f on f.id = d.rung_by), '[]');
end $$;
grant execute on function api.open_card(text, bytea), api.find_product(text), api.rules(), api.document(uuid), api.find_document(text),
  api.recent(int, uuid) to huiyuan_terminal;
