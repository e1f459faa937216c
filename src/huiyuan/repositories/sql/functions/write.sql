-- Writing down what was checked: cards, value, returned lines, shift, children, stock last; then the document with its result.

create or replace function ledger.write_cards(d ledger.draft) returns bigint
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  c ledger.card_in;
  v_was shop.card; v_now shop.card;
  v_wallet bigint;
begin
  foreach c in array array(select x from unnest(d.cards) x order by x.card) loop
    v_wallet := c.wallet;
    if c.was = 'blank' and v_wallet is null then
      insert into shop.wallet(member) values (c.holder) returning id into v_wallet;
      insert into ledger.account(kind, unit, wallet)
      select k.kind, ledger.unit_of(k.kind, d.currency), v_wallet from ledger.account_kind k where k.owner = 'wallet' and not k.on_request
       order by k.kind;
    end if;
    select * into v_was from shop.card x where x.id = c.card;
    update shop.card x set state = c.now, wallet = coalesce(v_wallet, x.wallet), holder = coalesce(c.holder, x.holder),
           type = coalesce(c.type, x.type), valid_to = ledger.valid_to_after(d, c, v_was),
           issued_on = case c.was when 'blank' then ledger.issued_on_of(d) else x.issued_on end
     where x.id = c.card returning * into v_now;
    v_wallet := v_now.wallet;
    if c.now = 'replaced' then
      update shop.card x set replaced_by = (select y.card from unnest(d.cards) y where y.was = 'blank') where x.id = c.card;
      insert into shop.card_limit as l (card, sale_max_minor, day_max_minor, categories, set_by)     -- the new one may no more than the old
      select x.replaced_by, o.sale_max_minor, o.day_max_minor, o.categories, o.set_by from shop.card_limit o join shop.card x on x.id = o.card
       where o.card = c.card
      on conflict on constraint card_limit_pkey do update set sale_max_minor = excluded.sale_max_minor, day_max_minor = excluded.day_max_minor,
        categories = excluded.categories, set_by = excluded.set_by, set_at = clock_timestamp();
    end if;
    insert into ledger.card_event(document, card, was, now, wallet, terms)
    values (d.id, c.card, c.was, c.now, v_wallet, ledger.terms_changed(v_was, v_now));
  end loop;
  if (d.kind).takes_back = 'whole' and (d.origin).kind <> 'member_merge' then perform ledger.take_back_cards(d); end if;
  if d.cards <> '{}' then perform ledger.tell_cards(d); end if;
  return v_wallet;
end $$;

