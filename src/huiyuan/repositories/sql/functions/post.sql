-- The one door. Read ledger.post_document first: it is the whole story in one page.

-- Named guards in the kind's order; the first that answers facts refuses. Its name is the code, unless the facts bring a finer `refused`.
-- coalesce evaluates lazily: one statement, and a guard may rely on those before it.
create or replace function ledger.run_guards(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_facts jsonb;
begin
  execute 'select coalesce(' || (select string_agg(format('%L::jsonb || guard.%I($1)', jsonb_build_object('refused', g.name), g.name), ', '
      order by g.ord)
                                   from unnest((d.kind).guards) with ordinality g(name, ord)) || ')' into v_facts using d;
  if v_facts is not null then perform sec.refuse(v_facts->>'refused', coalesce(v_facts->'facts', v_facts - 'refused')); end if;
end $$;

-- What the document totals by the door's own sum. (A return or a reversal has its total from what it takes back.)
create or replace function ledger.total_of(d ledger.draft) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(case
    when (d.kind).counts is not null then (d.header).counted_minor
    when 'lines' = any ((d.kind).sections) then (select sum(l.total_minor) from unnest(d.lines) l)
    when 'fees' = any ((d.kind).sections) then (select sum(f.amount_minor) from unnest(d.fees) f)
    when 'tenders' = any ((d.kind).sections) then (select sum(t.amount_minor) from unnest(d.tenders) t)
    when 'corrections' = any ((d.kind).sections) then (select sum(abs(c.amount)) from unnest(d.corrections) c)
    when 'stock' = any ((d.kind).sections) then (select sum(round(s.cost_minor::numeric * s.qty_milli / 1000)) from unnest(d.stock) s) end,
        0)::bigint);
end $$;

create or replace function ledger.expand(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  case (d.kind).takes_back
    when 'whole' then d := ledger.expand_reversal(d);
    when 'lines' then d := ledger.expand_return(d);
    else
      d.total := ledger.total_of(d);
      if d.tenders <> '{}' then d := ledger.expand_tenders(d); end if;
      if d.grants <> '{}' or d.taxes <> '{}' then d := ledger.expand_grants(d); end if;
      if d.corrections <> '{}' then d := ledger.expand_corrections(d); end if;
      d := ledger.expand_count(d);
  end case;
  d := ledger.expand_moves(d);
  d.postings := array(
    select (p.ord, p.demand, p.unit, p.debit, p.debit_ref, p.credit, p.credit_ref, p.amount, p.method, p.reference, p.rule, p.version,
        p.of_n)::ledger.posting_row
      from unnest(d.postings) with ordinality p(n, demand, unit, debit, debit_ref, credit, credit_ref, amount, method, reference, rule, version,
          of_n, ord) order by p.ord);
end $$;

create or replace function ledger.post_document(document uuid, shape int, body jsonb, mode text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_terminal sec.terminal;
  v_fingerprint bytea := sha256(convert_to(body::text, 'UTF8'));
  v_known ledger.document;
  d ledger.draft;
begin
  if document is null or jsonb_typeof(body) is distinct from 'object' or pg_column_size(body) > 1000000 then perform sec.refuse('malformed',
      '{"section":"header","detail":"id or body"}'); end if;
  v_terminal := ledger.lock_terminal(mode, body);                                    -- 1 who asks; its row is the first lock
  select * into v_known from ledger.document x where x.id = document;                 -- 2 once only
  if v_known.id is not null then
    if v_known.fingerprint = v_fingerprint and v_known.terminal = v_terminal.id then return v_known.result || '{"replayed": true}'; end if;
    perform sec.refuse('id_reused', jsonb_build_object('number', v_known.number));
  end if;
  d := ledger.begin_draft(document, shape, body, mode, v_terminal, v_fingerprint);    -- 3 which kind, whose session, known keys
  perform ledger.lock_shift(d);                                                       -- 4 shift, origin, cards, accounts: one order
  d := ledger.lock_origin(d);
  perform ledger.lock_accounts(d);
  d := ledger.stamp(d);
  d := ledger.expand(d);                                                              -- 5 demands become postings
  perform ledger.run_guards(d);                                                       -- 6 authority, conservation, bounds
  return ledger.write_document(d);                                                    -- 7 written down, chained, stock last
end $$;

-- Refusals are values: all that the attempt did is undone, and a row of the audit stays.
create or replace function ledger.post(document uuid, shape int, body jsonb, mode text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_code text; v_facts jsonb; v_detail text; v_constraint text;
begin
  if current_setting('transaction_isolation') <> 'read committed' or pg_current_xact_id_if_assigned() is not null then
    return sec.refusal('in_transaction');
  end if;
  begin
    return ledger.post_document(document, shape, body, mode);
  exception
    when sqlstate 'HY001' then
      get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
      v_facts := v_detail::jsonb;
    when data_exception then                              -- a value of the wrong type or range
      v_code := 'malformed'; v_facts := jsonb_build_object('section', '', 'detail', left(sqlerrm, 120));
    when unique_violation then                            -- the same id from another terminal at the same moment
      get stacked diagnostics v_constraint = constraint_name;
      if v_constraint <> 'document_pkey' then raise; end if;
      v_code := 'id_reused'; v_facts := jsonb_build_object('number', (select x.number from ledger.document x where x.id = document));
  end;
  perform sec.write_audit((sec.terminal_here()).id, (sec.session_here()).staff, 'refused', document,
    jsonb_build_object('code', v_code, 'facts', v_facts, 'kind', left(body->>'kind', 40), 'session', case when body->>'session' ~ '^[0-9]{1,18}$'
        then body->'session' end));
  return sec.refusal(v_code, v_facts);
end $$;
