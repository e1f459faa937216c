-- Finds any tampering, whoever did it: every figure is made again from what was posted. Each check is a function of its own.

create or replace function ledger.verify_chains() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'document', x.id::text, case
      when x.chain_seq <> x.n then 'gap in the chain of its terminal'
      when x.fingerprint <> sha256(convert_to(x.body::text, 'UTF8')) then 'body was changed'
      when x.head <> ledger.terminal_hash(x.prev, x.chain_seq, x.fingerprint, x.result) then 'result or chain was changed'
      when x.result->>'head' is distinct from encode(x.head, 'hex') then 'head on the slip differs' else 'header differs from its result' end
    from (select d.*, row_number() over w as n, coalesce(lag(d.head) over w, '\x') as prev
            from ledger.document d window w as (partition by d.terminal order by d.chain_seq)) x
   where x.chain_seq <> x.n or x.fingerprint <> sha256(convert_to(x.body::text, 'UTF8'))
      or x.head <> ledger.terminal_hash(x.prev, x.chain_seq, x.fingerprint, x.result) or x.result->>'head' is distinct from encode(x.head, 'hex')
      or x.result->>'id' <> x.id::text or (x.result->>'total_minor')::bigint <> x.total_minor or x.result->>'kind' <> x.kind
      or (x.result->>'number')::bigint <> x.number or (x.result->>'business_date')::date <> x.business_date
      or (x.result->>'posted_at')::timestamptz <> x.posted_at;
  return query
  select 'terminal', t.role::text, 'head or number differs from its last document' from sec.terminal t
    left join lateral (select d.head, d.chain_seq from ledger.document d where d.terminal = t.id order by d.chain_seq desc limit 1) x on true
   where t.chain_seq <> coalesce(x.chain_seq, 0) or t.head <> coalesce(x.head, '\x')
      or t.number <> coalesce((select max(d.number) from ledger.document d where d.terminal = t.id), 0);
  return query
  select 'entry', e.account || '/' || e.seq, case when e.seq <> e.n then 'gap' when e.balance <> e.run then 'balance' else 'hash' end
    from (select x.*, row_number() over w as n, coalesce(lag(x.hash) over w, '\x') as prev, sum(x.delta) over w as run
            from ledger.entry x window w as (partition by x.account order by x.seq)) e
    left join ledger.document d on d.id = e.document
   where e.seq <> e.n or e.balance <> e.run
      or e.hash is distinct from ledger.entry_hash(e.prev, e.account, e.seq, e.delta, e.balance, e.posted_at, e.document, d.fingerprint)
      or e.business_date is distinct from d.business_date;
  return query
  select 'account', a.id::text, 'balance or head differs from its last entry' from ledger.account a left join ledger.entry e on e.account = a.id
      and e.seq = a.seq
   where (a.seq = 0 and (a.balance <> 0 or a.head <> '\x')) or (a.seq > 0 and (e.hash is distinct from a.head or e.balance is distinct
       from a.balance))
      or exists (select from ledger.entry x where x.account = a.id and x.seq > a.seq);
end $$;

create or replace function ledger.verify_content() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'document', d.id::text, 'header, lines, postings, lots, stock or cards differ from what was posted' from ledger.document d
   where d.result->>'digest' <> ledger.content_digest(d);
  return query
  select distinct 'document', x.document::text, 'is missing, but its rows are there' from (
      select p.document from ledger.posting p union select l.document from ledger.line l union select e.document from ledger.entry e
      union select m.document from ledger.lot_move m union select s.document from ledger.stock_move s union select c.document from ledger.card_event c
      union select a.document from ledger.adjustment a union select r.document from ledger.removed r
      union select u.document from ledger.purchase u) x
   where not exists (select from ledger.document d where d.id = x.document);
  return query
  with legs as (
    select x.document, x.account, sum(case k.normal when x.side then x.amount else -x.amount end) as delta
      from (select p.document, p.debit as kind, p.debit_ref as account, 'debit' as side, p.amount from ledger.posting p
            union all select p.document, p.credit, p.credit_ref, 'credit', p.amount from ledger.posting p) x
      join ledger.account_kind k on k.kind = x.kind and k.owner <> 'store' group by 1, 2)
  select 'account', coalesce(l.account, e.account)::text, 'entry and postings of ' || coalesce(l.document, e.document) || ' differ'
    from legs l full join ledger.entry e on e.document = l.document and e.account = l.account
   where coalesce(l.delta, 0) <> coalesce(e.delta, 0);
