-- The register of invoices: what a receipt still has to be invoiced, who wants one, its number, and what has to be red-lettered. Every step
-- is audited; title and taxpayer number leave the database sealed, and whoever asks for them is on record.

create or replace function shop.invoice_row(i shop.invoice) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select jsonb_build_object('invoice', i.id, 'document', i.document, 'receipt', d.result->>'receipt', 'what', shop.invoice_what(d.kind),
    'store', u.name, 'store_id', i.store, 'buyer', i.buyer, 'amount_minor', i.amount_minor, 'state', i.state, 'number', i.number,
    'red_number', i.red_number, 'reason', i.reason, 'red_due', i.red_due, 'at', i.wanted_at, 'by', f.name,
    'too_much', i.state = 'wanted' and (d.kind = 'top_up' or exists (select from ledger.document x where x.of = d.id))
      and i.amount_minor > shop.invoiceable(d) - shop.invoiced(d.id, true))
    from ledger.document d, shop.unit u, sec.staff f where d.id = i.document and u.id = i.store and f.id = i.wanted_by $$;

-- The document that an invoice is about; `refused` where there is none, or not one of this store.
create or replace function shop.invoice_of(wanted uuid, store int, out d ledger.document, out refused jsonb)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  select x.* into d from ledger.document x join ledger.kind k on k.kind = x.kind and k.family = 'live'
   where x.id = wanted and ledger.may_read(x, invoice_of.store);
  refused := case
    when d.id is null then sec.refusal('wrong_origin', jsonb_build_object('of', wanted))
    when d.store <> invoice_of.store then sec.refusal('invoice_refused', jsonb_build_object('why', 'store',
      'store', (select u.name from shop.unit u where u.id = d.store)))
    when shop.invoice_what(d.kind) is null then sec.refusal('invoice_refused', jsonb_build_object('why', 'kind', 'kind', d.kind)) end;
end $$;

