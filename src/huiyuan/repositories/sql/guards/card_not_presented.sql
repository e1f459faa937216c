-- Stored value and points that pay leave a wallet only with a token, read just now, that opens this wallet.
create or replace function guard.card_not_presented(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if ledger.moves_value(d.kind) then return ledger.value_unproven(d); end if;
  if not ledger.takes_stored(d.tenders) then return null; end if;
  return (select jsonb_build_object('wallet', t.wallet) from unnest(d.tenders) t where t.wallet is not null and not exists (
    select from unnest(d.proofs) p join shop.card_token k on k.kind = p.token_kind and k.hmac = decode(p.token, 'hex')
       and k.valid_from <= d.at and (k.valid_to is null or k.valid_to > d.at)
      join shop.card c on c.id = k.card and c.wallet = t.wallet
     where p.wallet = t.wallet) limit 1);
end $$;

-- Value leaves a wallet for another one, or for money, only with its card: active, and with its PIN above the floor of once or of the day. A
-- transfer wants both cards, paying back one of whoever the wallet belongs to. A second person who signs stands in for a card that is not there.
create or replace function ledger.value_unproven(d ledger.draft) returns jsonb
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  w record;
  v_cards int; v_state text;
  v_floor bigint; v_day bigint;
begin
  select c.pin_floor_minor, c.pin_floor_day_minor into v_floor, v_day from shop.chain c;
  if (d.approver).id is not null then return null; end if;
  for w in select t.wallet, t.amount_minor, 1 as n from unnest(d.transfers) t union all select t.taker, 0, 2 from unnest(d.transfers) t
           union all select s.wallet, s.amount_minor, 0 from unnest(d.settlements) s order by n loop
    select count(*), min(s.state) filter (where s.state <> 'active') into v_cards, v_state from unnest(d.proofs) p
      join shop.card_token k on k.kind = p.token_kind and k.hmac = ledger.hex(p.token) and k.valid_from <= d.at
       and (k.valid_to is null or k.valid_to > d.at) join shop.card c on c.id = k.card and c.wallet = w.wallet
       and (w.n > 0 or c.holder is not distinct from (select v.member from shop.wallet v where v.id = w.wallet))
     cross join lateral (select ledger.standing_state(c.state, c.valid_to, d.business_date) as state) s where p.wallet = w.wallet;
    if v_cards = 0 then
      return jsonb_build_object('refused', 'card_not_presented', 'facts', jsonb_build_object('wallet', w.wallet));
    elsif v_state is not null then
      return jsonb_build_object('refused', 'card_not_active', 'facts', jsonb_build_object('wallet', w.wallet, 'state', v_state));
    elsif w.n < 2 and w.amount_minor > 0 and (w.amount_minor > v_floor or w.amount_minor + ledger.left_on(w.wallet, d.business_date) > v_day)
       and not exists (select from unnest(d.proofs) p where p.wallet = w.wallet and p.pin_attempt is not null) then
      return jsonb_build_object('refused', 'pin_needed', 'facts', jsonb_build_object('wallet', w.wallet, 'floor', v_floor));
    end if;
  end loop;
  return null;
end $$;
