"""Two counters invoice one receipt at the same moment; goods come back while it is issued."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.attacks.test_door_invoices import SEALED, STEP, WANT
from tests.planted import planted
from tests.races.barrier import overlap, race
from tests.races.meeting import leave, met
from tests.repositories.test_invoices import due, number, register, sale, want
from tests.small_chain import SmallChain, cash

SLOW = "  return greatest(v_left, 0);"
LOCK = "pg_advisory_xact_lock(hashtextextended(document::text, 6))"


def wanted_twice(chain: SmallChain) -> list[str]:
    """Two counters note the whole of one receipt; what is left is worked out slowly, so that both have."""
    seats = [chain.open_seat(), chain.open_seat()]
    sold = sale(seats[0], 1000, cash(1000))
    asks = [
        partial(seat.call, WANT, uuid.uuid4(), sold["id"], "person", SEALED, None, 1000) for seat in seats
    ]
    with planted(chain, "shop.invoiceable", SLOW, f"  {met(2)}\n{SLOW}"):
        outcomes = race(asks)
    leave(seats)
    assert overlap(outcomes) == 2
    return sorted(str(each.answer.get("facts", {}).get("why")) for each in outcomes)


def test_two_counters_note_one_receipt_once(chain: SmallChain) -> None:
    assert wanted_twice(chain) == ["None", "nothing"]


def test_control_without_the_lock_both_do(chain: SmallChain) -> None:
    with planted(chain, "shop.lock_invoices", LOCK, "null"):
        assert wanted_twice(chain) == ["None", "None"]


def issued_and_returned(chain: SmallChain) -> tuple[str | None, bool]:
    """Whether an invoice was issued while its goods came back, and whether the register then says so."""
    seats = [chain.open_seat(), chain.open_seat()]
    sold = sale(seats[0], 1000, cash(1000))
    invoice = want(seats[0], sold, 1000)
    rows = [{"n": 1, "of": 1, "qty_milli": 400_000}]
    body = seats[1].document("return", of=sold["id"], reason="broken", lines=rows, total_minor=400)
    contenders: list[Any] = [
        partial(seats[0].call, STEP, invoice.id, "issued", number(), None), partial(seats[1].post, body),
    ]  # fmt: skip
    with planted(chain, "shop.invoiceable", SLOW, f"  {met(2)}\n{SLOW}"):
        issued, returned = race(contenders)
    leave(seats)
    assert overlap([issued, returned]) == 2
    assert "refused" not in returned.answer
    assert register(seats[0]).standing(document=uuid.UUID(sold["id"])).money_minor == 600
    return issued.answer.get("facts", {}).get("why"), due(seats[0], invoice)


@pytest.mark.parametrize("time", [1, 2])
def test_goods_that_come_back_while_it_is_issued_are_refused_or_listed(chain: SmallChain, time: int) -> None:
    assert issued_and_returned(chain) in {("less", False), (None, True)}, time


@pytest.fixture(autouse=True)
def functions_as_they_are(chain: SmallChain) -> Iterator[None]:
    """Both are the product's own again, whatever happened."""
    names = "('invoiceable', 'lock_invoices')"
    query = f"select proname, md5(prosrc) from pg_proc where proname in {names} order by 1"
    before = chain.rows(query)
    yield
    assert chain.rows(query) == before
