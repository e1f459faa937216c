-- Above a sum, which for a company is lower than for a person, stored value is bought by transfer and not for cash. One buyer's purchases
-- within the rule's time count together. Who buys for somebody else buys by that one's rule, too; for a company with what others bought for
-- it: its card is not filled in cash by whoever brings it, nor by two who bring half each.
create or replace function guard.transfer_needed(d ledger.draft) returns jsonb language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_buyer bigint;
  v_owner bigint;
  v_rule text;
  v_sum bigint;
  v_sold bigint := ledger.sold_value(d);
  r shop.law_rule;
begin
  if v_sold is null or not exists (select from unnest(d.tenders) t where t.kind = 'cash' and t.amount_minor > 0) then return null; end if;
  v_owner := (select w.member from shop.wallet w where w.id = (d.header).wallet);
  for v_buyer in select distinct x.id from (values (ledger.buyer_of(d)), (coalesce(v_owner, ledger.buyer_of(d)))) x(id) loop
    v_rule := case (select m.kind from shop.member m where m.id = v_buyer) when 'company' then 'transfer_company' else 'transfer_person' end;
    for r in select * from ledger.law_of(array[v_rule], (d.terminal).store, d.at) loop
      v_sum := v_sold + ledger.bought(v_buyer, (d.terminal).id, false, ledger.since(r, d.at))
        + case when v_rule = 'transfer_company' and v_buyer = v_owner then ledger.bought_for(v_owner, ledger.since(r, d.at)) else 0 end;
      if v_sum >= r.amount_minor then
        return ledger.law_facts(r, v_sum) || jsonb_build_object('wallet', (d.header).wallet, 'buyer', v_buyer);
      end if;
    end loop;
  end loop;
  return null;
end $$;
