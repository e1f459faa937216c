-- What was paid for a pass is owed in services until it is used: a use moves its share from passes_sold to revenue. By cumulated floor over
-- the uses of what was sold together, so that the last use brings the exact rest. A pass without a count is earned whole at its first visit.

-- The lot in which the uses came into the books: of a lot that was carried to another wallet, or that a use given back had to make anew.
create or replace function ledger.pass_root(l ledger.lot) returns bigint language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(l.root, (
    select coalesce(o.root, o.id) from ledger.document r join ledger.lot_move m on m.document = r.of and m.account = l.account and m.delta < 0
      join ledger.lot o on o.id = m.lot where r.id = l.document and r.kind = 'reversal' order by m.n limit 1), l.id);
end $$;

-- What was paid for a lot of uses: the price of the version under which it was sold; nothing for what came as a gift or from before.
create or replace function ledger.pass_paid(root ledger.lot) returns bigint language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce((select (v.body->>'price_minor')::bigint * (root.amount / coalesce((v.body->>'count')::bigint, 1))
    from ledger.document d join ledger.posting p on p.document = d.id and p.demand = 'grant' and p.credit = root.kind
    join shop.rule_version v on v.rule = p.rule and v.version = p.version where d.id = root.document and d.kind = 'pass_sale' limit 1), 0);
end $$;

-- Every lot that holds uses of one root, wherever they went.
create or replace function ledger.pass_family(root bigint) returns bigint[] language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_lots bigint[] := array(select l.id from ledger.lot l where l.id = pass_family.root
                           union select l.id from ledger.lot l where l.root = pass_family.root);
begin
  return v_lots || array(
    select distinct x.id from ledger.lot_move u join ledger.lot_move m on m.of = u.document and m.delta > 0 join ledger.lot x on x.id = m.lot
     where u.lot = any (v_lots) and u.delta < 0 and x.root is null and x.id <> all (v_lots) and ledger.pass_root(x) = pass_family.root);
end $$;

-- What was earned of a root so far: by the documents that moved its uses, or that visited with a pass without a count.
create or replace function ledger.pass_earned_so_far(root bigint, family bigint[]) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return (select coalesce(sum(case p.debit when 'passes_sold' then p.amount else -p.amount end), 0)::bigint from ledger.posting p
    where p.demand = 'earn' and p.reference = pass_earned_so_far.root::text and p.document in (
      select m.document from ledger.lot_move m where m.lot = any (family)
      union select u.document from ledger.lot l join ledger.account a on a.id = l.account join ledger.card_use u on u.wallet = a.wallet
       where l.id = any (family) and u.what = 'pass' and a.kind = 'pass:' || u.pass));
end $$;

-- What a use of so many earns (without a count: the whole of what runs now), a posting for each root that it draws from.
create or replace function ledger.pass_earned(d ledger.draft, account bigint, uses bigint) returns ledger.posting_row[]
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  l ledger.lot; v_root ledger.lot;
  v_family bigint[];
  v_rest bigint := uses; v_drawn bigint; v_unused bigint; v_due bigint;
  v_seen jsonb := '{}';                                    -- of a root that another lot of this document drew from: uses, and what they earn
  v_rows ledger.posting_row[] := '{}';
begin
  for l in select x.* from ledger.lot x where x.account = pass_earned.account and x.remaining > 0 and (x.expires_at is null or x.expires_at > d.at)
            order by x.expires_at nulls last, x.id loop
    v_drawn := case when uses = 0 then 0 else least(l.remaining, v_rest) end;
    select x.* into v_root from ledger.lot x where x.id = ledger.pass_root(l);
    v_family := ledger.pass_family(v_root.id);
    select sum(x.remaining) into v_unused from ledger.lot x where x.id = any (v_family);
    v_drawn := v_drawn + coalesce((v_seen->v_root.id::text->>0)::bigint, 0);
    v_due := case when uses = 0 then ledger.pass_paid(v_root)
        else floor(ledger.pass_paid(v_root)::numeric * (v_root.amount - v_unused + v_drawn) / v_root.amount) end
      - ledger.pass_earned_so_far(v_root.id, v_family) - coalesce((v_seen->v_root.id::text->>1)::bigint, 0);
    v_seen := v_seen || jsonb_build_object(v_root.id::text,
      jsonb_build_array(v_drawn, greatest(v_due, 0) + coalesce((v_seen->v_root.id::text->>1)::bigint, 0)));
    if v_due > 0 then
      v_rows := v_rows || (0, 'earn', d.currency, 'passes_sold', v_root.store, 'revenue', (d.terminal).store, v_due, 'pass', v_root.id::text,
                           null, null, null)::ledger.posting_row;
    end if;
    v_rest := v_rest - least(l.remaining, v_rest);
    exit when v_rest = 0;
  end loop;
  return v_rows;
end $$;