end $$;

-- The wallets that a document names as tenders, or any of those that it goes back to: exchanges make a chain of them.
create or replace function ledger.names_wallet(document uuid, wallet bigint) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive up as (
      select d.of, d.body from ledger.document d where d.id = names_wallet.document
      union all select o.of, o.body from up u join ledger.document o on o.id = u.of)
    select exists (select from up u cross join lateral jsonb_array_elements(coalesce(u.body->'tenders', '[]')) t
                    where (t->>'wallet')::bigint = names_wallet.wallet));
end $$;

-- Whose value moved: every account that a document touches belongs to a wallet that the document names, or to its shift's drawer.
create or replace function ledger.verify_accounts() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select distinct 'account', p.account::text, 'is not the one that ' || d.id || ' posted to' from (
      select x.document, x.unit, x.debit as kind, x.debit_ref as account from ledger.posting x
      union all select x.document, x.unit, x.credit, x.credit_ref from ledger.posting x) p
    join ledger.account_kind k on k.kind = p.kind and k.owner <> 'store'
    join ledger.document d on d.id = p.document
    left join ledger.account a on a.id = p.account left join ledger.shift h on h.id = d.shift
   where a.kind is distinct from p.kind or a.unit is distinct from p.unit or (k.owner = 'drawer' and a.drawer is distinct from h.drawer)
      or (k.owner = 'wallet' and a.wallet is distinct from d.wallet and not ledger.names_wallet(d.id, a.wallet)
        and not ledger.moved_wallet(d.id, a.wallet));
  return query
  select 'wallet', e.wallet::text, 'lacks its account of ' || k.kind from (select distinct c.wallet from ledger.card_event c
      where c.wallet is not null) e
   cross join ledger.account_kind k where k.owner = 'wallet' and not k.on_request
     and not exists (select from ledger.account a where a.wallet = e.wallet and a.kind = k.kind);
  return query
  select 'account', a.id::text, 'has a limit that no document gave' from ledger.account a
   where a.limit_minor <> 0 and a.limit_minor is distinct from (
    select (u.facts->'after'->>'limit_minor')::bigint from sec.audit u where u.what = 'credit_limit' and a.kind = 'credit'
       and u.facts->'after'->>'account' = a.id::text order by u.id desc limit 1);
end $$;

-- A lot holds what was put there for the first time. What a document took, and what took that back, goes below that mark and up again.
create or replace function ledger.verify_lots() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with run as (
         select m.lot, m.account, coalesce(m.of, m.document) as cause, m.demand, sum(m.delta) over (
                  partition by m.lot, coalesce(m.of, m.document), m.demand order by d.posted_at, d.chain_seq, m.n) as stood
           from ledger.lot_move m join ledger.document d on d.id = m.document),
       mark as (select r.lot, r.cause, greatest(max(r.stood), 0) as put, min(r.account) as least, max(r.account) as most
                  from run r group by r.lot, r.cause, r.demand),
       made as (select k.lot, sum(k.put) as put, min(k.least) as least, max(k.most) as most from mark k group by 1)
  select 'lot', l.id::text, 'differs from the documents that made it' from ledger.lot l left join ledger.account a on a.id = l.account
    left join ledger.document d on d.id = l.document left join made x on x.lot = l.id left join ledger.lot r on r.id = l.root
   where l.kind is distinct from a.kind or l.store is distinct from coalesce(r.store, d.store)
      or l.staff is distinct from case when l.root is null then d.rung_by else r.staff end
      or (l.root is not null and (r.kind, r.expires_at) is distinct from (l.kind, l.expires_at)) or l.amount is distinct from x.put
      or l.account is distinct from x.least or l.account is distinct from x.most
      or not exists (select from ledger.lot_move m where m.lot = l.id and m.document = l.document and m.delta > 0);
end $$;

