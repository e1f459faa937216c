-- A card moves only along the pairs of its kind, from the state the document relied on; a blank one goes to a holder's own wallet.
create or replace function guard.card_state(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', x.card, 'was', x.was, 'now', x.now, 'state', c.state) from unnest(d.cards) x left
      join shop.card c on c.id = x.card
    where c.id is null or c.state <> x.was or not (x.was || '>' || x.now) = any ((d.kind).card_moves)
       or (x.wallet is not null and not exists (select from shop.wallet w where w.id = x.wallet and w.member = x.holder))
       or (x.holder is not null and not exists (select from shop.member m where m.id = x.holder and m.archived_at is null))
       or (x.was <> 'blank' and (x.holder is not null or x.wallet is not null))
       or (x.was = 'blank' and x.holder is null and (select t.registered from shop.card_type t where t.id = c.type)) limit 1);
end $$;
