-- A bearer card holds good for at least the months that the law asks. (Of a registered one the paid money never ends: a constraint of its
-- lots; what a last day ends there is the membership, and a renewal opens the money again.)
create or replace function guard.validity_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_card bigint;
  v_months int;
  r shop.law_rule;
begin
  select c.id, t.valid_months into v_card, v_months from unnest(d.cards) x join shop.card c on c.id = x.card
    join shop.card_type t on t.id = coalesce(x.type, c.type) and not t.registered and t.valid_months is not null order by t.valid_months limit 1;
  if v_card is null then return null; end if;
  for r in select * from ledger.law_of('{bearer_validity}', (d.terminal).store, d.at) loop
    if v_months < r.months then return ledger.law_facts(r, null) || jsonb_build_object('card', v_card, 'given', v_months); end if;
  end loop;
  return null;
end $$;
