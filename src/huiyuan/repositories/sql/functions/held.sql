-- The sale that a basket put aside became. It settles only where the basket is: at the one till that has it, and only once.
create or replace function ledger.settle_held(d ledger.draft) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  h shop.held_sale;
begin
  if (d.header).held is null then return; end if;
  select x.* into h from shop.held_sale x where x.id = (d.header).held for no key update;
  if h.id is null or h.ended_at is not null or h.store <> (d.terminal).store then
    perform sec.refuse('held_gone', jsonb_build_object('held', (d.header).held));
  end if;
  if h.taken_by is distinct from (d.terminal).id then
    perform sec.refuse('held_elsewhere', jsonb_build_object('terminal', (select t.code from sec.terminal t where t.id = h.taken_by)));
  end if;
  update shop.held_sale x set ended_at = d.at, ended = 'settled', basket = null where x.id = h.id;
end $$;
