-- Goods as a shop sorts and describes them, and which of them changed since a counter asked.
set role huiyuan_owner;

create table shop.category(
  id int generated always as identity primary key,
  parent int references shop.category,                    -- null: at the top
  code text not null unique check (shop.clean(code, 32)),
  name text not null check (shop.clean(name, 64)),
  active boolean not null default true,
  version int not null default 1,
  check (parent <> id));
create index on shop.category(parent);

-- The words of Latin letters and digits, without those that another begins with: a counter finds a beginning
-- by itself, and 200,000 products go there in half the bytes.
create function shop.longest_words(tokens text[]) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select string_agg(w.t, ' ') from (
      select t, lead(t) over (order by t collate "C") as next from unnest(tokens) t where t ~ '^[a-z0-9]+$') w
   where not coalesce(starts_with(w.next, w.t), false) $$;

alter table shop.product
  add column category int references shop.category,
  add column brand text check (shop.clean(brand, 64)),
  add column spec text check (shop.clean(spec, 64)),      -- 330ml x 6, XL, 5kg
  add column origin text check (shop.clean(origin, 64)),
  add column sold_by text not null default 'piece' check (sold_by in ('piece', 'weight')),
  add column open_price boolean not null default false,   -- the person at the counter names the price
  add column tokens text[] not null default '{}',         -- made by the application: characters, pinyin, initials
  add column words text generated always as (shop.longest_words(tokens)) stored;
create index product_tokens on shop.product using gin (tokens);
create index product_category on shop.product(category);
create index barcode_product on shop.barcode(product);

-- One row a product: the last transaction that touched it, its barcodes or its prices. A counter asks for every row whose
-- transaction had not ended when it asked before (the horizon of that snapshot): unlike a number that counts up, this misses
-- nothing when a transaction that began earlier commits later.
create table shop.product_change(
  product int primary key references shop.product,
  xid xid8 not null) with (fillfactor = 70);
create index on shop.product_change(xid);
insert into shop.product_change(product, xid) select p.id, pg_current_xact_id() from shop.product p;

create function shop.note_change() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_table_name = 'product' then
    insert into shop.product_change as c (product, xid) select distinct t.id, pg_current_xact_id() from touched t order by 1
      on conflict (product) do update set xid = excluded.xid where c.xid <> excluded.xid;
  else
    insert into shop.product_change as c (product, xid) select distinct t.product, pg_current_xact_id() from touched t order by 1
      on conflict (product) do update set xid = excluded.xid where c.xid <> excluded.xid;
  end if;
  return null;
end $$;
-- A barcode that moves from one product to another is news of both.
create function shop.note_change_of_both() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into shop.product_change as c (product, xid)
    select distinct t.product, pg_current_xact_id() from (select product from touched union all select product from touched_before) t order by 1
    on conflict (product) do update set xid = excluded.xid where c.xid <> excluded.xid;
  return null;
end $$;

-- By statement, so that an import of 200,000 rows notes them in one go. A product is never deleted, it becomes inactive.
create trigger noted after insert on shop.product referencing new table as touched for each statement execute function shop.note_change();
create trigger noted_update after update on shop.product referencing new table as touched for each statement execute function shop.note_change();
create trigger noted after insert on shop.barcode referencing new table as touched for each statement execute function shop.note_change();
create trigger noted_update after update on shop.barcode referencing new table as touched old table as touched_before
  for each statement execute function shop.note_change_of_both();
create trigger noted_delete after delete on shop.barcode referencing old table as touched for each statement execute function shop.note_change();
create trigger noted after insert on shop.price referencing new table as touched for each statement execute function shop.note_change();
create trigger noted_update after update on shop.price referencing new table as touched for each statement execute function shop.note_change();
create trigger noted_delete after delete on shop.price referencing old table as touched for each statement execute function shop.note_change();
reset role;
