-- A card moves only along the pairs of its kind, from the state the document relied on; a blank one goes to a holder's own wallet, or
-- with a replacement to the wallet and the holder of the old card; what was taken away gives back what the card was before. A card past
-- its last day is renewed before it changes its type.
create or replace function guard.card_state(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', x.card, 'was', x.was, 'now', x.now, 'state', s.state, 'due', s.due) from unnest(d.cards) x
      left join shop.card c on c.id = x.card
      left join lateral (select ledger.standing_state(c.state, c.valid_to, d.business_date) as state,
          case when x.was <> 'blank' and ledger.card_rank(x.now) < ledger.card_rank(x.was) then ledger.state_before(c.id) end as due) s on true
    where c.id is null or x.was not in (c.state, s.state)
       or (((d.kind).card_term = 'starts' or (d.kind).kind = 'card_type_change') and x.was <> s.state)
       or not (x.was || '>' || x.now) = any ((d.kind).card_moves)
       or (x.holder is not null and not exists (select from shop.member m where m.id = x.holder and m.archived_at is null))
       or (x.was <> 'blank' and (x.holder is not null or x.wallet is not null or s.due <> x.now))
       or (x.type is not null and not 'type_change_wrong' = any ((d.kind).guards))
       or (x.was = 'blank' and not guard.wallet_of_blank(d, x, c)) limit 1);
end $$;

create or replace function guard.wallet_of_blank(d ledger.draft, x ledger.card_in, c shop.card) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.kind).card_term = 'follows' then return true; end if;          -- guard.replacement_wrong sees to it
  return (x.wallet is null or exists (select from shop.wallet w where w.id = x.wallet and w.member = x.holder and w.merged_into is null)
       or shop.type_terms(c.type, d.at)->>'who' in ('supplementary', 'group'))   -- guard.card_type_refused says whose
     and (x.holder is not null or not (select t.registered from shop.card_type t where t.id = c.type));
end $$;
