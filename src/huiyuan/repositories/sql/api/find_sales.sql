-- Finding the sale that goods come back from, and whether those of other stores may.

-- Sales of these days, newest first, older than `after`: own ones, and those of the other stores where the chain lets them come back.
create or replace function api.find_sales(day_from date, day_to date, amount_minor bigint, method text, after uuid, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record; m ledger.document; v_across boolean := ledger.returns_across();
begin
  w := sec.asks('return');
  if w.refused is not null then return w.refused; end if;
  if day_from is null or day_to is null or day_to - day_from not between 0 and 400 then return sec.malformed('days', 'day_from'); end if;
  select x.* into m from ledger.document x where x.id = find_sales.after;
  return coalesce((
    select jsonb_agg(jsonb_build_object('document', d.id, 'kind', d.kind, 'receipt', d.result->>'receipt', 'at', d.posted_at, 'store', u.name,
             'total_minor', d.total_minor, 'staff_name', f.name,
             'lines', (select count(*) from ledger.line l where l.document = d.id and l.of_line is null),
             'goods', (select jsonb_agg(p.name order by l.n) from (select x.* from ledger.line x where x.document = d.id and x.of_line is null
                                                                   order by x.n limit 3) l join shop.product p on p.id = l.product),
             'methods', (select jsonb_agg(distinct p.method) from ledger.posting p where p.document = d.id and p.demand = 'tender'),
             'reversed', exists (select from ledger.reversed r where r.document = d.id)) order by d.business_date desc, d.id desc)
      from (select x.* from ledger.document x
             where x.store = any (case when v_across then array(select s.id from shop.unit s where s.kind = 'store') else array[w.store] end)
               and x.business_date between day_from and day_to and x.kind in ('sale', 'exchange')
               and (find_sales.amount_minor is null or x.total_minor = find_sales.amount_minor)
               and (find_sales.method is null or exists (select from ledger.posting p where p.document = x.id and p.demand = 'tender'
                                                           and p.method = find_sales.method))
               and (m.id is null or (x.business_date, x.id) < (m.business_date, m.id))
             order by x.business_date desc, x.id desc limit sec.at_most(most, 50, 100)) d
      join shop.unit u on u.id = d.store left join sec.staff f on f.id = d.rung_by), '[]');
end $$;

-- The chain's word on it, and on what without a receipt is allowed here.
create or replace function api.return_policy() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return jsonb_build_object('across', ledger.returns_across(), 'blind', (
    select jsonb_build_object('days', coalesce(v.term_days, 30), 'most_minor', v.max_document_minor, 'cash_minor', coalesce(v.amount_minor, 0),
             'member_from_minor', nullif(v.min_minor, 0))
      from shop.rule_version v join shop.rule r on r.id = v.rule and r.family = 'blind_return'
     where v.valid_from <= now() and (v.valid_to is null or v.valid_to > now()) and (v.stores is null or w.store = any (v.stores))
     order by v.rule limit 1));
end $$;

create or replace function api.returns_across_put(across boolean) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; v_before boolean := ledger.returns_across();
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  if across is null then return sec.malformed('setting', 'across'); end if;
  update shop.chain c set returns_across = returns_across_put.across;
  perform sec.edited(w.terminal, w.staff, 'setting', jsonb_build_object('returns_across', v_before), jsonb_build_object('returns_across', across));
  return jsonb_build_object('across', across);
end $$;

-- The least that goods cost here in the days that the rule looks back: what comes back without a receipt is worth no more.
create or replace function api.blind_price(product int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare w record; v_days int; v_price bigint;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  v_days := (api.return_policy()->'blind'->>'days')::int;
  if v_days is null then return sec.refusal('blind_return_refused', '{"why": "no_rule"}'); end if;
  v_price := ledger.lowest_price(product, w.store, now() - make_interval(days => v_days), now());
  if v_price is null then return sec.refusal('unknown_product', jsonb_build_object('product', product)); end if;
  return jsonb_build_object('product', product, 'price_minor', v_price, 'days', v_days);
end $$;
grant execute on function api.find_sales(date, date, bigint, text, uuid, int), api.return_policy(), api.returns_across_put(boolean),
  api.blind_price(int) to huiyuan_terminal;
