"""A line: nothing waits for ever, a cut is told from a no, and what was cut cannot happen any more."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.repositories.connection import HeldSession, Line, LineCut, LineSettings, LineSilent, ServerSaidNo
from tests import facts
from tests.cluster import Shop
from tests.faults.proxy import Proxy


@pytest.fixture
def proxy(shared_shop: Shop) -> Iterator[Proxy]:
    """A line of its own before the shop that all share: nothing here writes."""
    with Proxy.before(shared_shop) as line:
        yield line


def line_to(url: str, *, deadline_s: int = 10, name: str = "read") -> Line:
    return Line(LineSettings(url, connect_timeout_s=2, deadline_s=deadline_s), HeldSession(), name=name)


@pytest.fixture
def line(proxy: Proxy) -> Iterator[Line]:
    made = line_to(proxy.url(facts.TILL_1), deadline_s=1)
    yield made
    made.close()


def one(connection: psycopg.Connection[Any], statement: str = "select 1") -> Any:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_question_is_one_round_trip_and_begins_no_transaction(line: Line, proxy: Proxy) -> None:
    line.open()
    proxy.reset_count()
    for _ in range(12):
        assert line.ask("select %s::bigint", (7,)) == 7
    assert proxy.count.round_trips == 12
    assert line.ask("select pg_current_xact_id_if_assigned() is null", ()) is True


def test_every_integer_is_one_type(line: Line) -> None:
    kinds = {line.ask("select pg_typeof(%s)::text", (number,)) for number in (1, 70_000, 2**40)}
    assert kinds == {"bigint"}


def test_a_statement_that_does_not_answer_ends_at_the_deadline(line: Line) -> None:
    began = time.monotonic()
    with pytest.raises(LineCut):
        line.run(lambda c: one(c, "select pg_sleep(30)"))
    assert time.monotonic() - began < 4
    assert line.ask("select 1", ()) == 1


def test_what_was_cut_is_ended_at_the_server_before_anything_else_is_sent(
    line: Line, shared_shop: Shop
) -> None:
    sleeping = "select count(*) from pg_stat_activity where query like 'select pg_sleep(31)%'"
    with pytest.raises(LineCut):
        line.run(lambda c: one(c, "select pg_sleep(31)"))
    assert shared_shop.rows(sleeping) == [(1,)]
    line.open()
    assert shared_shop.rows(sleeping) == [(0,)]


@pytest.mark.parametrize("cut", ["cut_before_request", "cut_before_answer", "cut_during"])
def test_a_cut_is_no_answer_and_the_line_comes_back(line: Line, proxy: Proxy, cut: Any) -> None:
    line.open()
    proxy.arm(cut, match=b"41")
    with pytest.raises(LineCut):
        line.run(lambda c: one(c, "select 41"))
    assert line.run(lambda c: one(c, "select 42")) == 42
    assert line.connects == 2


def test_a_question_is_asked_again_after_a_cut_and_twice_cut_is_unreachable(line: Line, proxy: Proxy) -> None:
    line.open()
    proxy.arm("cut_before_answer", match=b"41")
    assert line.ask("select 41", ()) == 41
    for _ in range(2):
        proxy.arm("cut_before_answer", match=b"43")
    with pytest.raises(Unreachable):
        line.ask("select 43", ())


def test_an_error_is_a_definite_no_and_keeps_the_line(line: Line) -> None:
    with pytest.raises(ServerSaidNo) as said:
        line.run(lambda c: one(c, "select 1 / 0"))
    assert said.value.sqlstate == "22012"
    with pytest.raises(Refused) as refused:
        line.ask("select nothing_there()", ())
    assert refused.value.facts == {"sqlstate": "42883"}
    with pytest.raises(Refused) as nul:
        line.ask("select %s::text", ("a\x00b",))
    assert nul.value.code == "malformed"
    assert line.connects == 1


def test_a_terminated_backend_is_a_cut_not_a_no(line: Line, shared_shop: Shop) -> None:
    pid = line.ask("select pg_backend_pid()", ())
    ended = threading.Timer(0.3, lambda: shared_shop.rows("select pg_terminate_backend(%s)", pid))
    ended.start()
    with pytest.raises(LineCut):
        line.run(lambda c: one(c, "select pg_sleep(5)"))
    ended.join()


def test_without_a_server_it_is_unreachable_and_names_no_secret(proxy: Proxy) -> None:
    proxy.refuse_connections = True
    line = line_to(proxy.url(facts.TILL_1) + "&password=geheim")
    with pytest.raises(Unreachable) as failed:
        line.open()
    assert "geheim" not in repr(failed.value) + str(failed.value.__cause__)
    assert "geheim" not in repr(LineSettings(proxy.url("x") + "&password=geheim"))


def test_only_the_newest_question_gets_an_answer(line: Line) -> None:
    line.open()
    answers: dict[str, Any] = {}

    def ask(name: str, seconds: int) -> None:
        try:
            answers[name] = line.ask_newest("select %s::text from pg_sleep(%s)", (name, seconds))
        except Refused as refused:
            answers[name] = refused.code

    older = [threading.Thread(target=ask, args=(name, 8)) for name in ("first", "second")]
    for thread in older:
        thread.start()
        time.sleep(0.05)
    began = time.monotonic()
    ask("third", 0)
    assert time.monotonic() - began < 7
    for thread in older:
        thread.join()
    assert answers == {"first": "superseded", "second": "superseded", "third": "third"}


def test_a_late_request_cannot_happen_once_the_line_is_back(line: Line, proxy: Proxy) -> None:
    line.open()
    proxy.arm("deliver_late", match=b"pg_advisory_lock", late_s=0.5)
    with pytest.raises(LineCut):
        line.run(lambda c: one(c, "select pg_advisory_lock(4711)"))
    assert line.ask("select pg_try_advisory_lock(4711)", ()) is True
    proxy.wait_for_late()
    with contextlib.suppress(Refused):
        assert line.ask("select count(*) from pg_locks where objid = 4711", ()) == 1


def test_a_line_that_was_hung_up_while_nobody_asked_is_noticed_before_anything_is_sent(
    line: Line, proxy: Proxy, shared_shop: Shop
) -> None:
    pid = line.ask("select pg_backend_pid()", ())
    proxy.refuse_connections = True
    proxy.cut_all()
    with pytest.raises(Unreachable):
        line.run(lambda c: one(c, "select 41"))
    proxy.refuse_connections = False
    assert line.run(lambda c: one(c, "select 41")) == 41
    pid = line.ask("select pg_backend_pid()", ())
    shared_shop.rows("select pg_terminate_backend(%s, 5000)", pid)
    assert line.run(lambda c: one(c, "select 43")) == 43
    assert line.connects == 3


SILENT_MS = 1e9


def test_a_line_that_heard_nothing_warns_the_others_before_they_send(proxy: Proxy) -> None:
    """What is not sent can go on offline; what was sent into the silence would have no known outcome."""
    settings, held = LineSettings(proxy.url(facts.TILL_1), connect_timeout_s=2, deadline_s=1), HeldSession()
    read, post = Line(settings, held, name="read"), Line(settings, held, name="post")
    read.open()
    post.open()
    proxy.delay_ms = SILENT_MS
    post.open()
    assert post.connects == 1, "nobody knows yet"
    with pytest.raises(LineCut):
        read.run(one)
    with pytest.raises(LineSilent):
        post.open()
    proxy.delay_ms = 0
    assert post.run(one) == 1
    assert (post.connects, post.run(one), post.connects) == (2, 1, 2)
    read.close()
    post.close()


def test_who_waited_behind_an_attempt_that_nobody_answered_does_not_wait_for_one_more(proxy: Proxy) -> None:
    line = line_to(proxy.url(facts.TILL_1))
    proxy.delay_ms = SILENT_MS
    with pytest.raises(LineSilent):
        line.open()
    tried = proxy.count.connections
    with pytest.raises(LineSilent):
        line._ready(asked_at=0.0)  # asked before that attempt failed
    assert proxy.count.connections == tried
    proxy.delay_ms = 0
    assert line.run(one) == 1
    line.close()
