-- A membership moves only along the pairs of its kind, from the state the document relied on.
create or replace function guard.member_state(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('member', x.member, 'was', x.was, 'now', x.now, 'state', m.state) from unnest(d.members) x
      left join shop.member m on m.id = x.member and m.archived_at is null
     where m.id is null or m.state <> x.was or not (x.was || '>' || x.now) = any ((d.kind).member_moves)
        or (select count(*) from unnest(d.members) o where o.member = x.member) > 1 limit 1);
end $$;
