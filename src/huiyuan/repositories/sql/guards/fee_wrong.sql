-- The fees that rules in force ask for this kind, each once and exactly; less only under an approval. While a version gives way
-- to the next, either may be named. A fee of every year names its card and year, unless it comes with the issue.
create or replace function guard.fee_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (with due as (
      select u.rule, u.version, u.code, sum(u.amount)::bigint as amount, u.card, u.year from (
        select x.rule, x.version, x.code, x.amount, case when (d.kind).card_moves = '{}' then x.card end as card,
               case when (d.kind).card_moves = '{}' then x.year end as year from ledger.fees_due(d) x) u
       group by u.rule, u.version, u.code, u.card, u.year)
    select jsonb_build_object('fee', x.code, 'due', x.due) from (
      select f.code, coalesce(u.amount, 0) as due from unnest(d.fees) f
        left join due u on u.rule = f.rule and u.version = f.version and u.code = f.code and u.card is not distinct from f.card
                       and u.year is not distinct from f.year
       where u.rule is null or f.amount_minor > u.amount or (f.amount_minor < u.amount and (d.approver).id is null)
          or (select count(*) from unnest(d.fees) o where (o.rule, o.card, o.year) is not distinct from (f.rule, f.card, f.year)) > 1
      union all
      select w.code, w.amount from due w
       where w.amount > 0 and w.year is null and (d.approver).id is null and not exists (select from unnest(d.fees) f where f.rule = w.rule)) x
    limit 1);
end $$;
