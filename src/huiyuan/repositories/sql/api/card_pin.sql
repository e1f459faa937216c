-- The PIN of a wallet. The guess is committed before the posting that judges it, so no rollback hides one; judging only reads,
-- so a posting that is refused for something else costs no guess.

-- When somebody last gave up the PIN of a wallet, or lifted its lock, by a document; here alone where a terminal is named.
create or replace function sec.pin_moved_at(p_kind text, p_wallet bigint, p_terminal int default null) returns timestamptz
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select max(d.posted_at) from shop.card c join ledger.card_event e on e.card = c.id and e.wallet = c.wallet
    join ledger.document d on d.id = e.document
   where c.wallet = p_wallet and d.kind = p_kind and d.terminal = coalesce(p_terminal, d.terminal) $$;

-- Until when a wallet is locked; null: it may be tried. What this very transaction stored counts as wrong whatever it is.
create or replace function sec.wrong_card_pins(p_wallet bigint) returns setof timestamptz
language sql volatile set search_path = pg_catalog, pg_temp as $$
  with guess as (
    select a.at, coalesce(a.guess = w.pin_verifier and a.xid <> pg_current_xact_id(), false) as is_right
      from sec.pin_attempt a join shop.wallet w on w.id = a.wallet
     where a.wallet = p_wallet and a.at > clock_timestamp() - interval '15 minutes')
  select g.at from guess g where not g.is_right and g.at > coalesce((select max(r.at) from guess r where r.is_right), '-infinity')
     and g.at > coalesce(sec.pin_moved_at('card_pin_unlock', p_wallet), '-infinity') $$;

create or replace function sec.card_pin_locked_until(p_wallet bigint) returns timestamptz
language sql volatile set search_path = pg_catalog, pg_temp as
$$ select w.at + interval '15 minutes' from sec.wrong_card_pins(p_wallet) w(at) order by w.at desc offset 4 limit 1 $$;

-- A card of a wallet that is another person's.
create or replace function sec.of_another(c shop.card) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as
$$ select exists (select from shop.wallet w where w.id = c.wallet and w.member is distinct from c.holder) $$;

-- Whether there is anything to give up or to lift.
create or replace function sec.pin_move_open(p_kind text, p_wallet bigint) returns boolean
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select case p_kind when 'card_pin_unlock' then sec.card_pin_locked_until(p_wallet) is not null
    else exists (select from shop.wallet w where w.id = p_wallet and w.pin_verifier is not null) end $$;

create or replace function sec.card_pin_refusal(p_wallet bigint) returns jsonb
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select case when u.until is not null
    then sec.refusal('pin_locked', jsonb_build_object('wallet', p_wallet, 'minutes', sec.minutes_until(u.until))) end
    from (select sec.card_pin_locked_until(p_wallet)) u(until) $$;

