-- What a document moved of turnover: one row a sale, return or reversal of one, of the stores that whoever asks may read.
-- A view of the owner reads what no report may (wallet, kind), so it asks for the stores itself; nothing of the customer leaves but
-- whether there was a member. A kind belongs here if its contra account is revenue; top-ups, fees, counts and corrections have others.
-- An exchange counts what went out less what came back, and is no basket of its own.
create or replace view api.turnover with (security_barrier) as
  select d.id as document, d.store, d.business_date, s.back, s.sign * (d.total_minor - s.taken_minor) as net_minor,
         case when s.back then 0 else s.sign end as baskets,
         case when s.back then 0 else s.sign * (select count(*) from ledger.line l where l.document = s.sold)::int end as line_count,
         exists (select from ledger.document x join shop.wallet w on w.id = x.wallet where x.id = s.first and w.member is not null) as member,
         s.sign, s.sold as lines_of, s.mixed
    from ledger.document d
    join ledger.kind k on k.kind = d.kind
    left join lateral (                                   -- the origin of a return or reversal, and the origin's own; once, by key
      select o.id, o.of, o.result, q.takes_back, q.contra, 'backs' = any (q.sections) as mixed from ledger.document o
        join ledger.kind q on q.kind = o.kind where o.id = d.of limit 1) o on true
   cross join lateral (select
      case when k.takes_back = 'whole' then o.takes_back is not null else k.takes_back is not null end as back,
      case when k.takes_back = 'whole' and (o.takes_back is null or o.mixed)
             or k.takes_back in ('lines', 'goods') and not 'backs' = any (k.sections) then -1 else 1 end as sign,
      coalesce(((case k.takes_back when 'whole' then o.result else d.result end)->>'back_minor')::bigint, 0) as taken_minor,
      case k.takes_back when 'whole' then o.mixed else 'backs' = any (k.sections) end as mixed,
      case when k.takes_back = 'whole' then o.id else d.id end as sold,
      case when k.takes_back = 'whole' and o.takes_back = 'lines' then o.of when k.takes_back is null or k.takes_back = 'goods' then d.id
           else o.id end as first) s
   where d.store = any ((select api.my_stores())::int[])
     and (k.contra = 'revenue' or k.takes_back = 'whole' and o.contra = 'revenue');

-- The same by what it was paid with, one row a document and way of paying. `lead` marks one row of each document. What no posting
-- names (a history without tenders) stands under null, so that the ways of paying always add up to the whole.
create or replace view api.turnover_paid with (security_barrier) as
  select t.document, t.store, t.business_date, t.back, t.baskets, t.line_count, t.member, p.method as tender, p.net_minor, p.lead
    from api.turnover t
   cross join lateral (
    select q.method, sum(q.net)::bigint as net_minor, row_number() over (order by q.method) = 1 as lead
      from (select x.method, case x.credit when 'revenue' then x.amount else -x.amount end as net
              from ledger.posting x
             where x.document = t.document and x.demand in ('tender', 'refund') and 'revenue' in (x.debit, x.credit)
            union all
            select null, t.net_minor - coalesce(sum(case x.credit when 'revenue' then x.amount else -x.amount end), 0)
              from ledger.posting x
             where x.document = t.document and x.demand in ('tender', 'refund') and 'revenue' in (x.debit, x.credit)
            having t.net_minor = 0 and count(*) = 0
                or t.net_minor <> coalesce(sum(case x.credit when 'revenue' then x.amount else -x.amount end), 0)) q
     group by q.method) p;

-- The same by the goods' category, one row a document and category; null is what has none. A line stands under what its product is today.
create or replace view api.turnover_goods with (security_barrier) as
  select t.document, t.store, t.business_date, t.back, t.baskets, (case when t.back then 0 else t.sign * g.lines end)::int as line_count, t.member,
         g.category, g.net_minor, g.lead
    from api.turnover t
   cross join lateral (
    select p.category, (t.sign * sum(case when t.mixed and l.of_line is not null then -l.total_minor else l.total_minor end))::bigint
             as net_minor, count(*) as lines, row_number() over (order by p.category) = 1 as lead
      from ledger.line l join shop.product p on p.id = l.product where l.document = t.lines_of group by p.category) g;

-- The trading day now: of the seat's store, for a reader of the chain.
create or replace function api.business_day() returns date
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return (select ledger.business_date_of(now(), coalesce(u.time_zone, c.time_zone), c.cutover_minutes)
            from shop.chain c left join shop.unit u on u.id = (sec.terminal_here()).store);
end $$;

grant select on api.turnover, api.turnover_paid, api.turnover_goods to huiyuan_terminal, huiyuan_report;
grant execute on function api.business_day() to huiyuan_terminal, huiyuan_report;
