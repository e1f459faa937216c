-- The limits of one card, and who used the cards of a wallet.
-- Own limits of a card; all null: the type's alone. Under the card's lock, so that no sale reads half of them.
create or replace function api.card_limit_put(card bigint, sale_max_minor bigint, day_max_minor bigint, categories int[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; c shop.card; before shop.card_limit; after shop.card_limit;
begin
  w := sec.asks('card_limit');
  if w.refused is not null then return w.refused; end if;
  select x.* into c from shop.card x where x.id = card_limit_put.card for no key update;
  if c.id is null or c.wallet is null then return sec.refusal('unknown_card', '{"token_kind":null}'); end if;
  if sale_max_minor not between 1 and 1000000000000 or day_max_minor not between 1 and 1000000000000 or categories = '{}'
     or exists (select from unnest(categories) x where not exists (select from shop.category g where g.id = x)) then
    return sec.malformed('card_limit', 'limits');
  end if;
  select l.* into before from shop.card_limit l where l.card = c.id;
  if coalesce(sale_max_minor, day_max_minor) is null and categories is null then
    delete from shop.card_limit l where l.card = c.id;
  else
    insert into shop.card_limit as l (card, sale_max_minor, day_max_minor, categories, set_by)
    values (c.id, card_limit_put.sale_max_minor, card_limit_put.day_max_minor, card_limit_put.categories, w.staff)
    on conflict on constraint card_limit_pkey do update set sale_max_minor = excluded.sale_max_minor, day_max_minor = excluded.day_max_minor,
      categories = excluded.categories, set_by = excluded.set_by, set_at = clock_timestamp() returning l.* into after;
  end if;
  perform sec.edited(w.terminal, w.staff, 'card_limit', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('card', c.id, 'sale_max_minor', after.sale_max_minor, 'day_max_minor', after.day_max_minor,
    'categories', after.categories);
end $$;

-- The cards of one wallet with their holders: what each may spend, and what each spent and used from a day to a day.
create or replace function api.wallet_cards(wallet bigint, day_from date, day_to date) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if day_from is null or day_to is null or day_to < day_from or day_to > day_from + 400 then return sec.malformed('cards', 'days'); end if;
  return jsonb_build_object('goods', coalesce((select jsonb_agg(jsonb_build_array(g.id, g.code, g.name) order by g.code) from shop.category g
        where g.active), '[]'),
    'today', api.business_day(), 'cards', coalesce((select jsonb_agg(jsonb_build_object('card', c.id, 'number', c.number, 'state', c.state,
      'type', y.name, 'who', shop.type_terms(y.id, now())->>'who', 'functions', shop.type_terms(y.id, now())->'functions',
      'holder', (select jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name) from shop.member m where m.id = c.holder),
      'sale_max_minor', least(l.sale_max_minor, (shop.type_terms(y.id, now())->>'sale_max_minor')::bigint),
      'day_max_minor', least(l.day_max_minor, (shop.type_terms(y.id, now())->>'day_max_minor')::bigint), 'own_limit', l.card is not null,
      'categories', l.categories, 'uses', u.uses, 'spent_minor', u.spent, 'passes', u.passes) order by c.id)
    from shop.card c join shop.card_type y on y.id = c.type left join shop.card_limit l on l.card = c.id
   cross join lateral (select count(distinct x.document) filter (where x.amount > 0) as uses,
        coalesce(sum(x.amount) filter (where x.what = 'value'), 0) as spent, coalesce(sum(x.amount) filter (where x.what = 'pass'), 0) as passes
      from ledger.card_use x where x.card = c.id and x.wallet = wallet_cards.wallet and x.business_date between day_from and day_to) u
   where c.wallet = wallet_cards.wallet), '[]'));
end $$;

-- Each use of the cards of a wallet, newest first, beyond row `after_n` of the document `after`: who, where, what.
create or replace function api.card_uses(wallet bigint, card bigint, after uuid, after_n int, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(jsonb_build_object('document', x.document, 'n', x.n, 'receipt', d.result->>'receipt', 'kind', d.kind,
      'at', d.posted_at, 'store', s.name, 'number', c.number, 'holder', (select m.name from shop.member m where m.id = x.holder), 'what', x.what,
      'pass', (select f.name from shop.rule f where f.id = x.pass), 'amount', x.amount) order by x.document desc, x.n)
    from (select u.* from ledger.card_use u where u.wallet = card_uses.wallet and (card_uses.card is null or u.card = card_uses.card)
             and (after is null or u.document < after or u.document = after and u.n > after_n)
           order by u.document desc, u.n limit sec.at_most(most, 50, 200)) x
    join ledger.document d on d.id = x.document join shop.unit s on s.id = x.store join shop.card c on c.id = x.card), '[]');
end $$;
-- What issuing a blank card costs now: to whom, and on which wallet if not a new one. As the door will ask, with the fee of the first year;
-- and which membership rests, the wallet's before the holder's: it is issued nothing.
create or replace function api.issue_fees(card bigint, holder bigint, wallet bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; d ledger.draft; c shop.card;
begin
  w := sec.asks('card_issue');
  if w.refused is not null then return w.refused; end if;
  select x.* into c from shop.card x where x.id = issue_fees.card;
  if c.id is null then return sec.refusal('unknown_card', '{"token_kind":null}'); end if;
  d.kind := (select k from ledger.kind k where k.kind = 'card_issue');
  d.terminal := sec.terminal_here();
  d.at := clock_timestamp();
  d.business_date := api.business_day();
  d.cards := array[row(c.id, 'blank', 'issued', holder, wallet, null)::ledger.card_in];
  d.fees := '{}';
  return jsonb_build_object('who', shop.type_terms(c.type, d.at)->>'who',
    'rest', ledger.resting(array[(select v.member from shop.wallet v where v.id = issue_fees.wallet), holder]),
    'fees', coalesce((select jsonb_agg(jsonb_build_object(
      'code', f.code, 'rule', f.rule, 'version', f.version, 'amount_minor', f.amount) order by f.year nulls first, f.rule)
    from (select distinct on (x.rule) x.* from ledger.fees_due(d) x join shop.rule_version v on v.rule = x.rule and v.version = x.version
           where v.valid_to is null or v.valid_to > d.at order by x.rule, x.version desc) f where f.amount > 0), '[]'));
end $$;
grant execute on function api.issue_fees(bigint, bigint, bigint), api.card_limit_put(bigint, bigint, bigint, int[]),
  api.wallet_cards(bigint, date, date),
  api.card_uses(bigint, bigint, uuid, int, int) to huiyuan_terminal;
