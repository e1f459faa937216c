-- What one card may spend: in a sale, in a business day, on which goods; the narrower of its type and its own. What it gives to another
-- card or is paid back counts too (a second person who signs stands in for the card). Two tills with cards of one wallet come one after the
-- other (the wallet's accounts are locked), and the second reads what the first has used.
create or replace function guard.card_limit(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s record;
  v_card shop.card;
  v_own shop.card_limit;
  v_terms jsonb;
  v_most bigint;
  v_moved text := case when ledger.moves_value(d.kind) then 'moved' end;
begin
  if not ledger.takes_stored(d.tenders) and (not ledger.moves_value(d.kind) or (d.approver).id is not null) then return null; end if;
  for s in select * from ledger.drawn_by_cards(d) x order by x.wallet loop
    v_card := ledger.card_shown(d, s.wallet);
    continue when v_card.id is null;                      -- guard.card_not_presented
    select l.* into v_own from shop.card_limit l where l.card = v_card.id;
    v_terms := shop.type_terms(v_card.type, d.at);
    v_most := least(v_own.sale_max_minor, (v_terms->>'sale_max_minor')::bigint);
    if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', coalesce(v_moved, 'sale'), 'most', v_most); end if;
    v_most := least(v_own.day_max_minor, (v_terms->>'day_max_minor')::bigint);
    if v_most is not null then
      v_most := greatest(v_most - ledger.card_used(v_card.id, d.business_date), 0);
      if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', coalesce(v_moved, 'day'), 'most', v_most); end if;
    end if;
    if v_own.categories is not null or v_terms ? 'categories' then
      v_most := ledger.goods_within(d, shop.ints_in(v_terms, 'categories'), v_own.categories);
      if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', coalesce(v_moved, 'goods'), 'most', v_most); end if;
    end if;
  end loop;
  return null;
end $$;

-- What is drawn from each wallet with a card on the counter.
create or replace function ledger.drawn_by_cards(d ledger.draft) returns table(wallet bigint, amount bigint)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  return query select x.wallet, sum(x.amount)::bigint from (
      select t.wallet, t.amount_minor as amount from unnest(d.tenders) t join shop.tender a on a.kind = t.kind
       where t.wallet is not null and a.account in ('stored', 'points', 'credit', 'advance')
      union all select t.wallet, t.amount_minor from unnest(d.transfers) t
      union all select s.wallet, s.amount_minor from unnest(d.settlements) s) x group by x.wallet having sum(x.amount) > 0;
end $$;

-- What a card, and those that it took the place of, has spent of a business day, less what came back of it.
create or replace function ledger.card_used(card bigint, day date) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return (with recursive line as (
      select c.id, c.wallet from shop.card c where c.id = card_used.card
      union all
      select o.id, o.wallet from line l join shop.card o on o.wallet = l.wallet and o.replaced_by = l.id)
    select coalesce(sum(u.amount), 0)::bigint from line l join ledger.card_use u on u.card = l.id
     where u.business_date = card_used.day and u.what = 'value');
end $$;

-- What the goods cost that a card may pay for, by its type and by its own list; no list leaves everything.
create or replace function ledger.goods_within(d ledger.draft, of_type int[], of_card int[]) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_type int[] := shop.categories_below(of_type);
  v_card int[] := shop.categories_below(of_card);
begin
  return (select coalesce(sum(l.total_minor), 0)::bigint from unnest(d.lines) l join shop.product p on p.id = l.product
    where (of_type is null or coalesce(p.category = any (v_type), false)) and (of_card is null or coalesce(p.category = any (v_card), false)));
end $$;
