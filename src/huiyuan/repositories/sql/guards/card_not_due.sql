-- A card expires after its last day and not before; one that has no last day is neither expired nor renewed.
create or replace function guard.card_not_due(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('card', c.number, 'valid_to', c.valid_to) from unnest(d.cards) x join shop.card c on c.id = x.card
      join shop.card_type t on t.id = c.type
     where case when (d.kind).card_term = 'renews' then t.valid_months is null else coalesce(c.valid_to >= d.business_date, true) end limit 1);
end $$;
