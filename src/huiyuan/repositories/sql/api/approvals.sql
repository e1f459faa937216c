-- Four eyes: one person proposes a document, another approves exactly that content, and the door finds the approval by
-- (document, fingerprint). An approval covers one content, so a basket that changed has to be proposed again.

create or replace function sec.proposal_state(p sec.proposal) returns text
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select case when p.declined_at is not null then 'declined' when p.ok_staff is not null then 'approved'
              when p.at < clock_timestamp() - interval '10 minutes' then 'expired' else 'open' end $$;

-- A terminal keeps few proposals open, and what nobody answered in a day is swept.
create or replace function api.propose(id uuid, shape int, body jsonb) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as $$
declare
  w record := sec.asks(null);
  v_fingerprint bytea := sha256(convert_to(body::text, 'UTF8'));
  v_most int := 20;
  v_proposal sec.proposal;
begin
  if w.refused is not null then return w.refused; end if;
  if id is null or shape is null or jsonb_typeof(body) is distinct from 'object' or length(body::text) > 262144
     or (body->>'total_minor') !~ '^[0-9]{1,15}$' or (body->>'total_minor') is null then
    return sec.refused(w.terminal, w.staff, 'malformed', '{"section": "header", "detail": "proposal"}');
  elsif not exists (select from ledger.kind k where k.kind = body->>'kind' and k.family = 'live') then
    return sec.refused(w.terminal, w.staff, 'unknown_kind', jsonb_build_object('kind', left(body->>'kind', 40)));
  elsif body->>'session' is distinct from (sec.session_here()).id::text then
    return sec.refused(w.terminal, w.staff, 'wrong_session', jsonb_build_object('session', left(body->>'session', 20)));
  end if;
  delete from sec.proposal p where p.terminal = w.terminal and p.ok_staff is null and p.at < clock_timestamp() - interval '1 day';
  if (select count(*) from sec.proposal p where p.terminal = w.terminal and sec.proposal_state(p) = 'open') >= v_most then
    return sec.refused(w.terminal, w.staff, 'too_many_open', jsonb_build_object('most', v_most));
  end if;
  -- Whoever signed did not reach, and the door said so since: it waits for somebody else.
  update sec.proposal p set ok_staff = null, ok_terminal = null, ok_at = null
   where p.document = propose.id and p.fingerprint = v_fingerprint and p.by_staff = w.staff and p.terminal = w.terminal
     and p.ok_staff is not null and p.declined_at is null
     and exists (select from sec.audit a where a.at > p.ok_at and a.what = 'refused' and a.document = p.document
                    and a.facts->>'code' = 'approval_needed')
     and not exists (select from ledger.document d where d.id = p.document);
  insert into sec.proposal as p (document, fingerprint, shape, body, kind, total_minor, terminal, store, by_staff)
    values (id, v_fingerprint, shape, body, body->>'kind', (body->>'total_minor')::bigint, w.terminal, w.store, w.staff)
    on conflict (document, fingerprint) do update set at = clock_timestamp()
      where p.by_staff = w.staff and p.terminal = w.terminal and p.ok_staff is null and p.declined_at is null
    returning p.* into v_proposal;
  if v_proposal.document is null then
    select * into v_proposal from sec.proposal p where p.document = id and p.fingerprint = v_fingerprint;
    if v_proposal.by_staff <> w.staff then return sec.refused(w.terminal, w.staff, 'id_reused', '{}'); end if;
  else
    perform sec.write_audit(w.terminal, w.staff, 'propose', id,
      jsonb_build_object('kind', v_proposal.kind, 'total_minor', v_proposal.total_minor));
    perform pg_notify('huiyuan_approvals', id::text);
  end if;
  return jsonb_build_object('document', id, 'fingerprint', encode(v_fingerprint, 'hex'), 'state', sec.proposal_state(v_proposal));
end $$;

-- Why this person may not approve that proposal; null: he may. The store is the proposal's: he may sit in another branch.
create or replace function sec.approval_refusal(p_proposal sec.proposal, p_staff int) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_staff sec.staff;
  v_needed text;
  v_held sec.permission;
begin
  select * into v_staff from sec.staff f where f.id = p_staff;
  if p_proposal.by_staff = p_staff then return sec.refusal('own_proposal'); end if;
  if not sec.in_scope(v_staff.units, p_proposal.store) then
    return sec.refusal('wrong_store', jsonb_build_object('store', p_proposal.store));
  end if;
  foreach v_needed in array array['approve', (select k.permission from ledger.kind k where k.kind = p_proposal.kind)] loop
    v_held := sec.permission_of(v_staff.duty, v_needed);
    if v_held.permission is null then return sec.refusal('not_permitted', jsonb_build_object('permission', v_needed)); end if;
    if p_proposal.total_minor > v_held.limit_minor          -- a count moves nothing that a limit is for; the door measures the gap
       and exists (select from ledger.kind k where k.kind = p_proposal.kind and k.counts is null) then
      return sec.refusal('approval_needed',
        jsonb_build_object('permission', v_needed, 'amount', p_proposal.total_minor, 'limit', v_held.limit_minor));
    end if;
  end loop;
  return null;
end $$;

-- A signature that does not reach far enough is found out at posting only; until the document stands, another person may sign as well.
-- The fingerprint is the one that api.proposals showed: what was read is what gets signed, also when it was proposed anew since.
create or replace function sec.answer_proposal(p_document uuid, p_fingerprint bytea, p_approved boolean) returns jsonb
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  w record := sec.asks('approve');
  v_proposal sec.proposal;
  v_refusal jsonb;
