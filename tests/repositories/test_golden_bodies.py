"""Bodies as counters of today send them, kept as files: the door takes them, and the counter reads them back.

A journal may hold such a body for a day, and a ledger for good; whoever changes a shape keeps these true.
"""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from huiyuan.domain.model.document import Document
from tests.small_chain import GOLD, Seat, SmallChain, pairs

GOLDEN = sorted(Path(__file__).with_name("golden").glob("*.json"))


def filled(text: str, seat: Seat, chain: SmallChain) -> dict[str, Any]:
    """The file with this seat, shift, number and a gold card of 200.00 and 500 points in it."""
    card = chain.card(seat, tier=GOLD, principal=20000)
    chain.give_points(seat, card, 500)
    seat.number += 1
    facts = {"session": seat.session, "number": seat.number, "shift": seat.shift, "wallet": card.wallet}
    for name, value in {**facts, "token": card.token}.items():
        text = text.replace(f'"${name}"', json.dumps(value))
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_door_takes_it_and_the_counter_reads_it_back(path: Path, seat: Seat, chain: SmallChain) -> None:
    golden = filled(path.read_text("utf-8"), seat, chain)
    body, expected = golden["body"], [tuple(posting) for posting in golden["postings"]]

    answer = seat.post(body)

    assert "refused" not in answer, answer
    assert pairs(answer) == expected
    assert Document.from_body(uuid.uuid4(), body).to_body() == body


def test_there_are_such_files() -> None:
    assert len(GOLDEN) >= 4
