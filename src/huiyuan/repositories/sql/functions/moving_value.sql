-- Value between wallets: a transfer, a merge of members, a settlement. What moves keeps its lots' terms, store and issuer.

create or replace function ledger.moves_value(kind ledger.kind) returns boolean
language plpgsql immutable set search_path = pg_catalog, pg_temp as
$$ begin return kind.sections && '{transfers,merges,settlements,releases,cash_backs}'; end $$;

create or replace function ledger.read_moving(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  d.transfers := array(select x from jsonb_populate_recordset(null::ledger.transfer_in, d.body->'transfers') x);
  d.merges := array(select x from jsonb_populate_recordset(null::ledger.merge_in, d.body->'merges') x);
  d.settlements := array(select x from jsonb_populate_recordset(null::ledger.settlement_in, d.body->'settlements') x);
  d.releases := array(select x from jsonb_populate_recordset(null::ledger.release_in, d.body->'releases') x);
  d.cash_backs := array(select x from jsonb_populate_recordset(null::ledger.cash_back_in, d.body->'cash_backs') x);
end $$;

-- The wallet that earns for a member: one with an active card before others, the newest first; never one that was merged.
create or replace function ledger.earning_wallet(member bigint) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select v.id from shop.wallet v where v.member = earning_wallet.member and v.merged_into is null
   order by exists (select from shop.card c where c.wallet = v.id and c.state = 'active') desc, v.id desc limit 1);
end $$;

-- Members and their cards first, as every document takes its locks: then nobody gives either a new wallet meanwhile.
create or replace function ledger.lock_merge(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_members bigint[];
begin
  if (d.kind).takes_back = 'whole' then
    v_members := array(select x.id from ledger.repointed r cross join lateral (values (r.id), (r.now)) x(id)
      where r.document = (d.origin).id and r.what = 'merged');
  else
    v_members := array(select x.id from unnest(d.merges) m cross join lateral (values (m.member), (m.kept)) x(id));
  end if;
  perform 1 from shop.member m where m.id = any (v_members) order by m.id for no key update;
  perform 1 from shop.card c join shop.wallet w on w.id = c.wallet where w.member = any (v_members) order by c.id for no key update of c;
  insert into ledger.account(kind, unit, wallet)          -- passes go along, also those of which a use may come back later
  select a.kind, a.unit, ledger.earning_wallet(m.kept) from unnest(d.merges) m join shop.wallet w on w.member = m.member
    join ledger.account a on a.wallet = w.id and a.kind like 'pass:%' where ledger.earning_wallet(m.kept) is not null order by a.kind
  on conflict do nothing;
end $$;

-- The first of these members whose membership is in one of these states; null: none.
create or replace function ledger.rests(members bigint[], states text[]) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('member', m.number, 'name', m.name, 'state', m.state) from shop.member m
     where m.id = any (members) and m.state = any (states) order by m.id limit 1);
end $$;

-- The wallets whose accounts a document locks beside those of its tenders; what comes back to a merged one goes on to its heir.
create or replace function ledger.moving_wallets(d ledger.draft) returns bigint[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).takes_back is not null then
    return array(select h.wallet from ledger.posting p
      cross join lateral (values (p.debit, p.debit_ref), (p.credit, p.credit_ref)) x(kind, ref)
       join ledger.account_kind k on k.kind = x.kind and k.owner = 'wallet' join ledger.account a on a.id = x.ref
       join shop.wallet w on w.id = a.wallet cross join lateral (values (w.id), (w.merged_into)) h(wallet)
      where p.document = (d.origin).id and h.wallet is not null);
  end if;
  if not ledger.moves_value(d.kind) then return '{}'; end if;
  return array(select t.wallet from unnest(d.transfers) t union select t.taker from unnest(d.transfers) t
         union select s.wallet from unnest(d.settlements) s union select c.wallet from unnest(d.cash_backs) c
         union select ledger.heir_of(p.wallet) from unnest(d.releases) r join ledger.bonus_plan p on p.document = ledger.plan_id(r.plan)
         union select w.id from unnest(d.merges) m join shop.wallet w on w.member in (m.member, m.kept));
end $$;

