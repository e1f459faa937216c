-- A card terminal's or a payment service's reference ties the tender to their books.
create or replace function guard.reference_missing(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select jsonb_build_object('tender', t.kind) from unnest(d.tenders) t join shop.tender x on x.kind = t.kind
    where (x.reference and coalesce(length(btrim(t.reference)), 0) = 0) or (t.reference is not null and not shop.clean(t.reference, 64)) limit 1);
end $$;
