-- A bearer card belongs to whoever has it: nobody can report it lost.
create or replace function guard.bearer_card(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', c.number) from unnest(d.cards) x join shop.card c on c.id = x.card join shop.card_type t on t.id = c.type
     where not t.registered limit 1);
end $$;
