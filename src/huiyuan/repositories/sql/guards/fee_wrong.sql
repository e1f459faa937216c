-- The fees that rules in force ask for this kind, each exactly; less only under an approval.
create or replace function guard.fee_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with due as (
      select r.rule, r.version, r.body->>'code' as code, r.amount_minor * greatest(cardinality(d.cards), 1) as amount
        from ledger.rule_in_force(d) r where r.family = 'fee' and r.body->>'kind' = (d.kind).kind)
    select jsonb_build_object('fee', coalesce(f.code, u.code), 'due', coalesce(u.amount, 0))
      from due u full join unnest(d.fees) f on f.rule = u.rule and f.version = u.version and f.code = u.code
     where u.rule is null or f.amount_minor > u.amount or (coalesce(f.amount_minor, 0) < u.amount and (d.approver).id is null)
        or (select count(*) from unnest(d.fees) x where x.rule = u.rule) > 1 limit 1);
end $$;
