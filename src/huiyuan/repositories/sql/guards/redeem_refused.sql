-- Points pay by a rule in force, for this tier and store: so many points for the money, a bounded share of the document, and only
-- those of the wallet that the document names. A tender that is no points names none. A rule that names a product: so many
-- points and so much money buy a piece of it, and the points pay what the money does not.
create or replace function guard.redeem_refused(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if not ledger.takes_stored(d.tenders) and not exists (select from unnest(d.tenders) t where t.points is not null or t.rule is not null
      or t.version is not null) then return null; end if;
  return (select jsonb_build_object('rule', t.rule, 'version', t.version, 'most', coalesce(b.most, 0), 'points', b.points)
    from unnest(d.tenders) t join shop.tender x on x.kind = t.kind
    left join ledger.rule_in_force(d) r on r.rule = t.rule and r.version = t.version and r.family = 'redeem' and x.account = 'points'
   cross join lateral (select (r.body->>'product')::int as product, (r.body->>'points')::bigint as each,
                              (r.body->>'price_minor')::bigint as price, t.points / nullif((r.body->>'points')::bigint, 0) as pieces) e
    left join lateral (select sum(l.qty_milli) as qty, sum(l.total_minor) as total from unnest(d.lines) l where l.product = e.product) g on true
   cross join lateral (select case when e.product is null then least(floor(d.total::numeric * r.max_bp / 10000), r.max_document_minor, d.total)
                                   when e.pieces > 0 and g.qty >= e.pieces * 1000
                                   then floor(g.total::numeric * e.pieces * 1000 / g.qty) - e.pieces * e.price end as most,
                              case when e.product is null then ceil(t.amount_minor::numeric * r.points_rate / 10000)
                                   else greatest(e.pieces, 1) * e.each end as points) b
   where case when x.account = 'points'
     then r.rule is null or (coalesce(r.points_rate, 0) = 0 and e.product is null) or b.most is null
       or t.points is distinct from b.points or t.amount_minor > b.most
       or d.total < r.min_minor or t.points < coalesce((r.body->>'min_points')::bigint, 1) or t.wallet is distinct from (d.header).wallet
     else t.points is not null or t.rule is not null or t.version is not null end limit 1);
end $$;
