-- How a wallet stood at a moment: whose it was and of which tier, its cards and their states, balances, lots, and the rules in force then.
-- Everything out of what was only appended to, by the server's clock; each figure says the entry it ends with, so that it opens to them.

-- A member's tier then: the present one, or what the first change after that moment found.
create or replace function shop.tier_then(member bigint, at timestamptz) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select c.before->>'tier' from shop.member_change c where c.member = tier_then.member and c.at > tier_then.at and c.before ? 'tier'
       order by c.id limit 1),
    (select t.name from shop.member m join shop.tier t on t.id = m.tier where m.id = tier_then.member));
end $$;

-- Whose the wallet was then: a merge may have given it to somebody else since.
create or replace function shop.owner_then(wallet bigint, at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select r.was from ledger.repointed r join ledger.document d on d.id = r.document
       where r.what = 'wallet' and r.id = owner_then.wallet and d.posted_at > owner_then.at order by d.posted_at, d.chain_seq limit 1),
    (select w.member from shop.wallet w where w.id = owner_then.wallet));
end $$;

create or replace function shop.member_then(member bigint, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('id', m.id, 'number', m.number, 'name', m.name, 'tier', shop.tier_then(m.id, member_then.at),
    'state', coalesce((select e.now from ledger.member_event e join ledger.document d on d.id = e.document
       where e.member = m.id and d.posted_at <= member_then.at order by d.posted_at desc, d.chain_seq desc limit 1), 'active'))
    from shop.member m where m.id = member_then.member $$;

-- The cards that opened the wallet then, each in the state, of the type and with the last day that its events up to then say; what no event
-- says yet, the first one after it says it found, and a card that came in without any stands as it does now.
create or replace function shop.cards_then(wallet bigint, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with said as (
    select e.*, d.posted_at, d.chain_seq, d.kind, d.result->>'receipt' as receipt from ledger.card_event e join ledger.document d on d.id = e.document
     where e.card in (select x.card from ledger.card_event x where x.wallet = cards_then.wallet
                      union select c.id from shop.card c where c.wallet = cards_then.wallet)),
  told as (
    select c.id, coalesce(b.now, f.was, c.state) as state, coalesce(b.wallet, f.wallet, c.wallet) as wallet, b.posted_at as since, b.kind, b.receipt,
           coalesce((select s.terms->'was' from said s where s.card = c.id and s.terms is not null and s.posted_at > cards_then.at
                      order by s.posted_at, s.chain_seq limit 1), jsonb_build_object('type', c.type, 'valid_to', c.valid_to)) as terms
      from shop.card c
      left join lateral (select s.* from said s where s.card = c.id and s.posted_at <= cards_then.at
                          order by s.posted_at desc, s.chain_seq desc limit 1) b on true
      left join lateral (select s.* from said s where s.card = c.id and s.posted_at > cards_then.at
                          order by s.posted_at, s.chain_seq limit 1) f on true
     where c.wallet = cards_then.wallet or c.id in (select s.card from said s))
  select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'number', c.number, 'state', t.state, 'type', y.name, 'valid_to', t.terms->'valid_to',
      'since', t.since, 'kind', t.kind, 'receipt', t.receipt) order by c.id), '[]')
    from told t join shop.card c on c.id = t.id join shop.card_type y on y.id = (t.terms->>'type')::int
   where t.wallet = cards_then.wallet and t.state <> 'blank'
     and (t.since is not null or exists (select from shop.wallet w where w.id = cards_then.wallet and w.opened_at <= cards_then.at)) $$;

create or replace function shop.lots_then(wallet bigint, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', l.id, 'account', a.kind, 'amount', s.came, 'remaining', s.there, 'expires_at', l.expires_at,
      'store', u.name, 'receipt', o.result->>'receipt', 'at', o.posted_at) order by a.kind desc, l.expires_at nulls last, l.id), '[]')
    from ledger.account a
    join (select m.lot, sum(m.delta)::bigint as there, coalesce(sum(m.delta) filter (where m.delta > 0 and m.of is null), 0)::bigint as came
            from ledger.account x join ledger.lot_move m on m.account = x.id join ledger.document d on d.id = m.document
           where x.wallet = lots_then.wallet and d.posted_at <= lots_then.at group by m.lot) s on true
    join ledger.lot l on l.id = s.lot and l.account = a.id
    join ledger.document o on o.id = l.document join shop.unit u on u.id = l.store
   where a.wallet = lots_then.wallet and s.there <> 0 and (l.expires_at is null or l.expires_at > lots_then.at) $$;

create or replace function shop.accounts_then(wallet bigint, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'kind', a.kind, 'wallet', a.wallet, 'balance', coalesce(e.balance, 0),
      'seq', coalesce(e.seq, 0)) order by k.unit, a.kind desc), '[]')
    from ledger.account a join ledger.account_kind k on k.kind = a.kind
    left join lateral (select x.balance, x.seq from ledger.entry x where x.account = a.id and x.posted_at <= accounts_then.at
                        order by x.seq desc limit 1) e on true
   where a.wallet = accounts_then.wallet $$;

-- Rules in force then for that store and tier, and the rows of the law.
create or replace function shop.rules_then(store int, tier text, at timestamptz) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  select coalesce((select jsonb_agg(jsonb_build_object('family', f.family, 'name', f.name, 'rule', v.rule, 'version', v.version,
        'valid_from', v.valid_from, 'valid_to', v.valid_to) order by f.family, v.rule)
      from shop.rule_version v join shop.rule f on f.id = v.rule
     where v.valid_from <= rules_then.at and (v.valid_to is null or v.valid_to > rules_then.at)
       and (v.published_by is null or v.approved_by is not null) and (v.stores is null or rules_then.store = any (v.stores))
       and (v.tiers is null or (select t.id from shop.tier t where t.name = rules_then.tier limit 1) = any (v.tiers))), '[]')
    || coalesce((select jsonb_agg(jsonb_build_object('family', 'law', 'name', r.rule, 'rule', r.id, 'version', 0, 'valid_from', r.valid_from,
        'valid_to', r.valid_to, 'article', r.article, 'amount_minor', r.amount_minor) order by r.rule, r.id)
      from shop.law_rule r where r.valid_from <= rules_then.at and (r.valid_to is null or r.valid_to > rules_then.at)
       and (ledger.jurisdiction_of(rules_then.store) = r.jurisdiction
            or ledger.jurisdiction_of(rules_then.store) like r.jurisdiction || '-%')), '[]') $$;

create or replace function api.as_of(wallet bigint, at timestamptz) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record; v_owner bigint; v_member jsonb; v_opened timestamptz;
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if at is null or not isfinite(at) or at > clock_timestamp() then return sec.malformed('moment', 'at'); end if;
  select x.opened_at into v_opened from shop.wallet x where x.id = as_of.wallet;
  if v_opened is null then return sec.refused(w.terminal, w.staff, 'unknown_wallet', jsonb_build_object('wallet', wallet)); end if;
  v_owner := shop.owner_then(wallet, at);
  v_member := shop.member_then(v_owner, at);
  return jsonb_build_object('at', at, 'now', clock_timestamp(), 'wallet', wallet, 'opened_at', v_opened, 'member', v_member,
    'cards', shop.cards_then(wallet, at), 'accounts', shop.accounts_then(wallet, at), 'lots', shop.lots_then(wallet, at),
    'rules', shop.rules_then(w.store, v_member->>'tier', at));
end $$;
grant execute on function api.as_of(bigint, timestamptz) to huiyuan_terminal;
