"""The basket on the counter's disk: written behind the screen, sold by the journal's word, never in doubt."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import resource
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.domain.model.basket import Basket, ComesBack, KeptBasket
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import JournalState
from huiyuan.repositories.counter.baskets import BASKET, KEPT_FOR, OLD_FILE, CounterBaskets
from tests.faults.basket_trail import named_on_disk

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SALE = UUID(int=7)


def cart_of(lines: int) -> Cart:
    cart = Cart()
    for n in range(lines):
        cart = cart.add(Product(n, f"P{n:05}", f"一种商品 {n} 号", "goods", "piece", "V13", 1300, 350))
    return cart


KEPT = KeptBasket(Basket.of(cart_of(3)), "1001", NOW)


def shelf(
    folder: Path, state: JournalState | None = None, *, now: Callable[[], datetime] = lambda: NOW
) -> CounterBaskets:
    return CounterBaskets(folder, state_of=lambda _: state, now=now)


def test_a_basket_is_there_at_the_next_start_and_the_last_change_wins(tmp_path: Path) -> None:
    first = shelf(tmp_path)
    for lines in range(1, 40):
        first.keep(replace(KEPT, basket=Basket.of(cart_of(lines))))
    first.close()
    again = shelf(tmp_path)
    kept = again.kept()
    assert kept is not None
    assert (len(kept.basket.lines), kept.staff, kept.at) == (39, "1001", NOW)
    again.clear()
    again.close()
    empty = shelf(tmp_path)
    assert empty.kept() is None
    empty.close()


@pytest.mark.parametrize("state", [None, *JournalState])
def test_the_journal_decides_whether_a_basket_is_sold(tmp_path: Path, state: JournalState | None) -> None:
    first = shelf(tmp_path)
    first.keep(replace(KEPT, document=SALE))
    first.selling(SALE)
    first.close()
    again = shelf(tmp_path, state)
    comes_back = state in {None, JournalState.REFUSED, JournalState.PROPOSED}
    assert (again.kept() is not None) is comes_back
    again.close()


def test_what_comes_late_to_the_basket_does_not_take_the_name_of_its_sale_off(tmp_path: Path) -> None:
    """The rules, or a member, arrive while the money is taken: the basket is kept again."""
    first = shelf(tmp_path)
    first.keep(replace(KEPT, document=SALE))
    first.keep(replace(KEPT, basket=Basket.of(cart_of(2))))
    first.selling(SALE)
    first.close()
    sold = shelf(tmp_path, JournalState.ANSWERED)
    assert sold.kept() is None
    sold.keep(KEPT)
    sold.close()
    next_one = shelf(tmp_path, JournalState.ANSWERED)
    assert next_one.kept() == KEPT, "another basket was never named"
    next_one.close()


def test_older_than_the_journal_remembers_is_not_trusted(tmp_path: Path) -> None:
    first = shelf(tmp_path)
    first.keep(replace(KEPT, document=SALE))
    first.close()
    late = shelf(tmp_path, now=lambda: NOW + KEPT_FOR + timedelta(days=1))
    assert late.kept() is None
    late.close()


def test_selling_waits_until_the_disk_names_the_sale(tmp_path: Path) -> None:
    first = shelf(tmp_path)
    first.keep(KEPT)
    first.keep(replace(KEPT, document=SALE))
    first.selling(SALE)
    assert named_on_disk(tmp_path) == {str(SALE)}
    first.selling(UUID(int=8))  # a top-up has no basket
    first.close()


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process may grow: the system answers as a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_takes_no_basket_is_told_and_then_nothing_is_sold(tmp_path: Path) -> None:
    first = shelf(tmp_path)
    with full_disk():
        first.keep(replace(KEPT, document=SALE))
    with pytest.raises(Refused, match="journal_unwritable"):
        first.selling(SALE)
    assert first.trouble() == os.strerror(errno.EFBIG)
    first.keep(replace(KEPT, document=SALE))
    first.selling(SALE)
    assert first.trouble() == ""
    first.close()


def test_a_disk_that_fails_behind_the_screen_is_told_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shelf(tmp_path)

    def fails(_file: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fdatasync", fails)
    first.keep(replace(KEPT, document=SALE))
    with pytest.raises(Refused, match="journal_unwritable"):
        first.selling(SALE)
    monkeypatch.undo()
    first.keep(replace(KEPT, document=SALE))
    first.selling(SALE)
    first.close()


@pytest.mark.parametrize("places", [(0,), (1,), (0, 1)])
def test_a_damaged_place_costs_one_change_and_two_are_put_aside(
    tmp_path: Path, places: tuple[int, ...]
) -> None:
    first = shelf(tmp_path)
    for n in (1, 2):  # each waited for: they lie in different places
        first.keep(replace(KEPT, basket=Basket.of(cart_of(n)), document=UUID(int=n)))
        first.selling(UUID(int=n))
    first.close()
    for place in places:
        path = tmp_path / f"{BASKET}.{place}"
        path.write_bytes(path.read_bytes()[:-9] + b"torn\n")
    again = shelf(tmp_path)
    kept = again.kept()
    assert (len(kept.basket.lines) if kept else 0) in ({1, 2} if len(places) == 1 else {0})
    assert len(list(tmp_path.glob("*.damaged"))) == (2 if len(places) == 2 else 0)
    again.keep(KEPT)
    again.close()
    third = shelf(tmp_path)
    assert third.kept() is not None
    third.close()


def test_what_the_screen_shows_survives_kill_9_at_once(tmp_path: Path) -> None:
    """The process ends itself the moment `keep` returns, with a disk that never comes back to it."""
    for lines in range(1, 6):
        child = os.fork()
        if child == 0:  # pragma: no cover  (it is killed)
            mine = shelf(tmp_path)
            os.fdatasync = lambda _file: time.sleep(60)  # type: ignore[assignment]
            mine.keep(replace(KEPT, basket=Basket.of(cart_of(lines))))
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        again = shelf(tmp_path)
        kept = again.kept()
        assert kept is not None
        assert len(kept.basket.lines) == lines
        again.close()


def test_what_the_program_of_before_left_is_taken_over_once(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / OLD_FILE)) as base, base:
        base.execute("create table basket(one, staff text, at text, document text, basket text)")
        base.execute(
            "insert into basket values (1, ?, ?, null, ?)",
            (KEPT.staff, KEPT.at.isoformat(), json.dumps(KEPT.basket.to_json())),
        )
    first = shelf(tmp_path)
    assert first.kept() == KEPT
    first.clear()
    first.close()
    assert not (tmp_path / OLD_FILE).exists()
    again = shelf(tmp_path)
    assert again.kept() is None
    again.close()


def test_keeping_waits_for_no_disk_and_paying_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the disk stands still baskets are kept on; once it moves, one write of it holds them all."""
    first = shelf(tmp_path)
    kept = replace(KEPT, basket=Basket.of(cart_of(50)))
    moves, waiting, by, synced = threading.Event(), threading.Event(), set(), os.fdatasync

    def slow(file: int) -> None:
        by.add(threading.current_thread().name)
        waiting.set()
        assert moves.wait(60)
        synced(file)
        count.append(file)

    count: list[int] = []
    monkeypatch.setattr(os, "fdatasync", slow)
    for n in range(60):
        first.keep(replace(kept, document=UUID(int=n)))
    assert waiting.wait(60)
    assert count == []
    paying = threading.Thread(target=first.selling, args=(UUID(int=59),))
    paying.start()
    paying.join(0.2)
    assert paying.is_alive()
    moves.set()
    paying.join(60)
    assert not paying.is_alive()
    assert len(count) <= 2
    assert by == {"basket"}
    first.close()
    assert not any(thread.name == "basket" for thread in threading.enumerate())


def test_kill_9_leaves_the_return_beside_the_sale_and_each_is_named_by_its_own_document(
    tmp_path: Path,
) -> None:
    """Both are with the system before the next key; the document of one says nothing about the other."""
    back = ComesBack(SALE, ((1, 3000), (2, 500)), exchange=True, reason="faded")
    taken = (Tender("cash", 500, given_minor=500),)
    going_out = replace(KEPT, basket=Basket.of(cart_of(2), taken, back))
    child = os.fork()
    if child == 0:  # pragma: no cover  (the child is killed)
        first = shelf(tmp_path)
        first.keep(KEPT)
        first.returning.keep(replace(going_out, document=SALE))
        first.selling(SALE)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    again = shelf(tmp_path)
    assert again.kept() == KEPT
    assert again.returning.kept() == replace(going_out, document=SALE)
    again.close()
    booked = shelf(tmp_path, JournalState.ANSWERED)
    assert booked.returning.kept() is None, "the journal has the exchange"
    assert booked.kept() == KEPT, "and the sale's basket is none of its business"
    booked.close()
