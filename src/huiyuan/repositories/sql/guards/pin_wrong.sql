-- The guess was committed before this posting; here it is judged.
create or replace function guard.pin_wrong(d ledger.draft) returns jsonb language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if d.proofs = '{}' then return null; end if;
  return (select sec.judge_card_pin(p.pin_attempt, d.id, p.wallet) as answer from unnest(d.proofs) p
    where p.pin_attempt is not null and sec.judge_card_pin(p.pin_attempt, d.id, p.wallet) is not null limit 1);
end $$;
