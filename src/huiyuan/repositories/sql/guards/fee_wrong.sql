-- The fees that rules in force ask for this kind, each once and exactly; less only under an approval. While a version gives way
-- to the next, either may be named.
create or replace function guard.fee_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with due as (
      select r.rule, r.version, r.body->>'code' as code, r.amount_minor * greatest(cardinality(d.cards), 1) as amount
        from ledger.rule_in_force(d) r where r.family = 'fee' and r.body->>'kind' = (d.kind).kind)
    select jsonb_build_object('fee', x.code, 'due', x.due) from (
      select f.code, coalesce(u.amount, 0) as due from unnest(d.fees) f
        left join due u on u.rule = f.rule and u.version = f.version and u.code = f.code
       where u.rule is null or f.amount_minor > u.amount or (f.amount_minor < u.amount and (d.approver).id is null)
          or (select count(*) from unnest(d.fees) o where o.rule = f.rule) > 1
      union all
      select w.code, w.amount from due w
       where w.amount > 0 and (d.approver).id is null and not exists (select from unnest(d.fees) f where f.rule = w.rule)) x limit 1);
end $$;
