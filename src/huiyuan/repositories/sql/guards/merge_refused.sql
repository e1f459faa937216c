-- Two members become one: both there and active, neither merged before, nothing owed or paid ahead, and what both hold within the cap of
-- the card. Two people who sign lift no freeze: the cards of one who rests would be good again.
create or replace function guard.merge_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  m ledger.merge_in := d.merges[1];
  v_why jsonb;
  v_cap jsonb;
begin
  select case when f.id is null or o.id is null then '{"why": "unknown"}'::jsonb when f.id = o.id then '{"why": "same"}'
              when f.merged_into is not null or o.merged_into is not null or o.archived_at is not null or f.archived_at is not null
                then '{"why": "archived"}'
              when f.kind <> o.kind then '{"why": "kind"}'
              else (select jsonb_build_object('why', 'account', 'account', a.kind, 'amount', abs(a.balance)) from shop.wallet w
                      join ledger.account a on a.wallet = w.id join ledger.account_kind k on k.kind = a.kind
                     where w.member = f.id and not k.lots and k.kind <> 'points_debt' and (a.balance <> 0 or a.limit_minor <> 0) limit 1) end
    into v_why from (values (1)) one left join shop.member f on f.id = m.member left join shop.member o on o.id = m.kept;
  if v_why is not null then return v_why; end if;
  v_why := ledger.rests(array[m.member, m.kept], '{frozen,cancelled}');
  if v_why is not null then return jsonb_build_object('refused', 'membership_rests', 'facts', v_why); end if;
  if (d.header).wallet is null then return null; end if;
  select ledger.over_cap(d, (d.header).wallet, w.id) into v_cap from shop.wallet w where w.member in (m.member, m.kept)
   order by ledger.over_cap(d, (d.header).wallet, w.id) is null limit 1;
  return case when v_cap is not null then jsonb_build_object('refused', 'balance_cap', 'facts', v_cap) end;
end $$;