-- By the published policy that is in force here now; where none is, by the chain's.
create or replace function ledger.spend_policy(store int, at timestamptz) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select v.body->>'policy' from shop.rule_version v join shop.rule f on f.id = v.rule and f.family = 'spending'
     where v.valid_from <= at and (v.valid_to is null or v.valid_to > at) and (v.stores is null or spend_policy.store = any (v.stores))
       and (v.published_by is null or v.approved_by is not null)
     order by v.stores is null, v.valid_from desc, v.rule desc limit 1),
    (select c.spend_policy from shop.chain c));
end $$;

create or replace function ledger.carry(d ledger.draft, kind text, debit_wallet bigint, credit_wallet bigint, amount bigint)
returns ledger.posting_row language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (0, 'carry', ledger.unit_of(kind, d.currency), kind, ledger.account_of(kind, debit_wallet, null), kind,
          ledger.account_of(kind, credit_wallet, null), amount, null, null, null, null, null)::ledger.posting_row;
end $$;

-- So much of a wallet's stored value goes to another one, in the order in which it would be spent.
create or replace function ledger.expand_transfer(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.transfer_in := d.transfers[1];
  v_principal bigint := coalesce(ledger.usable(ledger.account_of('principal', t.wallet, null), d.at), 0);
  v_bonus bigint := coalesce(ledger.usable(ledger.account_of('bonus', t.wallet, null), d.at), 0);
  v_split record;
begin
  d.header.wallet := t.wallet;
  if t.amount_minor > v_principal + v_bonus then
    perform sec.refuse('insufficient', jsonb_build_object('account', 'stored', 'wallet', t.wallet, 'balance', v_principal + v_bonus,
        'wanted', t.amount_minor));
  end if;
  v_split := ledger.split_stored(ledger.spend_policy((d.terminal).store, d.at), t.amount_minor, v_principal, v_bonus);
  d.postings := d.postings || array(select ledger.carry(d, s.kind, t.wallet, t.taker, s.amount)
      from (values ('principal', v_split.from_principal), ('bonus', v_split.from_bonus)) s(kind, amount) where s.amount <> 0);
end $$;

-- All that the wallets of the member who goes still hold goes to the wallet that earns for the one who stays.
create or replace function ledger.expand_merge(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  m ledger.merge_in := d.merges[1];
  v_into bigint := ledger.earning_wallet(m.kept);
begin
  d.header.wallet := v_into;
  if v_into is null then return; end if;
  d.postings := d.postings || array(
    select case k.normal when 'credit' then ledger.carry(d, a.kind, a.wallet, v_into, x.amount)
                         else ledger.carry(d, a.kind, v_into, a.wallet, x.amount) end
      from shop.wallet w join ledger.account a on a.wallet = w.id join ledger.account_kind k on k.kind = a.kind and (k.lots or k.kind = 'points_debt')
     cross join lateral (select ledger.usable(a.id, d.at)) x(amount)
     where w.member = m.member and x.amount > 0 order by a.wallet, a.kind);
end $$;

-- Principal is paid back whole; bonus that the rule does not pay and points are forfeited, and a debt of points with them.
create or replace function ledger.expand_settlement(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  s ledger.settlement_in := d.settlements[1];
  v_store bigint := (d.terminal).store;
  v_bonus bigint := coalesce(ledger.usable(ledger.account_of('bonus', s.wallet, null), d.at), 0);
  v_principal bigint := coalesce(ledger.usable(ledger.account_of('principal', s.wallet, null), d.at), 0);
  v_paid bigint := floor(v_bonus::numeric * coalesce((ledger.settlement_rule(d)).max_bp, 0) / 10000);
  v_out text := case s.method when 'cash' then 'cash' else 'tender' end;
  v_ref bigint := case s.method when 'cash' then ledger.account_of('cash', null, (d.terminal).drawer) else v_store end;
begin
  d.header.wallet := s.wallet;
  d.postings := d.postings || array(
    select (0, x.demand, case when x.debit like 'points%' then 'POINT' else d.currency end, x.debit,
            case x.debit when 'points_issued' then v_store else ledger.account_of(x.debit, s.wallet, null) end, x.credit,
            case x.credit when 'points_debt' then ledger.account_of('points_debt', s.wallet, null) when v_out then v_ref else v_store end,
            x.amount, case x.demand when 'settle' then s.method end, case x.demand when 'settle' then s.reference end,
            s.rule, s.version, null)::ledger.posting_row
      from (values ('settle', 'principal', v_out, v_principal), ('settle', 'bonus', v_out, v_paid),
                   ('forfeit', 'bonus', 'bonus_granted', v_bonus - v_paid),
                   ('forfeit', 'points', 'points_issued', ledger.usable(ledger.account_of('points', s.wallet, null), d.at)),
                   ('forfeit', 'points_issued', 'points_debt',
                    (select a.balance from ledger.account a where a.wallet = s.wallet and a.kind = 'points_debt'))) x(demand, debit, credit, amount)
     where x.amount > 0);
end $$;

-- What is in force here about paying back a card that is closed; no rule: the least that the law asks.
create or replace function ledger.settlement_rule(d ledger.draft, out rule int, out version int, out max_bp int, out cash_most bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  select r.rule, r.version, r.max_bp, r.max_document_minor into rule, version, max_bp, cash_most
    from ledger.rule_in_force(d) r where r.family = 'settlement' order by r.version desc, r.rule limit 1;
  cash_most := coalesce(cash_most, 10000);
end $$;

create or replace function ledger.expand_moving(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if cardinality(d.transfers) > 1 or cardinality(d.merges) > 1 or cardinality(d.settlements) > 1 then
    perform sec.refuse('malformed', jsonb_build_object('section', ((d.kind).sections)[1], 'detail', 'one row'));
  end if;
  if d.transfers <> '{}' then d := ledger.expand_transfer(d); end if;
  if d.merges <> '{}' then d := ledger.expand_merge(d); end if;
  if d.settlements <> '{}' then d := ledger.expand_settlement(d); end if;
  if d.releases <> '{}' or d.cash_backs <> '{}' then d := ledger.expand_releases(d); end if;
end $$;

-- What comes back to a wallet that was merged meanwhile goes on to the wallet it was merged into, in the same document: as much as the
-- document itself leaves there.
create or replace function ledger.carry_on(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if (d.origin).kind = 'member_merge' then return; end if;
  d.postings := d.postings || array(
    select case k.normal when 'credit' then ledger.carry(d, k.kind, w.id, w.merged_into, sum(p.amount * x.more)::bigint)
                         else ledger.carry(d, k.kind, w.merged_into, w.id, -sum(p.amount * x.more)::bigint) end
      from unnest(d.postings) p cross join lateral (values (p.debit, p.debit_ref, -1), (p.credit, p.credit_ref, 1)) x(kind, ref, more)
      join ledger.account_kind k on k.kind = x.kind and (k.lots or k.kind in ('points_debt', 'credit', 'advance'))
      join ledger.account a on a.id = x.ref
      join shop.wallet w on w.id = a.wallet and w.merged_into is not null
     where p.demand <> 'carry'
     group by k.kind, k.normal, w.id, w.merged_into having sum(p.amount * case k.normal when 'credit' then x.more else -x.more end) > 0
     order by w.id, k.kind);
end $$;

-- Out of the lots of one wallet into lots of another that are the same but for the wallet.
create or replace function ledger.carry_lots(d ledger.draft, p ledger.posting_row) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_before int := coalesce((select max(m.n) from ledger.lot_move m where m.document = d.id), 0);
  v_merges boolean := (select k.merges from ledger.account_kind k where k.kind = p.credit);
  v_lot bigint;
  l record;
begin
  perform ledger.take_from_lots(d, p.debit_ref, p.amount, null, null);
  for l in select x.*, -m.delta as moved from ledger.lot_move m join ledger.lot x on x.id = m.lot
            where m.document = d.id and m.n > v_before order by m.n loop
    if v_merges then
      perform ledger.new_lot(d, p.credit_ref, l.moved, l.expires_at, null, null);
      continue;
    end if;
    insert into ledger.lot(account, kind, document, store, staff, expires_at, amount, remaining, root)
    values (p.credit_ref, l.kind, d.id, l.store, l.staff, l.expires_at, l.moved, l.moved, coalesce(l.root, l.id)) returning id into v_lot;
    insert into ledger.lot_move(document, n, lot, account, delta)
    select d.id, max(m.n) + 1, v_lot, p.credit_ref, l.moved from ledger.lot_move m where m.document = d.id;
  end loop;
end $$;

-- Cards, wallets, coupons and earlier merges of the member who goes now belong to the one who stays.
create or replace function ledger.write_merge(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  m ledger.merge_in := d.merges[1];
  v_into bigint := (d.header).wallet;
begin
  insert into ledger.repointed(document, n, what, id, was, now)
  select d.id, row_number() over (order by x.what, x.id), x.what, x.id, x.was, x.now from (
      select 'card', c.id, c.wallet, v_into from shop.card c join shop.wallet w on w.id = c.wallet where w.member = m.member and v_into is not null
      union all select 'holder', c.id, c.holder, m.kept from shop.card c where c.holder = m.member
      union all select 'wallet', w.id, w.member, m.kept from shop.wallet w where w.member = m.member
      union all select 'heir', w.id, w.merged_into, v_into from shop.wallet w where w.member = m.member and v_into is not null
      union all select 'coupon', c.id, c.holder, m.kept from shop.coupon c where c.holder = m.member
      union all select 'merged', x.id, x.merged_into, m.kept from shop.member x where m.member in (x.id, x.merged_into)) x(what, id, was, now);
  insert into ledger.card_event(document, card, was, now, wallet)
  select d.id, c.id, c.state, c.state, r.now from ledger.repointed r join shop.card c on c.id = r.id where r.document = d.id and r.what = 'card';
  insert into ledger.coupon_event(document, coupon, what, was, now)
  select d.id, r.id, 'transferred', r.was, r.now from ledger.repointed r where r.document = d.id and r.what = 'coupon';
  perform ledger.repoint(d.id, true);
  update shop.member x set archived_at = d.at, version = x.version + 1 where x.id = m.member;
end $$;

create or replace function ledger.repoint(document uuid, forward boolean) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update shop.card c set wallet = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'card' and c.id = r.id;
  update shop.card c set holder = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'holder' and c.id = r.id;
  update shop.wallet w set member = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'wallet' and w.id = r.id;
  update shop.wallet w set merged_into = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'heir' and w.id = r.id;
  update shop.coupon c set holder = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'coupon' and c.id = r.id;
  update shop.member m set merged_into = case when forward then r.now else r.was end from ledger.repointed r
   where r.document = repoint.document and r.what = 'merged' and m.id = r.id;
end $$;

-- Undone only while everything still stands where the merge put it; cards may have changed their state meanwhile. Nothing leaves a
-- membership that rests, neither in this way.
create or replace function ledger.unmerge(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_moved text := (select r.what from ledger.repointed r
     left join shop.card c on r.what in ('card', 'holder') and c.id = r.id left join shop.wallet w on r.what in ('wallet', 'heir') and w.id = r.id
     left join shop.coupon o on r.what = 'coupon' and o.id = r.id left join shop.member m on r.what = 'merged' and m.id = r.id
    where r.document = (d.origin).id and r.now is distinct from case r.what when 'card' then c.wallet when 'holder' then c.holder
        when 'wallet' then w.member when 'heir' then w.merged_into when 'coupon' then o.holder else m.merged_into end order by r.n limit 1);
  v_rests jsonb;
begin
  v_moved := coalesce(v_moved, (select 'card' from ledger.repointed r join shop.card c on c.id = r.id and c.replaced_by is not null
     where r.document = (d.origin).id and r.what = 'card' and not exists (select from ledger.repointed o   -- its heir would stay behind
       where o.document = r.document and o.what = 'card' and o.id = c.replaced_by) limit 1));
  if v_moved is not null then perform sec.refuse('merge_refused', jsonb_build_object('why', 'moved', 'what', v_moved)); end if;
  v_rests := ledger.rests(array(select x.kept from jsonb_to_recordset((d.origin).body->'merges') x(kept bigint)), '{frozen,cancelled}');
  if v_rests is not null then perform sec.refuse('membership_rests', v_rests); end if;
  perform ledger.repoint((d.origin).id, false);
  update shop.member m set archived_at = null, version = m.version + 1 from jsonb_to_recordset((d.origin).body->'merges') x(member bigint)
   where m.id = x.member;
  insert into ledger.repointed(document, n, what, id, was, now)
  select d.id, r.n, r.what, r.id, r.now, r.was from ledger.repointed r where r.document = (d.origin).id;
  insert into ledger.card_event(document, card, was, now, wallet)
  select d.id, c.id, c.state, c.state, r.was from ledger.repointed r join shop.card c on c.id = r.id
   where r.document = (d.origin).id and r.what = 'card';
  insert into ledger.coupon_event(document, coupon, what, was, now)
  select d.id, r.id, 'transferred', r.now, r.was from ledger.repointed r where r.document = (d.origin).id and r.what = 'coupon';
end $$;

-- Whether a document that names no tender of this wallet may have moved its value all the same.
create or replace function ledger.moved_wallet(document uuid, wallet bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive up as (
      select d.id, d.of, d.body from ledger.document d where d.id = moved_wallet.document
      union all select o.id, o.of, o.body from up u join ledger.document o on o.id = u.of)
    select exists (select from up u cross join lateral jsonb_array_elements(coalesce(u.body->'transfers', '[]')
                     || coalesce(u.body->'settlements', '[]') || coalesce(u.body->'cash_backs', '[]')) t
                    where moved_wallet.wallet in ((t->>'wallet')::bigint, (t->>'taker')::bigint))
        or exists (select from up u join ledger.bonus_part b on b.document = u.id join ledger.bonus_plan p on p.document = b.plan
            where p.wallet = moved_wallet.wallet or exists (select from ledger.repointed r where r.what = 'heir' and r.id = p.wallet
                and r.now = moved_wallet.wallet))
        or exists (select from up u join ledger.repointed r on r.document = u.id and r.what = 'heir' and moved_wallet.wallet in (r.id, r.now, r.was))
        or exists (select from ledger.repointed r where r.what = 'heir' and r.now = moved_wallet.wallet
                     and (ledger.names_wallet(moved_wallet.document, r.id)
                       or r.id = (select x.wallet from ledger.document x where x.id = moved_wallet.document))));
end $$;

-- What a merge pointed elsewhere still stands where the last merge, or the undoing of one, put it.
create or replace function ledger.verify_merges() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with last_said as (select distinct on (r.what, r.id) r.what, r.id, r.now from ledger.repointed r join ledger.document d on d.id = r.document
                      order by r.what, r.id, d.posted_at desc, d.chain_seq desc)
  select x.what, x.id::text, 'belongs elsewhere than the merge says' from (
      select 'wallet'::text as what, w.id, w.merged_into as here, l.now as said from shop.wallet w
        left join last_said l on l.what = 'heir' and l.id = w.id
      union all select 'member', m.id, m.merged_into, l.now from shop.member m left join last_said l on l.what = 'merged' and l.id = m.id
      union all select 'wallet', w.id, w.member, l.now from shop.wallet w join last_said l on l.what = 'wallet' and l.id = w.id) x
   where x.here is distinct from x.said;
end $$;

-- A debt of points goes back to the wallet it came from; what the other one paid of it meanwhile that one gets back in points.
create or replace function ledger.debt_carried_back(d ledger.draft, p ledger.posting) returns ledger.posting_row[]
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_kept ledger.account := (select a from ledger.account a where a.id = p.debit_ref);
  v_there bigint := least(p.amount, v_kept.balance);
  v_store bigint := (d.terminal).store;
begin
  return array(
    select (0, x.demand, p.unit, x.debit, x.debit_ref, x.credit, x.credit_ref, x.amount, null, null, null, null, p.n)::ledger.posting_row
      from (values ('carry', 'points_debt', p.credit_ref, 'points_debt', p.debit_ref, v_there),
                   ('grant', 'points_debt', p.credit_ref, 'points_issued', v_store, p.amount - v_there),
                   ('grant', 'points_issued', v_store, 'points', ledger.account_of('points', v_kept.wallet, null), p.amount - v_there))
           x(demand, debit, debit_ref, credit, credit_ref, amount) where x.amount > 0);
end $$;
