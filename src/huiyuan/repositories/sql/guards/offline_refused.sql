-- What a counter may sell without the line, whatever it says of itself: goods for cash or by bank card, for some hours, so often, so much.
create or replace function guard.offline_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_since timestamptz := (d.header).offline_at;
  v_rung timestamptz := (d.header).occurred_at;
  v_signed timestamptz := (d.header).signed_at;
  v_caps record;
  v_was record;
begin
  if v_since is null then return case when v_signed is not null then '{"why":"live"}'::jsonb end; end if;
  if d.mode <> 'resend' then return '{"why":"live"}'; end if;
  if exists (select from unnest(d.tenders) t left join shop.tender x on x.kind = t.kind
      where (x.account = 'cash' or t.kind = 'bank_card') is not true or t.kept_minor is not null) then return '{"why":"tender"}'; end if;
  if exists (select from unnest(d.grants) g where g.kind <> 'points') or (d.header).held is not null or d.coupons <> '{}'
     or exists (select from unnest(d.adjustments) a where a.source not in ('list', 'tier', 'promotion', 'manual'))
    then return '{"why":"parts"}'; end if;
  v_caps := ledger.offline_caps((d.terminal).store);
  if v_since > d.at + interval '10 minutes' or v_since <= d.at - interval '24 hours' or v_rung < v_since - interval '10 minutes'
     or v_rung > v_since + make_interval(hours => v_caps.hours, mins => 10) then
    return jsonb_build_object('why', 'hours', 'most', v_caps.hours);
  end if;
  -- Who signed in without the line did so by what the counter remembers for twelve hours, before selling.
  if (case when v_signed is null then coalesce((d.session).closed_at, (d.session).ends_at) < v_since
          else v_signed > v_rung + interval '10 minutes' or v_signed < (d.session).opened_at - interval '10 minutes'
            or v_signed > (d.session).opened_at + interval '12 hours 10 minutes' end) then return '{"why":"session"}'; end if;
  select count(*) as sales, coalesce(sum(o.cash_minor), 0) as cash into v_was from sec.offline_sale o
   where o.terminal = (d.terminal).id and o.posted_at > d.at - interval '48 hours' and o.occurred_at > v_rung - interval '24 hours';
  if v_was.sales >= v_caps.sales then return jsonb_build_object('why', 'sales', 'most', v_caps.sales); end if;
  if v_was.cash + ledger.cash_of(d.tenders) > v_caps.cash_minor then
    return jsonb_build_object('why', 'cash', 'most', v_caps.cash_minor);
  end if;
  return null;
end $$;
