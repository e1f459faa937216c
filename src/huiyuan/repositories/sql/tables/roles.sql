-- Roles of the cluster. Nobody logs in as the owner; a terminal is a login role inside huiyuan_terminal, and one that has no
-- password is in huiyuan_certificate too: pg_hba.conf tells the two ways of login apart by that.
-- Roles outlive databases, so each is made only where it is missing; a restore runs this file before the archive, which holds none.
do $$
declare wanted text;
begin
  foreach wanted in array array['huiyuan_owner', 'huiyuan_terminal', 'huiyuan_certificate', 'huiyuan_report', 'huiyuan_import',
                               'huiyuan_enroller'] loop
    if not exists (select from pg_catalog.pg_roles r where r.rolname = wanted) then
      execute format('create role %I nologin', wanted);
    end if;
  end loop;
end $$;

-- The enroller owns the two functions that make and close logins, and nothing else.
alter role huiyuan_enroller createrole;
do $$
declare given text;
begin
  foreach given in array array['huiyuan_terminal', 'huiyuan_certificate'] loop
    if not pg_has_role('huiyuan_enroller', given, 'member') then
      execute format('grant %I to huiyuan_enroller with admin option', given);
    end if;
  end loop;
  grant pg_signal_backend to huiyuan_enroller;
  grant set on parameter temp_file_limit, log_parameter_max_length to huiyuan_enroller;
  grant pg_read_all_stats to huiyuan_owner;      -- else backend_start of the caller reads as null
  execute format('revoke all on database %I from public', current_database());     -- takes TEMP away as well
  execute format('grant connect on database %I to huiyuan_terminal, huiyuan_report, huiyuan_import', current_database());
end $$;

revoke all on schema public from public;
revoke execute on function pg_catalog.lo_creat(int), pg_catalog.lo_create(oid), pg_catalog.lo_from_bytea(oid, bytea),
  pg_catalog.lo_put(oid, bigint, bytea), pg_catalog.lowrite(int, bytea) from public;   -- or one terminal fills the disk

alter default privileges revoke execute on functions from public;
alter default privileges for role huiyuan_owner revoke execute on functions from public;
