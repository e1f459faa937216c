-- A card of a type that is applied for is issued on an approved application of its holder, one each.
create or replace function guard.application_missing(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', min(c.number), 'type', min(t.name)) from unnest(d.cards) x join shop.card c on c.id = x.card
      join shop.card_type t on t.id = c.type and t.by_application where x.was = 'blank' group by x.holder, t.id
    having count(*) > (select count(*) from shop.card_application p where p.member = x.holder and p.type = t.id and p.state = 'approved') limit 1);
end $$;