create or replace function api.pin_begin(attempt uuid, document uuid, wallet bigint, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record;
  v_wallet shop.wallet;
  v_refusal jsonb;
begin
  if sec.in_transaction() then return sec.refusal('in_transaction'); end if;
  w := sec.asks('sale');
  if w.refused is not null then return w.refused; end if;
  if attempt is null or document is null or key is null or length(key) <> 32 then
    return sec.malformed('pin', 'key');
  end if;
  select * into v_wallet from shop.wallet x where x.id = pin_begin.wallet for no key update;       -- one guess at a time
  v_refusal := case
    when v_wallet.id is null then sec.refusal('unknown_wallet', jsonb_build_object('wallet', wallet))
    when v_wallet.pin_verifier is null then sec.refusal('pin_not_set', jsonb_build_object('wallet', wallet))
    else sec.card_pin_refusal(wallet) end;
  if v_refusal is not null then return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts'); end if;
  insert into sec.pin_attempt(id, wallet, document, terminal, guess) values (attempt, wallet, document, w.terminal, sec.verifier(key))
    on conflict do nothing;
  if not found then return sec.refusal('id_reused'); end if;
  perform sec.write_audit(w.terminal, w.staff, 'card_pin_try', document, jsonb_build_object('wallet', wallet));
  return jsonb_build_object('attempt', attempt);
end $$;

-- For the door: null when the attempt proves the PIN of this wallet for this document at the terminal that asks; else code and
-- facts. It only reads. A resent document finds its attempt for a day, also when the wallet was locked since.
create or replace function sec.judge_card_pin(attempt uuid, document uuid, wallet bigint) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_guess bytea := (
    select a.guess from sec.pin_attempt a
     where a.id = judge_card_pin.attempt and a.document = judge_card_pin.document and a.wallet = judge_card_pin.wallet
       and a.terminal = (sec.terminal_here()).id and a.xid <> pg_current_xact_id() and a.at > clock_timestamp() - interval '24 hours');
  v_refusal jsonb;
begin
  if v_guess = (select w.pin_verifier from shop.wallet w where w.id = judge_card_pin.wallet) then return null; end if;
  v_refusal := case when v_guess is not null then
      sec.refusal('pin_wrong', jsonb_build_object('wallet', wallet,
        'tries_left', (select greatest(0, 5 - count(*)) from sec.wrong_card_pins(judge_card_pin.wallet))))
    else coalesce(sec.card_pin_refusal(wallet),           -- no such guess: a locked wallet stores none
      sec.refusal('pin_needed', (select jsonb_build_object('wallet', wallet, 'floor', c.pin_floor_minor) from shop.chain c))) end;
  return v_refusal;
end $$;

-- The wallet of a card that was presented and may have a PIN; else the refusal.
create or replace function sec.card_for_pin(w record, token_kind text, token bytea, key bytea, out card shop.card, out refused jsonb)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  refused := w.refused;
  if refused is not null then return; end if;
  if key is null or length(key) <> 32 then refused := sec.malformed('pin', 'key'); return; end if;
  select c.* into card from shop.card_token t join shop.card c on c.id = t.card
   where t.kind = card_for_pin.token_kind and t.hmac = card_for_pin.token and t.valid_from <= clock_timestamp()
     and (t.valid_to is null or t.valid_to > clock_timestamp());
  if card.id is null then
    refused := sec.refused(w.terminal, w.staff, 'unknown_card', jsonb_build_object('token_kind', left(token_kind, 20)));
  elsif card.state not in ('issued', 'active') then
    refused := sec.refused(w.terminal, w.staff, 'card_not_active', jsonb_build_object('wallet', card.wallet, 'state', card.state));
  end if;
end $$;

create or replace function sec.write_card_pin(w record, card shop.card, key bytea, what text) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update shop.wallet x set pin_verifier = sec.verifier(key), pin_set_at = clock_timestamp() where x.id = card.wallet;
  delete from sec.pin_attempt a where a.wallet = card.wallet;
  perform sec.write_audit(w.terminal, w.staff, what, null, jsonb_build_object('wallet', card.wallet, 'card', card.id));
  return jsonb_build_object('wallet', card.wallet, 'pin_set', true);
end $$;

-- The first PIN of a presented card's wallet; a new one, and the first one with a card of another holder, only after a document gave up
-- what was there, at this terminal, just now, once.
create or replace function api.set_card_pin(token_kind text, token bytea, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('card_pin');
  v record;
  v_wallet shop.wallet;
begin
  v := sec.card_for_pin(w, token_kind, token, key);
  if v.refused is not null then return v.refused; end if;
  select x.* into v_wallet from shop.wallet x where x.id = (v.card).wallet for no key update;
  if (v_wallet.pin_verifier is not null or sec.of_another(v.card))
      and coalesce(sec.pin_moved_at('card_pin_reset', v_wallet.id, w.terminal), '-infinity')
        <= greatest(v_wallet.pin_set_at, clock_timestamp() - interval '15 minutes') then
    if v_wallet.pin_verifier is not null then return sec.refused(w.terminal, w.staff, 'pin_set', jsonb_build_object('wallet', v_wallet.id)); end if;
    return sec.refused(w.terminal, w.staff, 'pin_not_own', jsonb_build_object('wallet', v_wallet.id,
      'name', (select m.name from shop.member m where m.id = v_wallet.member)));
  end if;
  return sec.write_card_pin(w, v.card, key, case when v_wallet.pin_verifier is null then 'card_pin' else 'card_pin_reset' end);
end $$;

-- A new PIN for whoever knows the old one: the guess was committed before (pin_begin, for the attempt itself as the document).
create or replace function api.change_card_pin(attempt uuid, token_kind text, token bytea, key bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record;
  v record;
  v_bad jsonb;
begin
  if sec.in_transaction() then return sec.refusal('in_transaction'); end if;
  w := sec.asks('card_pin');
  v := sec.card_for_pin(w, token_kind, token, key);
  if v.refused is not null then return v.refused; end if;
  perform 1 from shop.wallet x where x.id = (v.card).wallet for no key update;
  v_bad := sec.judge_card_pin(attempt, attempt, (v.card).wallet);
  if v_bad is not null then return sec.refused(w.terminal, w.staff, v_bad->>'refused', v_bad->'facts'); end if;
  return sec.write_card_pin(w, v.card, key, 'card_pin_change');
end $$;
grant execute on function api.pin_begin(uuid, uuid, bigint, bytea), api.set_card_pin(text, bytea, bytea),
  api.change_card_pin(uuid, text, bytea, bytea) to huiyuan_terminal;
