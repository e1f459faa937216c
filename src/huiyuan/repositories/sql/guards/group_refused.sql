-- Coupons that close a group-buy order: an open one of this store, the tier that its places reach, and a code for every piece of
-- everybody who takes part, no more. Volatile: the places are read after the order was locked.
create or replace function guard.group_refused(d ledger.draft) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  g shop.group_order;
  t shop.group_tier;
  v_pieces bigint;
  v_least bigint;
begin
  if (d.header).group_order is null then return null; end if;
  if (sec.permission_of((d.staff).duty, 'group_order')).permission is null then
    return '{"refused":"not_permitted","facts":{"permission":"group_order"}}';
  end if;
  select x.* into g from shop.group_order x where x.id = (d.header).group_order and x.store = (d.terminal).store;
  if g.id is null then return '{"why":"unknown"}'; end if;
  if g.ended_at is not null then return jsonb_build_object('why', case when g.document is null then 'called_off' else 'closed' end); end if;
  select coalesce(sum(s.qty_milli), 0) into v_pieces from shop.group_standing(g.id) s;
  t := shop.group_tier_of(g.id, v_pieces);
  if t.rule is null then
    v_least := (select min(x.from_milli) from shop.group_tier x where x.group_order = g.id);
    return jsonb_build_object('why', 'short', 'qty_milli', v_least - v_pieces);
  end if;
  if exists (select from unnest(d.coupons) c where c.rule is distinct from t.rule) or exists (
      select from (select c.holder, count(*) * 1000 as qty_milli from unnest(d.coupons) c group by c.holder) c
        full join shop.group_standing(g.id) s on s.holder = c.holder where c.qty_milli is distinct from s.qty_milli) then
    return jsonb_build_object('why', 'places', 'qty_milli', v_pieces);
  end if;
  return null;
end $$;
