"""What was taken off a basket survives the process, rides on a document, and is forgotten when it arrived."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document, Kind, Removed
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.usecases.removal import taken_off
from huiyuan.repositories.counter.removals import MOST, CounterRemovals
from tests.domain.builders import AT, product, uid


def rows(count: int) -> tuple[Removed, ...]:
    return tuple(Removed(uuid.uuid4(), 9, AT.isoformat(), 3, 1000, n, "line") for n in range(count))


def test_rows_survive_a_process_that_was_killed_and_leave_when_they_arrived(tmp_path: Path) -> None:
    noted = rows(3)
    one = CounterRemovals(tmp_path)
    one.note(noted)
    one.note(noted[:1])  # the same row twice is one row

    again = CounterRemovals(tmp_path)  # the first one was never closed

    assert again.waiting() == noted
    again.forget(noted[:2])
    assert CounterRemovals(tmp_path).waiting() == noted[2:]


def test_one_document_carries_so_many(tmp_path: Path) -> None:
    kept = CounterRemovals(tmp_path)
    kept.note(rows(MOST + 5))
    assert len(kept.waiting()) == MOST
    kept.forget(kept.waiting())
    assert len(kept.waiting()) == 5


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "removed.db").write_text("no database", "utf-8")
    with pytest.raises(Refused) as told:
        CounterRemovals(tmp_path)
    assert told.value.code == "journal_unwritable"


def test_a_document_reads_its_rows_back() -> None:
    document = Document(uid(1), Kind.SALE, 9, 1, AT, 0, removed=rows(2))
    assert Document.from_body(uid(1), document.to_body()) == document


def test_only_what_left_the_basket_is_named() -> None:
    milk, tea = product(3, 1000), product(4, 16_800, code="P2")
    before = Cart().add(milk, 3000).add(tea, 1000)

    def gone(after: Cart) -> list[tuple[int, int, int]]:
        found = taken_off(before, after, why="line", session=9, at=AT, new_id=uuid.uuid4)
        return [(row.product, row.qty_milli, row.value_minor) for row in found]

    assert gone(before) == []
    assert gone(before.set_quantity(0, 5000)) == []
    assert gone(before.set_quantity(0, 1000)) == [(3, 2000, 2000)]
    assert gone(before.remove(1)) == [(4, 1000, 16_800)]
    assert gone(Cart()) == [(3, 3000, 3000), (4, 1000, 16_800)]
