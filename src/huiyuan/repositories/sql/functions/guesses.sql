-- Guesses of staff PINs: stored first, judged once committed, counted so that no rollback and no second connection hides one.
create or replace function sec.verifier(key bytea) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as
$$ select sha256(p.k || key) from sec.pepper p $$;

-- A guess stands alone: after nothing else in its transaction, and with a snapshot that sees what others committed meanwhile.
create or replace function sec.in_transaction() returns boolean
language sql volatile set search_path = pg_catalog, pg_temp as
$$ select current_setting('transaction_isolation') <> 'read committed' or pg_current_xact_id_if_assigned() is not null $$;

-- What this very transaction stored counts as wrong whatever it is: else begin, look, rollback would tell right from wrong.
create or replace view sec.judged_guess as
  select a.staff_number, a.terminal, a.at, coalesce(f.active and a.guess = f.verifier and a.xid <> pg_current_xact_id(), false) as is_right
    from sec.sign_in_attempt a left join sec.staff f on f.number = a.staff_number
   where f.id is null or a.at > f.pin_changed_at;

-- The wrong ones of this number at this terminal since the last right one.
create or replace function sec.wrong_guesses(p_terminal int, p_number text) returns setof timestamptz
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select g.at from sec.judged_guess g
   where g.terminal = p_terminal and g.staff_number = p_number and not g.is_right and g.at > clock_timestamp() - interval '15 minutes'
     and g.at > coalesce((select max(r.at) from sec.judged_guess r
                           where r.terminal = p_terminal and r.staff_number = p_number and r.is_right), '-infinity') $$;

-- Until when a number is locked; null: it may be tried. Five wrong ones here in 15 minutes; fifty anywhere in an hour, which one
-- till alone never reaches; thirty of any number at this terminal in 15 minutes.
create or replace function sec.locked_until(p_terminal int, p_number text) returns timestamptz
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_here timestamptz := (select w.at from sec.wrong_guesses(p_terminal, p_number) w(at) order by w.at desc offset 4 limit 1);
  v_anywhere timestamptz := (
    select g.at from sec.judged_guess g where g.staff_number = p_number and not g.is_right order by g.at desc offset 49 limit 1);
  v_terminal timestamptz := (
    select g.at from sec.judged_guess g where g.terminal = p_terminal and not g.is_right order by g.at desc offset 29 limit 1);
  v_until timestamptz := greatest(v_here + interval '15 minutes', v_anywhere + interval '1 hour', v_terminal + interval '15 minutes');
begin
  return case when v_until > clock_timestamp() then v_until end;
end $$;

create or replace function sec.minutes_until(p_at timestamptz) returns int
language sql volatile set search_path = pg_catalog, pg_temp as
$$ select greatest(1, ceil(extract(epoch from p_at - clock_timestamp()) / 60))::int $$;

-- Guesses left at this terminal after the last one.
create or replace function sec.tries_left(p_terminal int, p_number text) returns int
language sql volatile set search_path = pg_catalog, pg_temp as
$$ select greatest(0, 5 - count(*))::int from sec.wrong_guesses(p_terminal, p_number) $$;

-- Takes a committed guess of this connection, once. Null row: there is none.
create or replace function sec.take_attempt(p_attempt uuid, p_terminal int) returns sec.sign_in_attempt
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_attempt sec.sign_in_attempt;
begin
  update sec.sign_in_attempt a set used_at = clock_timestamp()
   where a.id = p_attempt and a.terminal = p_terminal and a.pid = pg_backend_pid() and a.used_at is null
     and a.xid <> pg_current_xact_id() and a.at > clock_timestamp() - interval '1 minute'
  returning a.* into v_attempt;
  return v_attempt;
end $$;

-- Why there is no verdict: the guess may still be rolled back, or there is none (a locked number stores none).
create or replace function sec.attempt_missing(p_attempt uuid, p_terminal int) returns jsonb
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select sec.refused(p_terminal, null, case when exists (
      select from sec.sign_in_attempt a where a.id = p_attempt and a.terminal = p_terminal and a.xid = pg_current_xact_id())
    then 'in_transaction' else 'unknown_attempt' end, '{}') $$;

create or replace function sec.wrong_pin(p_terminal int, p_number text) returns jsonb
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select sec.refused(p_terminal, (select f.id from sec.staff f where f.number = p_number), 'wrong_pin',
                     jsonb_build_object('tries_left', sec.tries_left(p_terminal, p_number))) $$;
