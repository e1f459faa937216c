-- Tiers and the stock of blank cards; members themselves: member_save.sql. Whatever moves value or a card's state is a document and
-- goes through the door.

create or replace function api.tier_put(tier int, code text, name text, rank int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; before shop.tier; after shop.tier; bad text;
  v_code text := normalize(btrim(code), NFKC);
begin
  w := sec.asks('settings');
  if w.refused is not null then return w.refused; end if;
  if not sec.covers(w.units, null) then return sec.refusal('wrong_store', '{"store":null}'); end if;
  bad := shop.unclean('{code,name}', array[v_code, name], '{16,64}');
  if bad is not null then return sec.refusal('unclean_text', jsonb_build_object('field', bad)); end if;
  if rank is null then return sec.malformed('tier', 'rank'); end if;
  if tier is null then
    insert into shop.tier(code, name, rank) values (v_code, tier_put.name, tier_put.rank) returning * into after;
  else
    select t.* into before from shop.tier t where t.id = tier_put.tier for update;
    if before.id is null then return sec.malformed('tier', 'tier'); end if;
    update shop.tier t set code = v_code, name = tier_put.name, rank = tier_put.rank where t.id = before.id returning t.* into after;
  end if;
  perform sec.edited(w.terminal, w.staff, 'tier', to_jsonb(before), to_jsonb(after));
  return jsonb_build_object('tier', after.id);
exception when unique_violation then
  return sec.refusal('already_used', jsonb_build_object('field', 'code', 'value', v_code));
end $$;

-- Registers blank cards: [{number, tokens: [{kind, token (hex HMAC)}]}]. All or none.
create or replace function api.card_stock_in(type text, cards jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; v_type shop.card_type; bad text; n int;
begin
  w := sec.asks('cards_stock');
  if w.refused is not null then return w.refused; end if;
  select y.* into v_type from shop.card_type y where y.code = card_stock_in.type;
  if v_type.id is null then return sec.malformed('cards', 'type'); end if;
  if cards is null or jsonb_typeof(cards) <> 'array' or jsonb_array_length(cards) not between 1 and 1000 then
    return sec.malformed('cards', 'cards');
  end if;
  if exists (select from jsonb_array_elements(cards) c where jsonb_typeof(c->'tokens') is distinct from 'array'
               or not coalesce(shop.clean(c->>'number', 32), false)) then return sec.refusal('unclean_text', '{"field":"number"}'); end if;
  if exists (select from jsonb_array_elements(cards) c cross join jsonb_array_elements(c->'tokens') t
              where t->>'kind' is null or t->>'kind' not in ('number', 'barcode', 'magstripe', 'uid', 'ndef')
                 or t->>'token' is null or t->>'token' !~ '^([0-9a-f]{2}){16,64}$') then return sec.malformed('cards', 'tokens'); end if;
  select k.number into bad
    from (select c->>'number' as number, count(*) over (partition by c->>'number') as times from jsonb_array_elements(cards) c) k
   where k.times > 1 or exists (select from shop.card x where x.number = k.number) limit 1;
  if bad is not null then return sec.refusal('already_used', jsonb_build_object('field', 'number', 'value', bad)); end if;
  insert into shop.card(number, type, state)
  select e.c->>'number', v_type.id, 'blank' from jsonb_array_elements(cards) with ordinality e(c, n) order by e.n;
  get diagnostics n = row_count;
  insert into shop.card_token(kind, hmac, card)
  select t->>'kind', decode(t->>'token', 'hex'), x.id from jsonb_array_elements(cards) c join shop.card x on x.number = c->>'number'
   cross join jsonb_array_elements(c->'tokens') t;
  perform sec.edited(w.terminal, w.staff, 'card_stock', null, jsonb_build_object('type', v_type.code, 'numbers',
    (select jsonb_agg(c->'number') from jsonb_array_elements(cards) c)));
  return jsonb_build_object('cards', n);
exception when unique_violation then
  return sec.refusal('already_used', '{"field":"token","value":null}');
end $$;
grant execute on function api.tier_put(int, text, text, int),
  api.card_stock_in(text, jsonb) to huiyuan_terminal;
