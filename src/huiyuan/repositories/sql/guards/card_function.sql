-- A card does what its type has: nothing is put on a card without stored value, nobody draws on a pass with one that has no passes. What a
-- card presented may not is refused although another card of the same wallet may.
create or replace function guard.card_function(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if ((d.header).wallet is null and d.tenders = '{}') or not exists (select from shop.card_type y where y.rule is not null) then return null; end if;
  return (select jsonb_build_object('wallet', x.wallet, 'function', x.wanted) from (
      select (d.header).wallet as wallet, 'stored' as wanted
       where (d.kind).contra = 'principal' or exists (select from unnest(d.tenders) t where t.kept_minor > 0)
      union all select (d.header).wallet, case g.kind when 'points' then 'points' when 'bonus' then 'stored'
          else case when ledger.pass_unlimited(g.rule) then 'period' else 'passes' end end from unnest(d.grants) g
      union all select (d.header).wallet, 'discount' where exists (select from unnest(d.adjustments) a where a.source in ('tier', 'list'))
      union all select (d.header).wallet, case when ledger.pass_unlimited(p.rule) then 'period' else 'passes' end from unnest(d.passes) p
      union all select t.wallet, a.account from unnest(d.tenders) t join shop.tender a on a.kind = t.kind
        and a.account in ('stored', 'points', 'credit')
      union all select t.taker, 'stored' from unnest(d.transfers) t
      union all select t.wallet, 'stored' from unnest(d.transfers) t where (d.approver).id is null) x
    where x.wallet is not null and not ledger.wallet_may(d, x.wallet, x.wanted) limit 1);
end $$;
