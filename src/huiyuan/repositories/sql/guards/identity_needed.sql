-- Whoever buys a registered card's value, or bearer cards of a large sum, has shown an identity document: it stands in the member's record.
create or replace function guard.identity_needed(d ledger.draft) returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_buyer bigint;
  v_registered boolean;
  v_sum bigint;
  v_sold bigint := ledger.sold_value(d);
  r shop.law_rule;
begin
  if v_sold is null then return null; end if;
  v_buyer := ledger.buyer_of(d);
  if (d.header).buyer is not null and not exists (select from shop.member m where m.id = v_buyer and m.archived_at is null) then
    return jsonb_build_object('refused', 'unknown_member', 'facts', jsonb_build_object('member', v_buyer));
  end if;
  v_registered := ledger.is_registered((d.header).wallet);
  -- One buyer at two tills is added up, not missed, nor whoever is bought for; nobody in particular is added up by till, whose row is locked
  -- already.
  perform pg_advisory_xact_lock(hashtextextended('bought by ' || x.id, 4)) from (
    select distinct y.id from (values (v_buyer), ((select w.member from shop.wallet w where w.id = (d.header).wallet))) y(id)
     where y.id is not null order by y.id) x;
  for r in select * from ledger.law_of(case when v_registered then '{identity_registered}'::text[] when v_buyer is null then '{identity_unnamed}'
                                            else '{identity_bearer}' end, (d.terminal).store, d.at) loop
    v_sum := v_sold + case when v_registered then 0
      else ledger.bought(v_buyer, (d.terminal).id, true, ledger.since(r, d.at)) end;
    if v_sum >= r.amount_minor and not ledger.is_identified(v_buyer) then
      return ledger.law_facts(r, v_sum) || jsonb_build_object('wallet', (d.header).wallet, 'buyer', v_buyer);
    end if;
  end loop;
  return null;
end $$;
