-- An application moves only along the pairs of its kind; who made it does not judge it; one a member and type is open at a time.
create or replace function guard.application_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('application', x.application, 'was', x.was, 'now', x.now, 'state', p.state) from unnest(d.applications) x
      left join shop.card_application p on p.id = x.application
     where not (x.was || '>' || x.now) = any ((d.kind).application_moves) or cardinality(d.applications) > 1
        or case when x.was = 'new'
             then x.application is not null or not coalesce(shop.clean(x.papers, 200), false)
               or not exists (select from shop.card_type t where t.id = x.type and t.by_application)
               or not exists (select from shop.member m where m.id = x.holder and m.archived_at is null)
               or exists (select from shop.card_application o where o.member = x.holder and o.type = x.type and o.state in ('applied', 'approved'))
             else p.id is null or p.state <> x.was or x.type is not null or x.holder is not null or x.papers is not null
               or (x.now in ('approved', 'rejected') and p.applied_by = (d.staff).id) end limit 1);
end $$;
