-- Members of the past and the cards in their hands. A member is known by number; one that is there stays as it is.

-- A wallet, its accounts and its card for each member that has none yet.
create or replace function shop.import_cards(cards jsonb) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  with wanted as (select m.id as member, x.card, y.id as type from jsonb_to_recordset(cards) x(number text, card jsonb)
                    join shop.member m on m.number = x.number join shop.card_type y on y.code = x.card->>'type'
                   where not exists (select from shop.card k where k.number = x.card->>'number')
                     and not exists (select from shop.wallet w where w.member = m.id)),
       wallets as (insert into shop.wallet(member) select w.member from wanted w order by w.member returning id, member),
       accounts as (insert into ledger.account(kind, unit, wallet)
                    select k.kind, ledger.unit_of(k.kind, c.currency), w.id from wallets w cross join ledger.account_kind k cross join shop.chain c
                     where k.owner = 'wallet' order by w.id, k.kind),
       made as (insert into shop.card(number, type, state, wallet, holder)
                select x.card->>'number', x.type, x.card->>'state', w.id, x.member from wanted x join wallets w on w.member = x.member
                 order by x.member returning id, number)
  insert into shop.card_token(kind, hmac, card)
  select t->>'kind', decode(t->>'token', 'hex'), k.id from wanted x join made k on k.number = x.card->>'number'
   cross join lateral jsonb_array_elements(x.card->'tokens') t order by k.id, t->>'kind';
end $$;

-- [{number, name, kind, tier, home_store, joined_at, source, words, card: {number, type, state, tokens: [{kind, token}]}}]; tier and store are
-- codes, a tier of null is the lowest; by `words` the one box finds the member. Answers id and wallet of every member named, and reasons for what
-- did not go in.
create or replace function api.import_members(members jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare v_refused jsonb; v_made int; v_found bigint[];
begin
  select jsonb_object_agg(f.number, f.code) into v_refused from (
    select x.number, case
        when (shop.clean(x.number, 32) and shop.clean(x.name, 64)) is not true then 'unclean_text'
        when x.tier is not null and not exists (select from shop.tier t where t.code = x.tier) then 'unknown_tier'
        when x.home_store is not null and not exists (select from shop.unit u where u.code = x.home_store and u.kind = 'store')
          then 'unknown_store'
        when x.card is not null and ((shop.clean(x.card->>'number', 32) and x.card->>'state' in ('issued', 'active', 'frozen', 'lost', 'closed'))
          is not true or not exists (select from shop.card_type y where y.code = x.card->>'type')) then 'malformed'
        when exists (select from shop.card k left join shop.member m on m.id = k.holder
                      where k.number = x.card->>'number' and m.number is distinct from x.number) then 'already_used' end as code
      from jsonb_to_recordset(members) x(number text, name text, tier text, home_store text, card jsonb) where x.number is not null) f
   where f.code is not null;
  insert into shop.member(number, kind, name, tier, home_store, joined_at, source)
  select x.number, coalesce(x.kind, 'person'), x.name,
         coalesce((select t.id from shop.tier t where t.code = x.tier), (select t.id from shop.tier t order by t.rank limit 1)),
         (select u.id from shop.unit u where u.code = x.home_store), coalesce(x.joined_at, clock_timestamp()),
         coalesce(x.source, 'import')
    from jsonb_to_recordset(members) x(number text, name text, kind text, tier text, home_store text, joined_at timestamptz, source text)
   where x.number is not null and not coalesce(v_refused, '{}') ? x.number order by x.number on conflict (number) do nothing;
  get diagnostics v_made = row_count;
  v_found := array(select m.id from jsonb_to_recordset(members) x(number text, words text[]) join shop.member m on m.number = x.number
    where x.words is not null and not exists (select from shop.member_search s where s.member = m.id));
  perform shop.index_member(m.id, x.words) from jsonb_to_recordset(members) x(number text, words text[]) join shop.member m on m.number = x.number
    where m.id = any (v_found);
  -- Nobody was here today because a list was read today: seen when he joined, if the source says when, and later by his purchases.
  update shop.member_search s set last_seen_on = coalesce(x.joined_at::date, '1970-01-01')
    from jsonb_to_recordset(members) x(number text, joined_at timestamptz) join shop.member m on m.number = x.number
   where s.member = m.id and m.id = any (v_found);
  perform shop.import_cards((select coalesce(jsonb_agg(e), '[]') from jsonb_array_elements(members) e
    where e->'card' is not null and not coalesce(v_refused, '{}') ? (e->>'number')));
  return jsonb_build_object('made', v_made, 'refused', coalesce(v_refused, '{}'), 'wallets', (
    select coalesce(jsonb_object_agg(w.number, w.wallet), '{}') from (
      select m.number, min(w.id) as wallet from jsonb_to_recordset(members) x(number text) join shop.member m on m.number = x.number
        join shop.wallet w on w.member = m.id group by m.number) w),
    'members', (select coalesce(jsonb_object_agg(m.number, m.id), '{}') from jsonb_to_recordset(members) x(number text)
                  join shop.member m on m.number = x.number));
end $$;
grant execute on function api.import_members(jsonb) to huiyuan_import;