-- What can be invoiced of the receipt with this number (or of this document), what paid it, and which invoices there are.
create or replace function api.invoice_standing(receipt text, document uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; o record; part text[]; v_id uuid := document; v_most bigint; v_standing bigint;
begin
  w := sec.asks('invoice');
  if w.refused is not null then return w.refused; end if;
  if v_id is null then
    part := regexp_match(upper(normalize(btrim(left(receipt, 80)), NFKC)), '^([A-Z0-9]{1,8})-([0-9]{1,3})-([0-9]{1,12})$');
    select x.id into v_id from shop.unit u join sec.terminal t on t.store = u.id and t.code = part[2]
      join ledger.document x on x.terminal = t.id and x.number = part[3]::bigint where u.code = part[1];
    if v_id is null then return sec.refusal('wrong_origin', jsonb_build_object('of', left(receipt, 80))); end if;
  end if;
  o := shop.invoice_of(v_id, w.store);
  if o.refused is not null then return o.refused; end if;
  v_most := shop.invoiceable(o.d);
  v_standing := shop.invoiced(v_id, false);
  return jsonb_build_object('document', v_id, 'receipt', (o.d).result->>'receipt', 'kind', (o.d).kind, 'at', (o.d).posted_at,
    'total_minor', (o.d).total_minor, 'what', shop.invoice_what((o.d).kind), 'money_minor', v_most, 'standing_minor', v_standing,
    'left_minor', greatest(v_most - v_standing, 0),
    'paid', (select coalesce(jsonb_agg(jsonb_build_object('account', y.debit, 'amount_minor', y.amount,
               'counts', y.debit = any (shop.invoice_money((o.d).kind))) order by y.debit), '[]')
      from (select p.debit, sum(p.amount) as amount from ledger.posting p where p.document = v_id and p.demand = 'tender' group by p.debit) y),
    'invoices', coalesce((select jsonb_agg(shop.invoice_row(i) order by i.wanted_at, i.id) from shop.invoice i where i.document = v_id), '[]'));
end $$;

create or replace function api.invoice_want(invoice uuid, document uuid, buyer text, title bytea, tax_no bytea, amount_minor bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; o record; after shop.invoice; v_left bigint;
begin
  w := sec.asks('invoice');
  if w.refused is not null then return w.refused; end if;
  o := shop.invoice_of(document, w.store);
  if o.refused is not null then return o.refused; end if;
  perform shop.lock_invoices(document);
  select i.* into after from shop.invoice i where i.id = invoice_want.invoice;
  if after.id is not null then
    if (after.document, after.amount_minor) is distinct from (invoice_want.document, invoice_want.amount_minor) then
      return sec.refusal('invoice_refused', '{"why":"known"}');
    end if;
    return shop.invoice_row(after);
  end if;
  v_left := greatest(shop.invoiceable(o.d) - shop.invoiced(document, false), 0);
  if v_left = 0 then return sec.refusal('invoice_refused', '{"why":"nothing"}'); end if;
  if amount_minor > v_left then return sec.refusal('invoice_refused', jsonb_build_object('why', 'too_much', 'most', v_left)); end if;
  insert into shop.invoice(id, document, store, buyer, title, tax_no, amount_minor, wanted_by)
  values (invoice_want.invoice, invoice_want.document, w.store, invoice_want.buyer, invoice_want.title, invoice_want.tax_no,
          invoice_want.amount_minor, w.staff) returning * into after;
  perform sec.edited(w.terminal, w.staff, 'invoice', null, to_jsonb(after) - '{title,tax_no}'::text[]);
  return shop.invoice_row(after);
exception when check_violation or not_null_violation then
  return sec.malformed('invoice', 'buyer');
end $$;

-- Where an invoice goes from where it is; null: nowhere.
create or replace function shop.invoice_step_refused(i shop.invoice, state text, number text, reason text) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_most bigint;
begin
  if i.state || '>' || state not in ('wanted>issued', 'wanted>withdrawn', 'issued>red') then
    return sec.refusal('invoice_refused', jsonb_build_object('why', 'state', 'state', i.state));
  end if;
  if state = 'withdrawn' then
    return case when not coalesce(shop.clean(reason, 200), false) then sec.refusal('unclean_text', '{"field":"reason"}') end;
  end if;
  if coalesce(number !~ '^[0-9A-Z]{8,30}$', true) then return sec.malformed('invoice', 'number'); end if;
  if exists (select from shop.invoice x where x.store = i.store and invoice_step_refused.number in (x.number, x.red_number)) then
    return sec.refusal('already_used', jsonb_build_object('field', 'invoice_number', 'value', number));
  end if;
  if state = 'issued' then
    select shop.invoiceable(d) - shop.invoiced(d.id, true) into v_most from ledger.document d where d.id = i.document;
    if i.amount_minor > v_most then
      return sec.refusal('invoice_refused', jsonb_build_object('why', 'less', 'most', greatest(v_most, 0)));
    end if;
  end if;
  return null;
end $$;

-- One step: `issued` and `red` with the number that the tax system gave, `withdrawn` with why.
create or replace function api.invoice_step(invoice uuid, state text, number text, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; before shop.invoice; after shop.invoice; refused jsonb;
begin
  w := sec.asks('invoice');
  if w.refused is not null then return w.refused; end if;
  if coalesce(state not in ('issued', 'red', 'withdrawn'), true) then return sec.malformed('invoice', 'state'); end if;
  select i.* into before from shop.invoice i where i.id = invoice_step.invoice;
  if before.id is null then return sec.refusal('invoice_refused', '{"why":"unknown"}'); end if;
  if before.store <> w.store then return sec.refused(w.terminal, w.staff, 'wrong_store', jsonb_build_object('store', before.store)); end if;
  perform shop.lock_invoices(before.document);
  select i.* into before from shop.invoice i where i.id = invoice_step.invoice;
  if before.state = invoice_step.state and coalesce(before.red_number, before.number) is not distinct from invoice_step.number then
    return shop.invoice_row(before);                      -- the same step once more: its first answer was lost
  end if;
  refused := shop.invoice_step_refused(before, state, number, reason);
  if refused is not null then return refused; end if;
  update shop.invoice i set state = invoice_step.state, red_due = false,
         number = case invoice_step.state when 'issued' then invoice_step.number else i.number end,
         red_number = case invoice_step.state when 'red' then invoice_step.number end,
         reason = case invoice_step.state when 'withdrawn' then invoice_step.reason end,
         issued_by = case invoice_step.state when 'issued' then w.staff else i.issued_by end,
         issued_at = case invoice_step.state when 'issued' then clock_timestamp() else i.issued_at end,
         closed_by = case when invoice_step.state <> 'issued' then w.staff end,
         closed_at = case when invoice_step.state <> 'issued' then clock_timestamp() end
   where i.id = before.id;
  perform shop.mark_due(before.document);
  select i.* into after from shop.invoice i where i.id = before.id;
  perform sec.edited(w.terminal, w.staff, 'invoice', to_jsonb(before) - '{title,tax_no}'::text[], to_jsonb(after) - '{title,tax_no}'::text[]);
  return shop.invoice_row(after);
exception when unique_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'invoice_number', 'value', number));
end $$;

-- Of the own stores (or of one of them), in one state (`due`: to be red-lettered; null: any): what is open first, then the newest; at most
-- `most` behind the invoice `after`.
create or replace function api.invoices(store int, state text, after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_mine int[]; m shop.invoice;
begin
  w := sec.asks('invoice');
  if w.refused is not null then return w.refused; end if;
  v_mine := api.my_stores();
  select i.* into m from shop.invoice i where i.id = invoices.after;
  return jsonb_build_object(
    'stores', (select jsonb_agg(jsonb_build_array(u.id, u.name) order by u.code) from shop.unit u where u.id = any (v_mine)),
    'rows', coalesce((select jsonb_agg(shop.invoice_row(x.i) order by (x.i).turn, (x.i).wanted_at desc, (x.i).id desc)
      from (select i from shop.invoice i
             where i.store = any (v_mine) and (invoices.store is null or i.store = invoices.store)
               and case invoices.state when 'due' then i.red_due else coalesce(i.state = invoices.state, true) end
               and (m.id is null or i.turn > m.turn or (i.turn = m.turn and (i.wanted_at, i.id) < (m.wanted_at, m.id)))
             order by i.turn, i.wanted_at desc, i.id desc limit sec.at_most(most, 50, 200)) x), '[]'));
end $$;

-- Who the invoice is for, to be typed into the tax system: audited before it is handed out.
create or replace function api.invoice_buyer(invoice uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; i shop.invoice;
begin
  w := sec.asks('invoice');
  if w.refused is not null then return w.refused; end if;
  select x.* into i from shop.invoice x where x.id = invoice_buyer.invoice;
  if i.id is null then return sec.refusal('invoice_refused', '{"why":"unknown"}'); end if;
  if i.store <> all (api.my_stores()) then return sec.refused(w.terminal, w.staff, 'wrong_store', jsonb_build_object('store', i.store)); end if;
  perform sec.edited(w.terminal, w.staff, 'invoice_buyer', null, jsonb_build_object('invoice', i.id));
  return jsonb_build_object('invoice', i.id, 'title', encode(i.title, 'hex'), 'tax_no', encode(i.tax_no, 'hex'));
end $$;
grant execute on function api.invoice_standing(text, uuid), api.invoice_want(uuid, uuid, text, bytea, bytea, bigint),
  api.invoice_step(uuid, text, text, text), api.invoices(int, text, uuid, int), api.invoice_buyer(uuid) to huiyuan_terminal;