-- Points that paid were worth what their rule says, and come back as the money they stood for does, never more than were taken.
create or replace function ledger.verify_redeemed() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  with paid as (select p.document, p.rule, p.version, p.n, p.amount from ledger.posting p where p.demand = 'tender' and p.debit = 'points_redeemed'),
       spent as (select p.document, p.rule, p.version, p.n, p.amount from ledger.posting p where p.demand = 'redeem' and p.credit = 'points_spent'
                  and p.of_n is null),
       back as (select x.of, b.of_n, sum(b.amount) as amount from ledger.document x join ledger.posting b on b.document = x.id
                 where x.kind in ('return', 'exchange') and b.of_n is not null and b.demand in ('refund', 'redeem')
                   and not exists (select from ledger.reversed r where r.document = x.id) group by 1, 2)
  select 'document', d.id::text, 'points and the money they paid differ' from ledger.document d
    left join paid m on m.document = d.id left join spent p on p.document = d.id
    left join shop.rule_version v on v.rule = m.rule and v.version = m.version
    left join back mb on mb.of = d.id and mb.of_n = m.n left join back pb on pb.of = d.id and pb.of_n = p.n
   where d.kind in ('sale', 'exchange') and (m.document is not null or p.document is not null)
     and ((case when v.body ? 'product' then p.amount % (v.body->>'points')::bigint <> 0 or m.amount is null
                else p.amount is distinct from ceil(m.amount::numeric * v.points_rate / 10000) end)
          or (p.rule, p.version) is distinct from (m.rule, m.version)
          or coalesce(mb.amount, 0) > m.amount or coalesce(pb.amount, 0) > p.amount
          or (coalesce(mb.amount, 0) = m.amount) <> (coalesce(pb.amount, 0) = p.amount));
end $$;

create or replace function ledger.verify_shifts() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'shift', coalesce(s.id, o.id)::text, 'differs from the documents that opened and closed it' from ledger.shift s
    full join (select d.* from ledger.document d join ledger.kind k on k.kind = d.kind and k.counts = 'open') o on o.id = s.id
    left join (select d.* from ledger.document d join ledger.kind k on k.kind = d.kind and k.counts = 'close') c on c.shift = s.id
   where not exists (select from sec.late_shift l where l.shift = s.id)
     and (s.id is null or o.id is null or s.store <> o.store or s.opened_at <> o.posted_at or s.opened_by <> o.rung_by
      or s.closed_by_document is distinct from c.id or s.closed_at is distinct from c.posted_at
      or s.number <> (select count(*) from ledger.shift e where e.drawer = s.drawer and e.opened_at <= s.opened_at));
  return query
  select 'shift', l.shift::text, 'is late to no shift that was closed' from sec.late_shift l left join ledger.shift s on s.id = l.shift
    left join ledger.shift o on o.id = l.of
   where (o.drawer is distinct from s.drawer or not o.closed_at <= s.opened_at or s.closed_at is distinct from s.opened_at
      or exists (select from ledger.document d where d.shift = l.shift
                  and not exists (select from sec.offline_sale x where x.document = d.id)));
  return query
  select 'review', r.document::text, 'has no sale without the line' from sec.review r
   where not exists (select from sec.offline_sale x where x.document = r.document);
end $$;

-- Cards, memberships and applications stand where their last events left them.
create or replace function ledger.verify_life() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'card', c.number, 'type or last day differs from its last change' from shop.card c
    join lateral (select e.terms->'now' as terms from ledger.card_event e join ledger.document d on d.id = e.document
                   where e.card = c.id and e.terms is not null order by d.posted_at desc, d.chain_seq desc limit 1) x on true
   where c.type <> (x.terms->>'type')::int or c.valid_to is distinct from (x.terms->>'valid_to')::date;
  return query
  select 'card', c.number, 'replaced without a card in its place' from shop.card c where c.state = 'replaced' and not exists (
    select from shop.card n where n.id = c.replaced_by and n.wallet = c.wallet and n.holder is not distinct from c.holder);
  return query
  select 'member', m.number, 'state differs from its last event' from shop.member m
    left join lateral (select e.now from ledger.member_event e join ledger.document d on d.id = e.document where e.member = m.id
                        order by d.posted_at desc, d.chain_seq desc limit 1) x on true where m.state <> coalesce(x.now, 'active');
  return query
  select 'application', p.id::text, 'state differs from its last event' from shop.card_application p
    left join lateral (select e.now, e.card from ledger.application_event e join ledger.document d on d.id = e.document where e.application = p.id
                        order by d.posted_at desc, d.chain_seq desc limit 1) x on true
   where p.state is distinct from x.now or p.card is distinct from case x.now when 'issued' then x.card end;
