-- Looking for members. Each way of looking is a function with a plan of its own, pinned, because a plan for a rare word is a disaster for
-- a common one: among five million members 王 is four hundred thousand, and a miss none.

-- By words: GIN first, whole, so that two common words that never meet cost two walks over their lists and not one row; what meets is
-- read up to `most` rows and only then put in order.
create or replace function shop.members_by_words(words text[], others text[], most int)
returns table(member bigint, last_seen_on date)
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_indexscan = off
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  if members_by_words.others is null then
    return query select s.member, s.last_seen_on from shop.member_search s where s.tokens @> members_by_words.words
      limit members_by_words.most;
  else
    return query select s.member, s.last_seen_on from shop.member_search s
      where s.tokens @> members_by_words.words or s.tokens @> members_by_words.others limit members_by_words.most;
  end if;
end $$;

-- One short word: whoever was here last, read backwards, until `most` have it or `budget` rows were read.
create or replace function shop.members_by_recency(words text[], most int, budget int)
returns table(member bigint, last_seen_on date)
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query select w.member, w.last_seen_on
    from (select s.member, s.last_seen_on, s.tokens from shop.member_search s
           order by s.last_seen_on desc, s.member desc limit members_by_recency.budget) w
   where w.tokens @> members_by_recency.words limit members_by_recency.most;
end $$;

-- A name, the newest first. The last few hundred visitors tell how common a word is: nobody of them has a rare one, which the index
-- answers whole; a common one is found by walking on. What lies between has its first rows from the walk, the rest from the index.
create or replace function shop.members_by_name(words text[], others text[], most int)
returns table(member bigint, last_seen_on date)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  v_lone boolean := members_by_name.others is null and cardinality(members_by_name.words) = 1;
  v_near constant int := 300; v_far constant int := 3500; v_read int := 1500;
  v_seen bigint[] := '{}'; v_more bigint[] := '{}'; v_met int := 0;
begin
  if v_lone then
    v_seen := array(select r.member from shop.members_by_recency(members_by_name.words, members_by_name.most, v_near) r);
    if cardinality(v_seen) between 1 and members_by_name.most - 1 then
      v_seen := array(select r.member from shop.members_by_recency(members_by_name.words, members_by_name.most, v_far) r);
    end if;
  end if;
  if cardinality(v_seen) < members_by_name.most then
    if v_seen <> '{}' then v_read := 400; end if;             -- the newest are known; a few more fill the list
    select coalesce(array_agg(g.member), '{}'), coalesce(max(g.met), 0) into v_more, v_met from (
      select w.member, count(*) over () as met
        from shop.members_by_words(members_by_name.words, members_by_name.others, v_read) w
       order by w.last_seen_on desc, w.member desc limit members_by_name.most) g;
    if v_met = v_read and v_lone and v_seen = '{}' then
      v_seen := array(select r.member from shop.members_by_recency(members_by_name.words, members_by_name.most, v_far) r);
    end if;
    v_seen := v_seen || array(select m.member from unnest(v_more) with ordinality m(member, n) where m.member <> all (v_seen) order by m.n);
  end if;
  return query select s.member, s.last_seen_on from unnest(v_seen[1:members_by_name.most]) with ordinality v(member, n)
    join shop.member_search s on s.member = v.member order by v.n;
end $$;

-- By phone: the whole number or its last four digits, and the words of the name if some were typed too.
create or replace function shop.members_by_phone(phone bytea, phone4 bytea, words text[], others text[], most int)
returns table(member bigint, last_seen_on date)
language plpgsql stable set search_path = pg_catalog, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  if members_by_phone.phone is not null then
    return query select s.member, s.last_seen_on from shop.member_search s
      where s.phone_index = members_by_phone.phone
        and (members_by_phone.words is null or s.tokens @> members_by_phone.words or s.tokens @> members_by_phone.others)
      order by s.last_seen_on desc, s.member desc limit members_by_phone.most;
  else
    return query select b.member, b.last_seen_on
      from (select s.member, s.last_seen_on, s.tokens from shop.member_search s where s.phone4_index = members_by_phone.phone4
             order by s.last_seen_on desc) b
     where members_by_phone.words is null or b.tokens @> members_by_phone.words or b.tokens @> members_by_phone.others
     limit members_by_phone.most;
  end if;
end $$;

-- When each member was last seen, from everything that was posted: after an import or a demo, which close no shift.
create or replace function shop.see_all_again() returns void
language sql set search_path = pg_catalog, pg_temp as $$
  update shop.member_search s set last_seen_on = seen.day
    from (select m.id, coalesce(max(d.business_date), m.joined_at::date) as day from shop.member m
            left join shop.wallet v on v.member = m.id left join ledger.document d on d.wallet = v.id group by m.id) seen
   where s.member = seen.id and s.last_seen_on <> seen.day $$;

-- What a counter is shown of members that were found, in the order in which they were.
create or replace function shop.found_members(members bigint[]) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'number', m.number, 'kind', m.kind, 'name', m.name,
      'tier', jsonb_build_object('id', t.id, 'code', t.code, 'name', t.name), 'archived', m.archived_at is not null,
      'phone', encode(s.phone_mask, 'hex'), 'last_seen_on', nullif(s.last_seen_on, '1970-01-01'), 'home_store', u.name,
      'cards', (select count(*) from shop.card c where c.holder = m.id and c.state in ('issued', 'active', 'frozen'))) order by f.n), '[]')
    from unnest(members) with ordinality f(member, n) join shop.member m on m.id = f.member join shop.tier t on t.id = m.tier
    left join shop.member_search s on s.member = m.id left join shop.unit u on u.id = m.home_store $$;
