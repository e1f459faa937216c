-- A PIN is given up, or its lock lifted, for whoever the wallet belongs to and whose number on a paper is the one on file; for anybody else
-- (a paper that was only seen, the holder of another card of the wallet, a card that is nobody's) a second person signs. Where there is no PIN, or no
-- lock, there is nothing to do; but the first PIN, chosen with another holder's card, begins here, too.
create or replace function guard.pin_unproven(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v_wallet bigint; v_holder bigint;
begin
  for v_wallet, v_holder in select c.wallet, c.holder from unnest(d.cards) x join shop.card c on c.id = x.card loop
    if not exists (select from shop.wallet w where w.id = v_wallet and (w.pin_verifier is not null
        or ((d.kind).kind = 'card_pin_reset' and w.member is distinct from v_holder))) then
      return jsonb_build_object('refused', 'pin_not_set', 'facts', jsonb_build_object('wallet', v_wallet));
    elsif (d.kind).kind = 'card_pin_unlock' and not sec.pin_move_open((d.kind).kind, v_wallet) then
      return jsonb_build_object('refused', 'pin_not_locked', 'facts', jsonb_build_object('wallet', v_wallet));
    elsif (sec.permission_of((d.approver).duty, (d.kind).permission)).permission is null
      and not exists (select from unnest(d.identity) i join shop.wallet w on w.id = v_wallet and w.member = i.holder
        where i.holder = v_holder and i.match is not null) then
      return jsonb_build_object('refused', 'approval_needed', 'facts',
        jsonb_build_object('permission', (d.kind).permission, 'amount', 0, 'limit', 0));
    end if;
  end loop;
  return null;
end $$;
