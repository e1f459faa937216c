-- An approval asked at one counter and given at another, live: what moves is told on a channel by the document's id alone, and who hears it
-- asks here. Whoever looks is seen by the one who asked.

create or replace function api.proposal_look(document uuid, fingerprint bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks('approve');
  v sec.proposal;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v from sec.proposal p where p.document = proposal_look.document and p.fingerprint = proposal_look.fingerprint;
  if v.document is null or not sec.in_scope(w.units, v.store) then return sec.refusal('unknown_proposal'); end if;
  delete from sec.proposal_look l where l.at < clock_timestamp() - interval '1 day';
  insert into sec.proposal_look as l (document, fingerprint, staff, terminal) values (v.document, v.fingerprint, w.staff, w.terminal)
    on conflict on constraint proposal_look_pkey do update set at = clock_timestamp(), terminal = excluded.terminal;
  perform pg_notify('huiyuan_approvals', v.document::text);
  return jsonb_build_object('document', v.document, 'state', sec.proposal_state(v));
end $$;

-- What became of an own proposal, and who looks at it.
create or replace function api.proposal_news(document uuid, fingerprint bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks(null);
  v sec.proposal;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v from sec.proposal p where p.document = proposal_news.document and p.fingerprint = proposal_news.fingerprint
     and p.by_staff = w.staff;
  if v.document is null then return sec.refusal('unknown_proposal'); end if;
  return jsonb_build_object('state', sec.proposal_state(v), 'by', (select f.name from sec.staff f where f.id = v.ok_staff),
    'looking', coalesce((select jsonb_agg(f.name || ' (' || u.code || '-' || t.code || ')' order by l.at)
      from sec.proposal_look l join sec.staff f on f.id = l.staff join sec.terminal t on t.id = l.terminal join shop.unit u on u.id = t.store
     where l.document = v.document and l.fingerprint = v.fingerprint), '[]'));
end $$;

-- Whoever asked does not wait any more: nobody can sign it then.
create or replace function api.proposal_withdraw(document uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks(null);
  v_done int;
begin
  if w.refused is not null then return w.refused; end if;
  update sec.proposal p set declined_at = clock_timestamp() where p.document = proposal_withdraw.document and p.by_staff = w.staff
     and p.ok_staff is null and p.declined_at is null;
  get diagnostics v_done = row_count;
  if v_done > 0 then
    perform sec.write_audit(w.terminal, w.staff, 'withdraw', document, '{}');
    perform pg_notify('huiyuan_approvals', document::text);
  end if;
  return jsonb_build_object('document', document, 'withdrawn', v_done > 0);
end $$;
grant execute on function api.proposal_look(uuid, bytea), api.proposal_news(uuid, bytea), api.proposal_withdraw(uuid) to huiyuan_terminal;
