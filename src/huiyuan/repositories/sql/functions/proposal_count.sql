-- How many proposals the person on this connection could sign: a hint at home, live by the channel huiyuan_approvals.
create or replace function sec.proposals_waiting() returns bigint
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  here sec.session := sec.session_here(); person sec.staff;
begin
  if here.id is null then return 0; end if;
  select f.* into person from sec.staff f where f.id = here.staff;
  if (sec.permission_of(person.duty, 'approve')).permission is null then return 0; end if;
  return (select count(*) from sec.proposal p where p.ok_staff is null and p.declined_at is null and p.by_staff <> person.id
    and p.at > clock_timestamp() - interval '10 minutes' and sec.in_scope(person.units, p.store));
end $$;
