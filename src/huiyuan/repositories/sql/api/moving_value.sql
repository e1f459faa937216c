-- Whose name the bank account bears that a closed card is paid back to. Compared here and forgotten: the row says only that it was the same.
create or replace function api.payee_seen(document uuid, wallet bigint, name text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('settlement');
  v_name text;
  v_same boolean;
begin
  if w.refused is not null then return w.refused; end if;
  if document is null or coalesce(shop.clean(name, 64), false) is not true then return sec.refusal('unclean_text', '{"field":"name"}'); end if;
  select m.name into v_name from shop.wallet v join shop.member m on m.id = v.member where v.id = payee_seen.wallet;
  if v_name is null then return sec.refusal('unknown_wallet', jsonb_build_object('wallet', wallet)); end if;
  v_same := regexp_replace(lower(normalize(name, NFKC)), '\s', '', 'g') = regexp_replace(lower(normalize(v_name, NFKC)), '\s', '', 'g');
  if not v_same then return sec.refused(w.terminal, w.staff, 'payee_differs', jsonb_build_object('wallet', wallet)); end if;
  insert into sec.payee_seen(document, wallet, same, terminal, staff) values (payee_seen.document, payee_seen.wallet, v_same, w.terminal, w.staff)
  on conflict do nothing;
  if not exists (select from sec.payee_seen p where p.document = payee_seen.document and p.wallet = payee_seen.wallet) then
    return sec.refusal('id_reused', '{}');
  end if;
  return jsonb_build_object('wallet', wallet, 'same', v_same);
end $$;
grant execute on function api.payee_seen(uuid, bigint, text) to huiyuan_terminal;