-- Every card back to what it was, unless another document moved it meanwhile.
create or replace function ledger.take_back_cards(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  c ledger.card_event;
begin
  for c in select e.* from ledger.card_event e where e.document = (d.origin).id order by e.card loop
    if c.was = 'blank' and exists (select from ledger.account a where a.wallet = c.wallet and a.balance <> 0)
       and not exists (select from shop.card o where o.wallet = c.wallet and o.id <> c.card) then           -- value that no card would open
      perform sec.refuse('card_state', jsonb_build_object('card', c.card, 'was', c.now, 'now', c.was, 'state', 'not_empty'));
    end if;
    update shop.card x set state = c.was, wallet = case c.was when 'blank' then null else x.wallet end,
           holder = case c.was when 'blank' then null else x.holder end,
           issued_on = case c.was when 'blank' then null else x.issued_on end,
           replaced_by = case c.now when 'replaced' then null else x.replaced_by end,
           type = case when c.terms is null then x.type else (c.terms->'was'->>'type')::int end,
           valid_to = case when c.terms is null then x.valid_to else (c.terms->'was'->>'valid_to')::date end
     where x.id = c.card and x.state = c.now and (c.terms is null or (x.type, x.valid_to) is not distinct from
         ((c.terms->'now'->>'type')::int, (c.terms->'now'->>'valid_to')::date));
    if not found then
      perform sec.refuse('card_state', (select jsonb_build_object('card', x.id, 'was', c.now, 'now', c.was, 'state', x.state) from shop.card x
          where x.id = c.card));
    end if;
    if c.was = 'blank' then delete from shop.card_limit l where l.card = c.card; end if;
    insert into ledger.card_event(document, card, was, now, wallet, terms) values (d.id, c.card, c.now, c.was, c.wallet,
      case when c.terms is not null then jsonb_build_object('was', c.terms->'now', 'now', c.terms->'was') end);
  end loop;
end $$;

create or replace function ledger.write_taken_back(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_lines ledger.line_in[] := case when d.backs <> '{}' then d.backs else d.lines end;
begin
  if (d.kind).takes_back = 'lines' then
    insert into ledger.returned as k (document, line, qty_milli, amount_minor)
    select (d.origin).id, l.of, l.qty_milli, l.total_minor from unnest(v_lines) l order by l.of
    on conflict on constraint returned_pkey do update set qty_milli = k.qty_milli + excluded.qty_milli,
        amount_minor = k.amount_minor + excluded.amount_minor;
  elsif (d.kind).takes_back = 'whole' then
    insert into ledger.reversed(document, by) values ((d.origin).id, d.id);
    update ledger.returned r set qty_milli = r.qty_milli - l.qty_milli, amount_minor = r.amount_minor - l.total_minor
      from ledger.line l where l.document = (d.origin).id and l.of_line is not null and r.document = (d.origin).of and r.line = l.of_line;
  end if;
end $$;

create or replace function ledger.write_shift(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).counts = 'open' then
    insert into ledger.shift(id, drawer, store, number, opened_at, opened_by)
    select d.id, (d.terminal).drawer, (d.terminal).store, coalesce(max(s.number), 0) + 1, d.at, (d.staff).id from ledger.shift s
        where s.drawer = (d.terminal).drawer;
  elsif (d.kind).counts = 'close' then
    update ledger.shift s set closed_at = d.at, closed_by_document = d.id where s.id = (d.header).shift and s.closed_at is null;
  end if;
end $$;

create or replace function ledger.write_children(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if d.lines <> '{}' then                                 -- what an exchange takes back stands behind what goes out
    insert into ledger.line(document, n, store, product, qty_milli, price_minor, value_minor, total_minor, tax_code, of_line, open)
    select d.id, l.n, (d.terminal).store, l.product, l.qty_milli, l.price_minor, l.value_minor, l.total_minor, p.tax_code, l.of,
           coalesce(l.open, false)
      from (select x.* from unnest(d.lines) x union all select (ledger.behind(y, cardinality(d.lines))).* from unnest(d.backs) y) l
      join shop.product p on p.id = l.product;
  end if;
  if d.adjustments <> '{}' then
    insert into ledger.adjustment(document, n, line, source, rule, version, amount_minor, list, name, qty_milli, coupon)
    select d.id, a.ordinality, a.line, a.source, a.rule, a.version, a.amount_minor, a.list, a.name, a.qty_milli,
           (select c.id from shop.coupon c where c.hmac = ledger.hex(a.coupon))
      from unnest(d.adjustments) with ordinality a;
  end if;
  if d.postings <> '{}' then
    insert into ledger.posting(document, n, store, demand, unit, debit, debit_ref, credit, credit_ref, amount, method, reference, rule, version, of_n)
    select d.id, p.n, (d.terminal).store, p.demand, p.unit, p.debit, p.debit_ref, p.credit, p.credit_ref, p.amount, p.method, p.reference,
        p.rule, p.version, p.of_n
        from unnest(d.postings) p;
  end if;
end $$;

-- A price that somebody typed leaves a trace beside the list's.
create or replace function ledger.write_open_prices(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.line_in;
  v_typed jsonb := '[]';
begin
  foreach l in array d.lines loop
    if l.open then
      v_typed := v_typed || jsonb_build_object('line', l.n, 'product', l.product, 'price_minor', l.price_minor,
        'list_minor', ledger.price_now(l.product, (d.terminal).store, d.at));
    end if;
  end loop;
  if v_typed <> '[]' then
    perform sec.write_audit((d.terminal).id, (d.staff).id, 'open_price', d.id, jsonb_build_object('lines', v_typed, 'approved_by', (d.approver).id));
  end if;
end $$;

-- One statement that takes the rows in key order: an update ... from promises no order, and two tills would wait for each other.
create or replace function ledger.write_stock(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if d.moves = '{}' then return; end if;
  insert into ledger.stock_move(document, n, product, store, qty_milli, place_from, place_to, cost_minor)
  select d.id, m.ord, m.product, (d.terminal).store, m.qty_milli, m.place_from, m.place_to, m.cost_minor
    from unnest(d.moves) with ordinality m(product, qty_milli, place_from, place_to, cost_minor, ord);
  insert into ledger.on_hand as k (store, product, qty_milli)
  select (d.terminal).store, m.product, sum(m.qty_milli) from unnest(d.moves) m group by m.product order by m.product
  on conflict on constraint on_hand_pkey do update set qty_milli = k.qty_milli + excluded.qty_milli;
end $$;

-- Everything that was written for a document, as one hash: it goes into the result and so into the terminal's chain. Columns are
-- named; one that is added later stands behind the row and only where it says something, so documents of before keep their hash.
create or replace function ledger.content_digest(document ledger.document) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select encode(sha256(convert_to(concat_ws('|',
    jsonb_build_array(document.shape, document.store, document.session, document.rung_by, document.posted_by, document.approved_by,
      document.shift, document.wallet, document.of, extract(epoch from document.occurred_at), document.business_date)::text,
    (select string_agg((x.n, x.store, x.product, x.qty_milli, x.price_minor, x.value_minor, x.total_minor, x.tax_code, x.of_line)::text
        || case when x.open then 'open' else '' end, ',' order by x.n)
       from ledger.line x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.line, x.source, x.rule, x.version, x.amount_minor)::text || coalesce(x.list, '') || coalesce(x.name, '')
        || coalesce('x' || x.qty_milli, '') || coalesce('c' || x.coupon, ''), ',' order by x.n)
       from ledger.adjustment x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.store, x.demand, x.unit, x.debit, x.debit_ref, x.credit, x.credit_ref, x.amount, x.method, x.reference, x.rule,
                        x.version, x.of_n)::text, ',' order by x.n)
       from ledger.posting x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.lot, x.account, x.delta, x.of, extract(epoch from l.expires_at))::text || coalesce(x.demand, ''), ','
        order by x.n)
       from ledger.lot_move x join ledger.lot l on l.id = x.lot where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.product, x.store, x.qty_milli, x.place_from, x.place_to, x.cost_minor)::text, ',' order by x.n)
       from ledger.stock_move x where x.document = (content_digest.document).id),
    (select string_agg((x.card, x.was, x.now, x.wallet)::text || coalesce(x.terms::text, ''), ',' order by x.card)
       from ledger.card_event x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.id, x.store, x.staff, x.product, x.qty_milli, x.value_minor, x.why, extract(epoch from x.at))::text, ',' order by x.n)
       from ledger.removed x where x.document = (content_digest.document).id),
    (select string_agg((x.coupon, x.what, x.was, x.now)::text, ',' order by x.coupon)
       from ledger.coupon_event x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.what, x.id, x.was, x.now)::text, ',' order by x.n)
       from ledger.repointed x where x.document = (content_digest.document).id),
    ledger.life_digest((content_digest.document).id),
    (select string_agg((x.n, x.card, x.holder, x.wallet, x.store, x.business_date, x.what, x.pass, x.amount)::text, ',' order by x.n)
       from ledger.card_use x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.what, x.first, x.last, x.store_from, x.store_to, x.count, x.expected)::text, ',' order by x.n)
       from ledger.card_custody x where x.document = (content_digest.document).id),
    (select x::text from ledger.entitlement x where x.document = (content_digest.document).id),
    (select x::text from ledger.bonus_plan x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.plan, x.part)::text, ',' order by x.n) from ledger.bonus_part x where x.document = (content_digest.document).id),
    (select string_agg((x.n, x.wallet, x.rule, x.month, x.base_minor)::text, ',' order by x.n)
       from ledger.cash_back x where x.document = (content_digest.document).id),
    ledger.purchase_digest((content_digest.document).id)), 'UTF8')), 'hex'));
