-- Pieces of denominations that there are add up to the cash that the document states; another tender is one that is counted here, once.
-- A tender whose slips are counted is not left out of a close.
create or replace function guard.count_wrong(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_cash bigint := (select sum(c.denomination_minor * c.pieces::numeric) from unnest(d.counts) c where c.tender = 'cash');
  v_bad text;
begin
  select c.tender into v_bad from unnest(d.counts) c
    left join shop.denomination m on m.currency = d.currency and m.value_minor = c.denomination_minor
    left join shop.tender t on t.kind = c.tender and t.counted and t.account in ('tender', 'prepaid', 'voucher')
   group by c.tender, c.denomination_minor
  having count(*) > 1 or bool_or(coalesce(c.pieces, 0) < 0) or bool_or(case when c.tender = 'cash'
      then m.value_minor is null or c.pieces is null or c.amount_minor is not null
      else t.kind is null or c.denomination_minor is not null or c.amount_minor is null or c.amount_minor < 0 or (d.kind).counts <> 'close' end)
   limit 1;
  if v_bad is not null then return jsonb_build_object('tender', v_bad); end if;
  if v_cash <> (d.header).counted_minor then return jsonb_build_object('tender', 'cash'); end if;
  if (d.kind).counts = 'close' then
    return (select jsonb_build_object('refused', 'count_missing', 'tender', t.kind) from shop.tender t
             where t.counted and t.account in ('tender', 'prepaid', 'voucher') and t.active
               and not exists (select from unnest(d.counts) c where c.tender = t.kind)
               and exists (select from jsonb_array_elements(ledger.shift_tenders((d.header).shift)) x where x->>'kind' = t.kind) limit 1);
  end if;
  return null;
end $$;
