-- Goods that entitled a top-up to its gift come back with a second person's signature while that top-up stands: the gift stays given.
create or replace function guard.gift_bound(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_by uuid := ledger.entitled_by((d.origin).id);
  v_goods jsonb;
begin
  if v_by is null or ((d.approver).id is not null
     and (sec.permission_of((d.approver).duty, (d.kind).permission)).permission is not null) then return null; end if;
  v_goods := (select v.body->'bought' from ledger.document t
    cross join jsonb_array_elements(coalesce(t.body->'grants', '[]') || coalesce(t.body->'gifts', '[]')) x
    join shop.rule_version v on v.rule = (x->>'rule')::int and v.version = (x->>'version')::int and v.body ? 'bought'
   where t.id = v_by limit 1);
  if (d.kind).takes_back = 'lines' and v_goods is not null
     and not exists (select from unnest(case when d.backs <> '{}' then d.backs else d.lines end) l
       join jsonb_array_elements(v_goods) g on (g->>'product')::int = l.product) then return null; end if;
  return jsonb_build_object('refused', 'approval_needed', 'permission', (d.kind).permission, 'why', 'gift', 'amount', d.total, 'limit', 0,
    'by', (select t.result->>'receipt' from ledger.document t where t.id = v_by));
end $$;
