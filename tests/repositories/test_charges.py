"""The charges on the counter's disk: states, one number once, a disk that is full, kill -9."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product as pairs
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.domain.model.charge import CHARGE_MOVES, OPEN_CHARGES, Charge, ChargeState
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.counter.charges import CHARGES_FILE, CounterCharges
from tests.domain.builders import AT, uid

Opening = Callable[..., CounterCharges]


def charge(n: int) -> Charge:
    return Charge(uid(n), uid(100 + n), uid(9), "alipay", 2500, AT, "28****1234")


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Opening]:
    made: list[CounterCharges] = []

    def open_one(stands: frozenset[UUID] = frozenset(), now: datetime = AT) -> CounterCharges:
        made.append(CounterCharges(tmp_path, now=lambda: now, stands=stands.__contains__))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


@pytest.mark.parametrize(("was", "now"), list(pairs(ChargeState, ChargeState)))
def test_a_charge_moves_along_its_table_only(was: ChargeState, now: ChargeState, tmp_path: Path) -> None:
    book = CounterCharges(None, now=lambda: AT, stands=lambda _: False)
    book.write(replace(charge(1), state=was))
    assert book.move(uid(1), now).state is (now if (was, now) in CHARGE_MOVES else was)
    book.close()


def test_what_was_written_is_there_after_a_new_start(opening: Opening) -> None:
    first = opening()
    first.write(charge(1))
    first.write(charge(2))
    first.move(uid(2), ChargeState.TAKEN, told="T77", found_minor=2500)
    first.close()
    taken = replace(charge(2), state=ChargeState.TAKEN, told="T77", found_minor=2500)
    assert opening().pending() == (charge(1), taken)


def test_a_taken_one_is_used_from_the_moment_that_its_sale_stands(opening: Opening) -> None:
    book = opening()
    book.write(charge(1))
    book.move(uid(1), ChargeState.TAKEN)
    assert [each.id for each in book.pending()] == [uid(1)]
    again = opening(stands=frozenset({uid(101)}))
    assert again.pending() == ()
    assert again.find(uid(1)).state is ChargeState.USED
    with pytest.raises(KeyError):
        again.adopt(uid(1), uid(200))


def test_one_whose_sale_never_came_to_be_pays_another(opening: Opening) -> None:
    book = opening(stands=frozenset({uid(200)}))
    book.write(charge(1))
    with pytest.raises(KeyError):
        book.adopt(uid(1), uid(200))
    book.move(uid(1), ChargeState.TAKEN)
    assert book.adopt(uid(1), uid(200)).document == uid(200)
    assert book.pending() == ()


def test_a_number_is_written_once(opening: Opening) -> None:
    book = opening()
    book.write(charge(1))
    with pytest.raises(Refused, match="id_reused"):
        book.write(charge(1))
    with pytest.raises(KeyError):
        book.move(uid(5), ChargeState.TAKEN)


def test_a_decision_has_a_note_and_only_an_open_one_takes_it(opening: Opening) -> None:
    book = opening()
    book.write(charge(1))
    with pytest.raises(Refused, match="reason_missing"):
        book.decide(uid(1), by="2001", note="  ")
    book.decide(uid(1), by="2001", note="paid back in cash")
    assert book.pending() == ()
    book.write(replace(charge(2), state=ChargeState.DECLINED))
    with pytest.raises(KeyError):
        book.decide(uid(2), by="2001", note="x")


def test_a_disk_that_takes_nothing_refuses_the_charge(opening: Opening) -> None:
    book = opening()
    book.write(charge(1))
    book._base.execute("pragma query_only = on")
    with pytest.raises(Refused, match="journal_unwritable"):
        book.write(charge(2))
    with pytest.raises(Refused, match="journal_unwritable"):
        book.move(uid(1), ChargeState.TAKEN)
    assert book.find(uid(1)).state is ChargeState.ASKED


def test_old_ends_go_and_nothing_open_ever_does(opening: Opening) -> None:
    book = opening()
    for n, state in enumerate(ChargeState, start=1):
        book.write(replace(charge(n), state=state))
    before = len(book.pending())
    later = opening(now=AT + timedelta(days=400))
    assert len(later.pending()) == before == 5, "a refund whose return does not stand is open and waits"
    for n, state in enumerate(ChargeState, start=1):
        if state in OPEN_CHARGES:
            assert later.find(uid(n)).state is state
        else:
            with pytest.raises(KeyError):
                later.find(uid(n))


def test_killed_right_after_writing_it_is_there(opening: Opening, tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:  # pragma: no cover  (the child is killed)
        opening().write(charge(1))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert opening().pending() == (charge(1),)
    assert oct((tmp_path / CHARGES_FILE).stat().st_mode & 0o777) == "0o600"
