-- Who served a line works here, is named once a line, and all shares of a line are at most the whole of it. A sale that happened without
-- the line names whom the counter knew.
create or replace function guard.seller_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if d.sellers = '{}' then return null; end if;
  return (select jsonb_build_object('line', s.line) from unnest(d.sellers) s
           where (s.share_bp between 1 and 10000 and exists (select from unnest(d.lines) l where l.n = s.line)
                  and exists (select from sec.staff f where f.id = s.staff and ((d.header).offline_at is not null
                        or f.active and sec.in_scope(f.units, (d.terminal).store)))
                  and (select sum(x.share_bp) <= 10000 and count(*) = count(distinct x.staff) from unnest(d.sellers) x where x.line = s.line)
                 ) is not true order by s.line limit 1);
end $$;
