-- Members for the bench, by numbers that begin with B. Readings and weights lie in the temporary tables bench_surname and bench_given
-- (char, whole, short, prefixes as a|ab|abc, from_weight, to_weight); {members} is how many. Tokens are those of search_words.py, which
-- the bench compares.
set session_replication_role = replica;      -- no foreign keys one by one: every row refers to what is there
select setseed(0.42);

create temp table bench_pair as
select s.char as surname, s.whole as s_whole, g.char as first,
       s.char || '|' || g.char || '|' || s.char || g.char || '|' || s.prefixes
         || '|' || s.short || replace(g.prefixes, '|', '|' || s.short) || '|' || s.whole || replace(g.prefixes, '|', '|' || s.whole) as tokens,
       s.short || g.short as short, s.whole || g.whole as whole, s.short || g.whole as mixed_1, s.whole || g.short as mixed_2,
       g.whole as g_whole, g.short as g_short
  from bench_surname s cross join bench_given g;
create unique index on bench_pair(surname, first);

create temp table bench_person as
select i as n, s.char as surname, a.char as first, case when random() < 0.15 then null else b.char end as second,
       (current_date - floor(power(random(), 3) * 730)::int) as seen,
       '1' || (array['38','39','50','86','77','33','59','88'])[1 + floor(random() * 8)::int] || lpad(floor(random() * 1e8)::bigint::text, 8, '0') as phone
  from (select generate_series as i, random() as r1, random() as r2, random() as r3 from generate_series(1, {members})) dice
  join bench_surname s on dice.r1 >= s.from_weight and dice.r1 < s.to_weight
  join bench_given a on dice.r2 >= a.from_weight and dice.r2 < a.to_weight
  join bench_given b on dice.r3 >= b.from_weight and dice.r3 < b.to_weight;

insert into shop.member(id, number, name, tier, home_store) overriding system value
select 1000000 + p.n, 'B' || lpad(p.n::text, 7, '0'), p.surname || p.first || coalesce(p.second, ''), 1, 3 from bench_person p;

insert into shop.member_search(member, tokens, last_seen_on, phone_index, phone4_index)
select 1000000 + p.n,
       string_to_array(q.tokens || case when p.second is null then '' else
         '|' || p.second || '|' || p.first || p.second
         || '|' || q.short || replace(b.prefixes, '|', '|' || q.short) || '|' || q.whole || replace(b.prefixes, '|', '|' || q.whole)
         || '|' || q.mixed_1 || b.short || '|' || q.mixed_1 || b.whole || '|' || q.mixed_2 || b.short || '|' || q.mixed_2 || b.whole
         || '|' || q.g_short || b.short || '|' || q.g_whole || replace(b.prefixes, '|', '|' || q.g_whole) end, '|'),
       p.seen, sha256(convert_to('phone:' || p.phone, 'UTF8')), sha256(convert_to('phone4:' || right(p.phone, 4), 'UTF8'))
  from bench_person p join bench_pair q on q.surname = p.surname and q.first = p.first left join bench_given b on b.char = p.second;

-- Every fifth has a card.
insert into shop.wallet(id, member) overriding system value select 1000000 + p.n, 1000000 + p.n from bench_person p where p.n % 5 = 0;
insert into shop.card(id, number, type, state, wallet, holder) overriding system value
select 1000000 + p.n, 'BC' || lpad(p.n::text, 10, '0'), 1, 'active', 1000000 + p.n, 1000000 + p.n from bench_person p where p.n % 5 = 0;
insert into shop.card_token(kind, hmac, card)
select 'number', sha256(convert_to('number:BC' || lpad(p.n::text, 10, '0'), 'UTF8')), 1000000 + p.n from bench_person p where p.n % 5 = 0;
drop table bench_person, bench_pair;
set session_replication_role = origin;
