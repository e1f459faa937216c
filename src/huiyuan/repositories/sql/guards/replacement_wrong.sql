-- One old card, one blank one of its type that takes its wallet and its holder, and what the old one was: used, or not yet activated.
create or replace function guard.replacement_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_ok boolean;
begin
  select count(*) = 1 and bool_and(n.wallet = o.wallet and n.holder is not distinct from o.holder and c.type = o.type
           and n.now = case when o.state in ('issued', 'active') then o.state else ledger.state_before(o.id) end) into v_ok
    from unnest(d.cards) x join shop.card o on o.id = x.card
    join unnest(d.cards) n on n.was = 'blank' join shop.card c on c.id = n.card where x.now = 'replaced';
  if v_ok and cardinality(d.cards) = 2 then return null; end if;
  return (select jsonb_build_object('card', o.number, 'type', t.name) from unnest(d.cards) x join shop.card o on o.id = x.card
            join shop.card_type t on t.id = o.type order by x.now = 'replaced' desc limit 1);
end $$;
