-- Who asks showed a paper, where the card or the membership belongs to somebody; a number that was read off it is the one on file. A company's
-- is that of its licence, and a person has no licence; whoever comes for a company may show a paper of his own.
create or replace function guard.identity_missing(d ledger.draft) returns jsonb language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_bad jsonb;
begin
  v_bad := (select jsonb_build_object('refused', 'identity_differs', 'member', i.holder) from unnest(d.identity) i
             where i.paper not in ('id_card', 'passport', 'residence_permit', 'driving_licence', 'business_licence') or i.holder is null
                or i.match is not null and not exists (select from shop.member m where m.id = i.holder and m.id_no_index = ledger.hex(i.match))
                or (select count(*) from unnest(d.identity) o where o.holder = i.holder) > 1
                or not exists (select from ledger.people_of(d) p(member) where p.member = i.holder)
                or exists (select from shop.member m where m.id = i.holder and (i.paper = 'business_licence') <> (m.kind = 'company')
                             and (i.match is not null or m.kind <> 'company')) limit 1);
  if v_bad is not null or not (d.kind).needs_identity then return v_bad; end if;
  return (select jsonb_build_object('member', m.number, 'name', m.name) from ledger.people_of(d) p(member) join shop.member m on m.id = p.member
     where not exists (select from unnest(d.identity) i where i.holder = p.member) limit 1);
end $$;

-- Whose cards, memberships or applications a document moves.
create or replace function ledger.people_of(d ledger.draft) returns setof bigint language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return query select coalesce(c.holder, x.holder) from unnest(d.cards) x join shop.card c on c.id = x.card
          where coalesce(c.holder, x.holder) is not null
         union select m.member from unnest(d.members) m union select a.holder from unnest(d.applications) a where a.holder is not null
         union select p.member from unnest(d.applications) a join shop.card_application p on p.id = a.application;
end $$;