end $$;

-- The digest of all terminals' heads. Every document is in its terminal's chain, so this anchors them all; it costs one row a terminal.
create or replace function ledger.heads(out digest text, out at_seq jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  select encode(sha256(string_agg(int4send(t.id) || int8send(t.chain_seq) || t.head, ''::bytea order by t.id)), 'hex'),
         jsonb_object_agg(t.id::text, t.chain_seq) into digest, at_seq from sec.terminal t where t.chain_seq > 0;
end $$;

create or replace function ledger.make_result(d ledger.draft, new_wallet bigint) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_result jsonb;
  v_heads record;
  v_wallets bigint[] := (d.header).wallet || array(                  -- by the accounts that were named: entries are not found by their document
    select w.wallet from unnest(d.postings) p cross join lateral (values (p.debit, p.debit_ref), (p.credit, p.credit_ref)) x(kind, account)
      join ledger.account_kind k on k.kind = x.kind and k.owner <> 'store' join ledger.account w on w.id = x.account);
begin
  v_result := jsonb_build_object(
    'id', d.id, 'kind', (d.kind).kind, 'number', (d.header).number,
    'receipt', (select u.code from shop.unit u where u.id = (d.terminal).store) || '-' || (d.terminal).code || '-' ||
        lpad((d.header).number::text, 6, '0'),
    'posted_at', d.at, 'business_date', d.business_date, 'total_minor', d.total, 'shift', (d.header).shift, 'wallet', new_wallet,
    'change_minor', (select sum(t.given_minor - t.amount_minor - coalesce(t.rounded_minor, 0) - coalesce(t.kept_minor, 0))
        from unnest(d.tenders) t where t.given_minor is not null),
    'postings', (select jsonb_agg(jsonb_build_object('n', p.n, 'demand', p.demand, 'unit', p.unit, 'debit', p.debit, 'credit', p.credit,
                   'amount', p.amount, 'method', p.method, 'reference', p.reference) order by p.n) from unnest(d.postings) p),
    'lots', (select jsonb_agg(jsonb_build_object('lot', m.lot, 'account', m.account, 'delta', m.delta) order by m.n) from ledger.lot_move m
        where m.document = d.id),
    'balances', (select jsonb_agg(b.row order by b.wallet) from (
        select a.wallet, jsonb_object_agg(a.kind, ledger.usable(a.id, d.at)) || jsonb_build_object('wallet', a.wallet) as row from ledger.account a
         where a.wallet = any (v_wallets) group by a.wallet) b),
    'returned', case (d.kind).takes_back when 'lines' then
        (select jsonb_agg(jsonb_build_object('line', l.of, 'qty_milli', l.qty_milli, 'amount_minor', l.total_minor) order by l.of)
            from unnest(case when d.backs <> '{}' then d.backs else d.lines end) l) end,
    'bought', case when (d.header).bought is not null then (select x.result->>'receipt' from ledger.document x where x.id = (d.header).bought) end,
    'later', case when d.grants <> '{}' then (select jsonb_build_object('parts', b.parts, 'part_minor', b.part_minor, 'every',
        case when v.body ? 'weeks' then 'weeks' when v.body ? 'days' then 'days' else 'months' end)
      from ledger.bonus_plan b join shop.rule_version v on v.rule = b.rule and v.version = b.version where b.document = d.id) end,
    'carried_minor', d.carried, 'back_minor', (select sum(l.total_minor) from unnest(d.backs) l),
    'approved_by', (d.approver).id);
  if d.cards <> '{}' or (d.kind).takes_back = 'whole' then
    v_result := v_result || jsonb_build_object('terms', (select jsonb_agg(jsonb_build_object('card', e.card) || ledger.terms_told(e.terms)
        order by e.card) from ledger.card_event e where e.document = d.id and e.terms is not null));
  end if;
  if (d.kind).counts is not null then
    v_heads := ledger.heads();
    v_result := v_result || jsonb_build_object('shift', case (d.kind).counts when 'open' then d.id else (d.header).shift end,
      'shift_number', (select s.number from ledger.shift s where (d.kind).counts = 'open' and s.id = d.id),
      'counted_minor', (d.header).counted_minor,
      'over_short_minor', coalesce((select sum(case p.debit when 'cash' then p.amount else -p.amount end) from unnest(d.postings) p
          where p.demand = 'over_short'), 0),
      'heads', v_heads.digest, 'heads_at', v_heads.at_seq);
    v_result := v_result || jsonb_build_object('tenders_counted', (select jsonb_agg(to_jsonb(t) order by t.tender) from ledger.counted_tenders(d) t));
    v_result := v_result || jsonb_build_object('expected_minor', (d.header).counted_minor - (v_result->>'over_short_minor')::bigint);
  end if;
  return jsonb_strip_nulls(v_result) || jsonb_build_object('chain_seq', (d.terminal).chain_seq + 1);
end $$;

create or replace function ledger.terminal_hash(prev bytea, chain_seq bigint, fingerprint bytea, result jsonb) returns bytea
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$
begin
  return (select sha256(prev || int8send(chain_seq) || fingerprint || convert_to((result - 'head')::text, 'UTF8')));
end $$;

create or replace function ledger.write_document(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_wallet bigint;
  v_row ledger.document;
begin
  v_wallet := ledger.write_cards(d);
  if d.identity <> '{}' or d.members <> '{}' or d.applications <> '{}' or (d.kind).card_moves <> '{}' or (d.kind).takes_back = 'whole'
     or d.fees <> '{}' then
    perform ledger.write_life(d);
  end if;
  if d.postings <> '{}' then perform ledger.write_value(d); end if;
  perform ledger.write_taken_back(d);
  if d.merges <> '{}' then perform ledger.write_merge(d); end if;
  if (d.kind).kind = 'top_up' and d.grants <> '{}' then perform ledger.write_plans(d); end if;
  if (d.header).bought is not null then perform ledger.write_entitlement(d); end if;
  if d.releases <> '{}' or d.cash_backs <> '{}' then perform ledger.write_releases(d); end if;
  if (d.origin).kind = 'member_merge' then perform ledger.unmerge(d); end if;
  perform ledger.write_coupons(d);
  perform ledger.write_card_use(d);
  perform ledger.write_custody(d);
  perform ledger.write_shift(d);
  perform ledger.write_children(d);
  perform ledger.write_stock(d);
  perform ledger.write_open_prices(d);
  perform ledger.write_offline(d);
  perform ledger.write_purchase(d);
  perform ledger.settle_held(d);
  if (d.header).message is not null then perform ledger.queue_message(d); end if;
  if d.removed <> '{}' then perform ledger.write_removed(d); end if;
  v_row.id := d.id; v_row.kind := (d.kind).kind; v_row.shape := d.shape;
  v_row.store := (d.terminal).store; v_row.terminal := (d.terminal).id; v_row.number := (d.header).number;
  v_row.chain_seq := (d.terminal).chain_seq + 1; v_row.session := (d.session).id; v_row.rung_by := (d.staff).id;
  v_row.posted_by := (sec.session_here()).staff; v_row.approved_by := (d.approver).id;
  v_row.shift := case (d.kind).counts when 'open' then d.id else (d.header).shift end;
  v_row.wallet := (d.header).wallet; v_row.of := (d.origin).id; v_row.total_minor := d.total;
  v_row.occurred_at := (d.header).occurred_at; v_row.posted_at := d.at; v_row.business_date := d.business_date;
  v_row.fingerprint := d.fingerprint; v_row.body := d.body;
  v_row.result := ledger.make_result(d, v_wallet) || jsonb_build_object('digest', ledger.content_digest(v_row));
  v_row.head := ledger.terminal_hash((d.terminal).head, v_row.chain_seq, d.fingerprint, v_row.result);
  v_row.result := v_row.result || jsonb_build_object('head', encode(v_row.head, 'hex'));
  update sec.terminal t set number = greatest(t.number, v_row.number), chain_seq = v_row.chain_seq, head = v_row.head where t.id = v_row.terminal;
  insert into ledger.document select v_row.*;
  return v_row.result;
end $$;
