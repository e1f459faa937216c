-- What one card may spend: in a sale, in a business day, on which goods; the narrower of its type and its own. Two tills with cards of one
-- wallet come one after the other (the wallet's accounts are locked), and the second reads what the first has used.
create or replace function guard.card_limit(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s record;
  v_card shop.card;
  v_own shop.card_limit;
  v_terms jsonb;
  v_most bigint;
begin
  if not ledger.takes_stored(d.tenders) then return null; end if;
  for s in select t.wallet, sum(t.amount_minor) as amount from unnest(d.tenders) t join shop.tender a on a.kind = t.kind
            where t.wallet is not null and a.account in ('stored', 'points', 'credit') group by t.wallet order by t.wallet loop
    v_card := ledger.card_shown(d, s.wallet);
    continue when v_card.id is null;                      -- guard.card_not_presented
    select l.* into v_own from shop.card_limit l where l.card = v_card.id;
    v_terms := shop.type_terms(v_card.type, d.at);
    v_most := least(v_own.sale_max_minor, (v_terms->>'sale_max_minor')::bigint);
    if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', 'sale', 'most', v_most); end if;
    v_most := least(v_own.day_max_minor, (v_terms->>'day_max_minor')::bigint);
    if v_most is not null then
      v_most := greatest(v_most - ledger.card_used(v_card.id, d.business_date), 0);
      if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', 'day', 'most', v_most); end if;
    end if;
    if v_own.categories is not null or v_terms ? 'categories' then
      v_most := ledger.goods_within(d, shop.ints_in(v_terms, 'categories'), v_own.categories);
      if s.amount > v_most then return jsonb_build_object('wallet', s.wallet, 'why', 'goods', 'most', v_most); end if;
    end if;
  end loop;
  return null;
end $$;

-- What a card has spent of a business day, less what came back of it.
create or replace function ledger.card_used(card bigint, day date) returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(u.amount), 0)::bigint from ledger.card_use u
    where u.card = card_used.card and u.business_date = card_used.day and u.what = 'value');
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