end $$;

create or replace function ledger.verify_standing() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'lot', l.id::text, 'remaining differs from its moves' from ledger.lot l
    left join (select m.lot, sum(m.delta) as net from ledger.lot_move m group by m.lot) x on x.lot = l.id where l.remaining <> coalesce(x.net, 0);
  return query
  select 'account', a.id::text, 'balance differs from its lots' from ledger.account a join ledger.account_kind k on k.kind = a.kind and k.lots
    left join (select l.account, sum(l.remaining) as left_over from ledger.lot l group by l.account) x on x.account = a.id
   where a.balance <> coalesce(x.left_over, 0);
  return query
  select 'stock', coalesce(h.store, x.store) || '/' || coalesce(h.product, x.product), 'on hand differs from its movements' from ledger.on_hand h
    full join (select m.store, m.product, sum(m.qty_milli) as qty from ledger.stock_move m group by 1, 2) x on x.store = h.store
        and x.product = h.product
   where coalesce(h.qty_milli, 0) <> coalesce(x.qty, 0);
  return query
  select 'card', c.number, 'state or wallet differs from its last event' from shop.card c
    join lateral (select e.now, e.wallet from ledger.card_event e join ledger.document d on d.id = e.document where e.card = c.id
                   order by d.posted_at desc, d.chain_seq desc limit 1) x on true
   where c.state <> x.now or c.wallet is distinct from case when x.now <> 'blank' then x.wallet end;
  return query select * from ledger.verify_life();
  return query
  select 'document', coalesce(r.document, x.of)::text, 'returned differs from its returns' from ledger.returned r
    full join (select d.of, l.of_line, sum(l.qty_milli) as qty, sum(l.total_minor) as amount from ledger.document d
        join ledger.line l on l.document = d.id
                where d.kind in ('return', 'exchange') and l.of_line is not null
                  and not exists (select from ledger.reversed v where v.document = d.id) group by 1, 2) x
      on x.of = r.document and x.of_line = r.line
   where coalesce(r.qty_milli, 0) <> coalesce(x.qty, 0) or coalesce(r.amount_minor, 0) <> coalesce(x.amount, 0);
  return query
  select 'document', coalesce(r.document, d.of)::text, 'reversal mark differs' from ledger.reversed r
    full join (select x.* from ledger.document x where x.kind = 'reversal') d on d.id = r.by and d.of = r.document where r.document is null
        or d.id is null;
end $$;

-- The anchor on paper: the digest of a Z report, made again from the heads as they stood at that moment.
create or replace function ledger.verify_anchors() returns table(what text, id text, fault text)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query
  select 'shift', d.id::text, 'digest of heads differs from the chains' from ledger.document d
   where d.result ? 'heads' and d.result->>'heads' is distinct from (
     select encode(sha256(string_agg(int4send(x.terminal) || int8send(x.chain_seq) || x.head, ''::bytea order by x.terminal)), 'hex')
       from jsonb_each_text(d.result->'heads_at') h join ledger.document x on x.terminal = h.key::int and x.chain_seq = h.value::bigint);
end $$;

create or replace function ledger.verify() returns table(what text, id text, fault text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select * from ledger.verify_chains();
  return query select * from ledger.verify_content();
  return query select * from ledger.verify_accounts();
  return query select * from ledger.verify_lots();
  return query select * from ledger.verify_redeemed();
  return query select * from ledger.verify_shifts();
  return query select * from ledger.verify_standing();
  return query select * from ledger.verify_coupons();
  return query select * from ledger.verify_group_orders();
  return query select * from ledger.verify_merges();
  return query select * from ledger.verify_card_use();
  return query select * from ledger.verify_anchors();
end $$;
grant usage on schema ledger to huiyuan_report;
grant execute on function ledger.verify() to huiyuan_report;
