-- The wallets named exist; what corrects or grants names one.
create or replace function guard.unknown_wallet(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if (d.header).wallet is null
     and (d.corrections <> '{}' or (d.kind).contra in ('principal', 'credit', 'advance')) then return '{"wallet": null}'; end if;
  return (select jsonb_build_object('wallet', x.wallet) from (select (d.header).wallet union all select t.wallet from unnest(d.tenders) t) x(wallet)
    where x.wallet is not null and not exists (select from shop.wallet w where w.id = x.wallet) limit 1);
end $$;