begin
  if w.refused is not null then return w.refused; end if;
  select * into v_proposal from sec.proposal p where p.document = p_document and p.fingerprint = p_fingerprint for no key update;
  v_refusal := case
    when v_proposal.document is null then sec.refusal('unknown_proposal')
    when p_approved and sec.proposal_state(v_proposal) = 'approved' and v_proposal.ok_staff = w.staff then null
    when p_approved and sec.proposal_state(v_proposal) = 'approved' and v_proposal.at > clock_timestamp() - interval '10 minutes'
         and not exists (select from ledger.document d where d.id = p_document) then sec.approval_refusal(v_proposal, w.staff)
    when sec.proposal_state(v_proposal) <> 'open' then
      sec.refusal('proposal_closed', jsonb_build_object('state', sec.proposal_state(v_proposal)))
    else sec.approval_refusal(v_proposal, w.staff) end;
  if v_refusal is not null then
    return sec.refused(w.terminal, w.staff, v_refusal->>'refused', v_refusal->'facts');
  end if;
  if v_proposal.ok_staff is distinct from w.staff and p_approved then
    update sec.proposal p set ok_staff = w.staff, ok_terminal = w.terminal, ok_at = clock_timestamp()
     where p.document = p_document and p.fingerprint = p_fingerprint;
  elsif not p_approved then
    update sec.proposal p set declined_at = clock_timestamp() where p.document = p_document and p.fingerprint = p_fingerprint;
  end if;
  perform sec.write_audit(w.terminal, w.staff, case when p_approved then 'approve' else 'decline' end, p_document,
    jsonb_build_object('kind', v_proposal.kind, 'total_minor', v_proposal.total_minor, 'by', v_proposal.by_staff));
  perform pg_notify('huiyuan_approvals', p_document::text);
  return jsonb_build_object('document', p_document, 'state', case when p_approved then 'approved' else 'declined' end);
end $$;

create or replace function api.approve(document uuid, fingerprint bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as
$$ begin return sec.answer_proposal(document, fingerprint, true); end $$;

create or replace function api.decline(document uuid, fingerprint bytea) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '3s' as
$$ begin return sec.answer_proposal(document, fingerprint, false); end $$;

-- What a proposal is about, for whoever signs it elsewhere: goods by name, the sale that is taken back, the member. A body that was only
-- proposed was not checked, so a number that is none is passed over.
create or replace function sec.proposal_about(body jsonb) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  with origin as (
    select d.id, d.result->>'receipt' as receipt, d.wallet from ledger.document d
     where d.id = case when proposal_about.body->>'of' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (proposal_about.body->>'of')::uuid end),
  named as (
    select l.turn, l.ord, coalesce(p.name, q.name) as name, l.row->>'qty_milli' as qty,
        coalesce(l.row->>'total_minor', case when l.row->>'qty_milli' = s.qty_milli::text then s.total_minor::text end) as total
      from (select 1 as turn, x.ord, x.row from jsonb_path_query_array(proposal_about.body, 'lax $.lines[*]') a
             cross join jsonb_array_elements(a) with ordinality x(row, ord)
            union all
            select 2, x.ord, x.row from jsonb_path_query_array(proposal_about.body, 'lax $.backs[*]') a
             cross join jsonb_array_elements(a) with ordinality x(row, ord)) l
      left join shop.product p on p.id = case when l.row->>'product' ~ '^[0-9]{1,9}$' then (l.row->>'product')::int end
      left join (origin o join ledger.line s on s.document = o.id) on s.n = case when l.row->>'of' ~ '^[0-9]{1,9}$' then (l.row->>'of')::int end
      left join shop.product q on q.id = s.product
     order by l.turn, l.ord limit 20)
  select jsonb_build_object(
    'goods', coalesce((select jsonb_agg(jsonb_build_array(n.name, case when n.qty ~ '^[0-9]{1,15}$' then n.qty::bigint end,
        case when n.total ~ '^[0-9]{1,15}$' then n.total::bigint end, n.turn = 2)
        order by n.turn, n.ord) from named n where n.name is not null), '[]'),
    'receipt', (select o.receipt from origin o),
    'member', (select m.name from shop.wallet w join shop.member m on m.id = w.member
        where w.id = coalesce(case when proposal_about.body->>'wallet' ~ '^[0-9]{1,15}$' then (proposal_about.body->>'wallet')::bigint end,
            (select o.wallet from origin o)))) $$;

-- The person's own proposals of the last day with what became of them, and, for an approver, the open ones of his stores.
create or replace function api.proposals() returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  w record := sec.asks(null);
  v_approver boolean;
begin
  if w.refused is not null then return w.refused; end if;
  v_approver := (sec.permission_of((select f.duty from sec.staff f where f.id = w.staff), 'approve')).permission is not null;
  return coalesce((
    select jsonb_agg(jsonb_build_object('document', p.document, 'fingerprint', encode(p.fingerprint, 'hex'), 'shape', p.shape,
             'kind', p.kind, 'total_minor', p.total_minor, 'body', ledger.body_shown(p.body), 'at', p.at, 'expires_at', p.at + interval '10 minutes',
             'store', u.code, 'terminal', t.code, 'by', jsonb_build_object('number', f.number, 'name', f.name),
             'about', sec.proposal_about(p.body), 'own', p.by_staff = w.staff, 'state', sec.proposal_state(p)) order by p.at)
      from (select x.* from sec.proposal x
             where x.by_staff = w.staff and x.at > clock_timestamp() - interval '1 day'
                or v_approver and sec.proposal_state(x) = 'open' and sec.in_scope(w.units, x.store)
             order by x.at desc limit 50) p
      join sec.staff f on f.id = p.by_staff join sec.terminal t on t.id = p.terminal join shop.unit u on u.id = p.store), '[]');
end $$;
grant execute on function api.propose(uuid, int, jsonb), api.approve(uuid, bytea), api.decline(uuid, bytea), api.proposals() to huiyuan_terminal;
