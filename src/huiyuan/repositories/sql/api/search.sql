-- The one box: what was typed comes apart by its shape and as HMACs; at most twenty members go back, and whether there are more.
-- words: of one reading all must be there; others: a second reading, or null. With a phone, the words narrow it down.
create or replace function api.find_member(words text[], others text[], phone bytea, phone4 bytea, numbers text[], card_kinds text[],
  card_tokens bytea[]) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; v_card jsonb; v_holder bigint; v_most constant int := 20; v_ids bigint[] := '{}'; v_exact bigint[];
  v_words text[] := nullif(words, '{}'); v_others text[] := nullif(others, '{}');
begin
  w := sec.asks('members');
  if w.refused is not null then return w.refused; end if;
  if greatest(cardinality(v_words), cardinality(v_others)) > 24 or cardinality(numbers) > 4 or cardinality(card_tokens) > 6 then
    return sec.malformed('find', 'too_many');
  end if;
  -- A card that was swiped, scanned or typed.
  select jsonb_build_object('id', c.id, 'number', c.number, 'state', c.state), coalesce(v.member, c.holder)
    into v_card, v_holder
    from unnest(card_kinds, card_tokens) k(kind, token)
    join shop.card_token t on t.kind = k.kind and t.hmac = k.token and t.valid_from <= now() and (t.valid_to is null or t.valid_to > now())
    join shop.card c on c.id = t.card left join shop.wallet v on v.id = c.wallet limit 1;
  v_exact := array(select v_holder where v_holder is not null union
                   select m.id from shop.member m where m.number = any (find_member.numbers));
  if phone is not null or phone4 is not null then
    v_ids := array(select p.member from shop.members_by_phone(find_member.phone, find_member.phone4, v_words, v_others, v_most + 1) p);
  elsif v_words is not null then
    v_ids := array(select n.member from shop.members_by_name(v_words, v_others, v_most + 1) n);
  end if;
  v_ids := v_exact || array(select i.member from unnest(v_ids) with ordinality i(member, n) where i.member <> all (v_exact) order by i.n);
  insert into sec.find_tally as f (staff, terminal, hour, finds, shown, misses)
  values (w.staff, w.terminal, date_trunc('hour', now()), 1, least(cardinality(v_ids), v_most), (cardinality(v_ids) = 0)::int)
  on conflict on constraint find_tally_pkey do update
    set finds = f.finds + 1, shown = f.shown + excluded.shown, misses = f.misses + excluded.misses;
  perform set_config('synchronous_commit', 'off', true);      -- a tally that a crash may lose is not worth a wait for the disk at every key
  return jsonb_build_object('members', shop.found_members(v_ids[1:v_most]), 'more', cardinality(v_ids) > v_most, 'card', v_card);
end $$;

-- Who was here in this shift counts as seen; a posting never writes the search row itself.
create or replace function api.fold_last_seen(shift uuid) returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record; n int;
begin
  w := sec.asks(null);
  if w.refused is not null then return w.refused; end if;
  if not exists (select from ledger.shift h where h.id = fold_last_seen.shift and h.store = w.store) then
    return sec.refusal('shift_missing');
  end if;
  update shop.member_search s set last_seen_on = seen.day
    from (select v.member, max(d.business_date) as day from ledger.document d join shop.wallet v on v.id = d.wallet
           where d.shift = fold_last_seen.shift and v.member is not null group by v.member) seen
   where s.member = seen.member and s.last_seen_on < seen.day;
  get diagnostics n = row_count;
  return jsonb_build_object('members', n);
end $$;
grant execute on function api.find_member(text[], text[], bytea, bytea, text[], text[], bytea[]), api.fold_last_seen(uuid) to huiyuan_terminal;
