-- A card terminal's or a payment service's reference ties the tender to their books.
create or replace function guard.reference_missing(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('tender', t.kind) from unnest(d.tenders) t join shop.tender x on x.kind = t.kind and x.reference
    where coalesce(length(btrim(t.reference)), 0) not between 1 and 64 or not shop.clean(t.reference, 64) limit 1);
end $$;
