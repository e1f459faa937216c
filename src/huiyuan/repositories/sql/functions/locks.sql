-- Everything that this document will read and change is locked here, in one order: shift, origin, cards, accounts, coupons.
-- (The own terminal came before; stock comes last of all, in write_stock.)

create or replace function ledger.lock_shift(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_open ledger.shift;
begin
  if d.late then return; end if;                          -- locked when its late shift was found
  if (d.kind).counts = 'open' then
    perform 1 from shop.drawer w where w.id = (d.terminal).drawer for no key update;         -- two tills may share a drawer
    select * into v_open from ledger.shift s where s.drawer = (d.terminal).drawer and s.closed_at is null;
    if (d.terminal).drawer is null then perform sec.refuse('shift_missing'); end if;
    if v_open.id is not null then perform sec.refuse('shift_already_open', jsonb_build_object('shift', v_open.id)); end if;
    insert into ledger.account(kind, unit, drawer) values ('cash', d.currency, (d.terminal).drawer) on conflict do nothing;
    return;
  elsif (d.kind).counts = 'close' then
    select * into v_open from ledger.shift s where s.drawer = (d.terminal).drawer and s.closed_at is null for no key update;
  elsif (d.kind).needs_shift or (d.header).shift is not null then
    select * into v_open from ledger.shift s where s.drawer = (d.terminal).drawer and s.closed_at is null for share;
  else
    return;
  end if;
  if v_open.id is null and (d.header).shift is null then perform sec.refuse('shift_missing'); end if;
  if v_open.id is distinct from (d.header).shift then
    perform sec.refuse('shift_closed', jsonb_build_object('shift', (d.header).shift, 'open', v_open.id));
  end if;
end $$;

-- The document taken back. One advisory lock serializes all that is taken back from one document, whatever the terminal.
create or replace function ledger.lock_origin(inout d ledger.draft)
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_by uuid;
begin
  if (d.kind).takes_back is null or (d.kind).takes_back = 'goods' then
    if (d.header).of is not null then perform sec.refuse('wrong_origin', jsonb_build_object('of', (d.header).of)); end if;
    if (d.header).bought is not null then perform pg_advisory_xact_lock(hashtextextended((d.header).bought::text, 1)); end if;
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended((d.header).of::text, 1));
  d.origin := (select x from ledger.document x join ledger.kind k on k.kind = x.kind and k.reversible
                where x.id = (d.header).of and (x.store = (d.terminal).store or ((d.kind).takes_back = 'lines' and ledger.returns_across()))
                  and ((d.kind).takes_back = 'whole' or x.kind in ('sale', 'exchange')));
  if (d.origin).id is null then perform sec.refuse('wrong_origin', jsonb_build_object('of', (d.header).of)); end if;
  select r.by into v_by from ledger.reversed r where r.document = (d.origin).id;
  if found then perform sec.refuse('already_reversed', jsonb_build_object('of', (d.origin).id, 'by', v_by)); end if;
  if (d.kind).takes_back = 'whole' then
    if exists (select from ledger.returned r where r.document = (d.origin).id and r.qty_milli > 0) then
      perform sec.refuse('has_returns', jsonb_build_object('of', (d.origin).id));
    end if;
    if (d.origin).shift is not null and (d.origin).shift is distinct from (d.header).shift then
      perform sec.refuse('shift_closed', jsonb_build_object('shift', (d.origin).shift, 'open', (d.header).shift));
    end if;
    d.header.wallet := (d.origin).wallet;
  end if;
end $$;

-- Whether the chain lets a sale of one store come back in another.
create or replace function ledger.returns_across() returns boolean language plpgsql stable set search_path = pg_catalog, pg_temp as
$$ begin return (select c.returns_across from shop.chain c); end $$;

create or replace function ledger.lock_accounts(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_wallets bigint[];
begin
  perform ledger.open_on_request(d);
  if d.merges <> '{}' or (d.origin).kind = 'member_merge' then perform ledger.lock_merge(d); end if;
  perform ledger.lock_life(d);
  perform 1 from shop.card c where c.id in (select x.card from unnest(d.cards) x union all select f.card from unnest(d.fees) f)
     or c.id in (select e.card from ledger.card_event e where e.document = (d.origin).id) order by c.id for no key update;
  perform 1 from shop.card c where c.id in (select t.card from unnest(d.proofs) p join shop.card_token t on t.kind = p.token_kind
      and t.hmac = decode(p.token, 'hex'))
   order by c.id for share;
  v_wallets := array(select t.wallet from unnest(d.tenders) t where t.wallet is not null) || (d.header).wallet || ledger.moving_wallets(d)
    || ledger.wallets_of_cards(d);
  perform 1 from ledger.account a
   where a.wallet = any (v_wallets) or a.drawer = (d.terminal).drawer
      or a.wallet in (select e.wallet from ledger.card_event e where e.document = (d.origin).id)
   order by a.id for no key update;
  if d.ranges <> '{}' then perform ledger.lock_ranges(d); end if;
  perform ledger.lock_coupons(d);
end $$;
