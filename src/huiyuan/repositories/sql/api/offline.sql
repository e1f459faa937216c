-- What differed at the return of the line, and who said what was done about it.
create or replace function ledger.open_reviews(store int) returns setof sec.review
language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.* from sec.review r where r.store = open_reviews.store
     and not exists (select from sec.review_decided x where x.document = r.document and x.n = r.n) $$;

-- At most `most` of them behind one of them, oldest first.
drop function if exists api.reviews();
create or replace function api.reviews(after uuid, n int, most int) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare w record;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  return coalesce((select jsonb_agg(x.row order by x.at, x.document, x.n) from (
    select r.at, r.document, r.n, jsonb_build_object('document', r.document, 'n', r.n, 'what', r.what, 'amount_minor', r.amount_minor,
             'facts', r.facts, 'at', r.at, 'receipt', d.result->>'receipt', 'occurred_at', d.occurred_at, 'total_minor', d.total_minor) as row
      from ledger.open_reviews(w.store) r join ledger.document d on d.id = r.document 
     where reviews.after is null or (r.at, r.document, r.n) > (select a.at, a.document, a.n from sec.review a
            where a.document = reviews.after and a.n = reviews.n and a.store = w.store)
     order by r.at, r.document, r.n limit sec.at_most(most, 50, 200)) x), '[]');
end $$;

create or replace function api.review_decide(document uuid, n int, reason text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; v_row sec.review; v_reason text := btrim(normalize(coalesce(reason, ''), NFC));
begin
  w := sec.asks('approve');
  if w.refused is not null then return w.refused; end if;
  select r.* into v_row from sec.review r where r.document = review_decide.document and r.n = review_decide.n and r.store = w.store;
  if v_row.document is null then return sec.refusal('unknown_review'); end if;
  if length(v_reason) < 2 then return sec.refusal('reason_missing'); end if;
  if not shop.clean(v_reason, 200) then return sec.refusal('unclean_text', '{"field":"reason"}'); end if;
  insert into sec.review_decided(document, n, staff, terminal, reason) values (v_row.document, v_row.n, w.staff, w.terminal, v_reason)
    on conflict do nothing;
  if not found then return sec.refusal('unknown_review'); end if;
  perform sec.write_audit(w.terminal, w.staff, 'review', v_row.document, jsonb_build_object('n', v_row.n, 'what', v_row.what, 'reason', v_reason));
  return jsonb_build_object('document', v_row.document, 'n', v_row.n);
end $$;
grant execute on function api.reviews(uuid, int, int), api.review_decide(uuid, int, text) to huiyuan_terminal;
