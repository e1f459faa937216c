-- Members by what is known of them: born in a month, joined so many days ago, by the store's calendar.

-- Of a birthday by the moon only the counter knows the day, so nobody is in a segment by it.
create or replace function ledger.born_in_month(member bigint, day date) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from shop.personal p where p.member = born_in_month.member and p.birth_calendar = 'solar'
    and p.birth_month = extract(month from born_in_month.day)) $$;

create or replace function ledger.days_joined(member bigint, day date, zone text) returns int
language sql stable set search_path = pg_catalog, pg_temp as $$
  select days_joined.day - (m.joined_at at time zone days_joined.zone)::date from shop.member m where m.id = days_joined.member $$;

-- Why a promotion of members like these is not for this one; a day ago counts too where the grace of prices reaches back over midnight.
create or replace function ledger.segment_why(d ledger.draft, body jsonb, member bigint) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_zone text := (select coalesce(u.time_zone, c.time_zone) from shop.chain c join shop.unit u on u.id = (d.terminal).store);
  v_today date := (d.at at time zone v_zone)::date;
  v_since date := (ledger.in_force_since(d) at time zone v_zone)::date;
begin
  return case
    when body->>'birth_month' = 'true' and not ledger.born_in_month(member, v_today) and not ledger.born_in_month(member, v_since)
      then 'birthday'
    when ledger.days_joined(member, v_since, v_zone) > (body->>'joined_days')::int then 'joined' end;
end $$;
