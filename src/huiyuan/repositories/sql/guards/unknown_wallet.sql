-- The wallets named exist; what corrects or grants names one.
create or replace function guard.unknown_wallet(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).wallet is null
     and (d.corrections <> '{}' or (d.kind).contra in ('principal', 'credit', 'advance')) then return '{"wallet": null}'; end if;
  return (select case when w.id is null then jsonb_build_object('wallet', x.wallet)
      else jsonb_build_object('refused', 'wallet_merged', 'facts', jsonb_build_object('wallet', x.wallet, 'into', w.merged_into)) end
    from (select (d.header).wallet union all select t.wallet from unnest(d.tenders) t) x(wallet)
    left join shop.wallet w on w.id = x.wallet
    where x.wallet is not null and (w.id is null or (w.merged_into is not null and (d.header).offline_at is null)) limit 1);
end $$;
