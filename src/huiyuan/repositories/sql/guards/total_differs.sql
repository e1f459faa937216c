-- The counter showed the total that the door makes itself.
create or replace function guard.total_differs(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).total_minor is distinct from d.total then return jsonb_build_object('total', d.total); end if;
  return guard.back_differs(d);
end $$;

-- What each line of an exchange brings back was shown as well.
create or replace function guard.back_differs(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if d.backs = '{}' then return null; end if;
  return (select jsonb_build_object('total', l.total_minor) from unnest(d.backs) l
            join jsonb_to_recordset(d.body->'backs') s(n int, total_minor bigint) on s.n = l.n where s.total_minor <> l.total_minor limit 1);
end $$;
