-- Change is given from what the member handed over, never from nothing.
create or replace function guard.given_too_little(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  t ledger.tender_in;
begin
  foreach t in array d.tenders loop
    if t.given_minor < t.amount_minor + coalesce(t.rounded_minor, 0) or (t.given_minor is not null and t.kind <> 'cash') then
      return jsonb_build_object('amount', t.amount_minor + coalesce(t.rounded_minor, 0), 'given', t.given_minor);
    end if;
  end loop;
  return null;
end $$;
