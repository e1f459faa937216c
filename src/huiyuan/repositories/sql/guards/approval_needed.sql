-- Above the kind's threshold, or above the person's own limit, a second person signs; that person's limit counts too. Pieces of one
-- sale count together, and what two people did is not undone by one, nor by one on another day what a customer did with his card.
create or replace function guard.approval_needed(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_mine sec.permission := sec.permission_of((d.staff).duty, (d.kind).permission);
  v_theirs sec.permission := sec.permission_of((d.approver).duty, (d.kind).permission);
  v_above bigint := (d.kind).approval_above_minor;
  v_amount bigint := d.total;
  v_limit bigint;
begin
  if (d.kind).takes_back = 'whole' then
    v_above := least(v_above, (select k.approval_above_minor from ledger.kind k where k.kind = (d.origin).kind),
      case when (d.origin).kind in ('value_transfer', 'pass_use') and (d.origin).business_date < d.business_date then 0 end);
  elsif (d.kind).takes_back = 'lines' then
    v_amount := coalesce((select sum(l.total_minor) from unnest(d.backs) l), v_amount)
      + coalesce((select sum(r.amount_minor) from ledger.returned r where r.document = (d.origin).id), 0);
  end if;
  v_limit := least(case when v_mine.permission is null then 0 else v_mine.limit_minor end, v_above);
  if v_mine.permission is not null and v_above is distinct from 0 and v_amount <= coalesce(v_limit, v_amount) then return null; end if;
  if (d.approver).id is not null and v_theirs.permission is not null and v_amount <= coalesce(v_theirs.limit_minor, v_amount)
     and (sec.permission_of((d.approver).duty, 'approve')).permission is not null
     and sec.in_scope((d.approver).units, (d.terminal).store) then return null; end if;
  return jsonb_build_object('permission', (d.kind).permission, 'amount', v_amount, 'limit', coalesce(v_limit, 0));
end $$;
