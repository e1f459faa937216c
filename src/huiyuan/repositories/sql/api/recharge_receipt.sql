-- Whether a receipt entitles a card's wallet to a rule that asks for a purchase: looked at before the money is taken, decided by the door.
create or replace function api.recharge_receipt(receipt text, wallet bigint) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('top_up');
  v_part text[] := regexp_match(upper(normalize(btrim(receipt), NFKC)), '^([A-Z0-9]{1,8})-([0-9]{1,3})-([0-9]{1,12})$');
  s ledger.document;
begin
  if w.refused is not null then return w.refused; end if;
  select d.* into s from shop.unit u join sec.terminal t on t.store = u.id and t.code = v_part[2]
    join ledger.document d on d.terminal = t.id and d.number = v_part[3]::bigint and d.kind in ('sale', 'exchange')
   where u.code = v_part[1];
  if s.id is null then return sec.refusal('gift_refused', '{"why": "unknown"}'); end if;
  return jsonb_build_object('document', s.id, 'receipt', s.result->>'receipt', 'days', api.business_day() - s.business_date,
    'own', s.wallet is null or coalesce(ledger.same_buyer(s.wallet, recharge_receipt.wallet), false),
    'used', (select x.result->>'receipt' from ledger.document x where x.id = ledger.entitled_by(s.id)),
    'products', (select coalesce(jsonb_agg(k.product order by k.product), '[]') from ledger.goods_kept(s.id) k));
end $$;
grant execute on function api.recharge_receipt(text, bigint) to huiyuan_terminal;
