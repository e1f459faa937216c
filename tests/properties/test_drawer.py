"""Whatever two tills do on one drawer: float + in - out + cash sales - voids is what should lie there, and
the same is on the report, part by part."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from tests.small_chain import BREAD_LINE, PENNY, Seat, SmallChain, bank, cash, line

SIGNS = {"cash_in": 1, "cash_drop": -1, "cash_out": -1, "expense": -1}
moves = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([*SIGNS, "sale", "bank", "no_sale", "void"]),
        st.integers(1, 60_000),
    ),
    min_size=1,
    max_size=14,
)


def play(seat: Seat, kind: str, amount: int) -> dict[str, Any]:
    """One thing that somebody does at a till."""
    if kind in SIGNS:
        return seat.post(seat.document(kind, amount_minor=amount, total_minor=amount, reason="so"))
    if kind == "no_sale":
        return seat.post(seat.document("no_sale", reason="so"))
    if kind == "bank":
        return seat.post(seat.document("sale", lines=[BREAD_LINE], tenders=[bank(350)], total_minor=350))
    lines = [line(1, PENNY, amount * 1000, 1, amount)]
    return seat.post(seat.document("sale", lines=lines, tenders=[cash(amount)], total_minor=amount))


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(done=moves, float_minor=st.integers(0, 90_000), off=st.integers(-300, 300))
def test_the_drawer_holds_what_the_moves_make(
    chain: SmallChain, done: list[tuple[int, str, int]], float_minor: int, off: int
) -> None:
    chain.begin_test()
    one = chain.seat(staff=chain.managers[0])
    one.open_shift(float_minor)
    two = chain.seat(drawer=one.drawer, staff=chain.managers[1])
    two.shift = one.shift
    expected = float_minor
    standing: list[tuple[str, int, int]] = []
    for till, kind, amount in done:
        seat = (one, two)[till]
        if kind == "void":
            if not standing:
                continue
            document, moved, total = standing.pop()
            body = seat.document("reversal", of=document, reason="so", total_minor=total)
            answer, sign = seat.post(body, seat.approved(body, by=other(chain, seat))), -moved
        else:
            answer = play(seat, kind, amount)
            sign = {"sale": amount, "bank": 0, "no_sale": 0}.get(kind, SIGNS.get(kind, 0) * amount)
        if expected + sign < 0:
            assert answer.get("refused") == "cash_short", answer
            continue
        assert "refused" not in answer, answer
        expected += sign
        if kind not in {"no_sale", "void"}:
            standing.append((answer["id"], sign, answer["total_minor"]))
    assert chain.drawer_cash(one) == expected
    report = one.ask("shift_report", uuid.UUID(str(one.shift)))
    beside = sum(row["amount"] for row in report["parts"]["cash"])
    tendered = sum(row["amount_minor"] for row in report["tenders"] if row["kind"] == "cash")
    assert report["expected_minor"] == expected == float_minor + beside + tendered
    counted = max(expected + off, 0)
    closed = two.done("shift_close", counted_minor=counted, total_minor=counted, reason="so")
    assert (closed["expected_minor"], closed["over_short_minor"]) == (expected, counted - expected)
    assert chain.drawer_cash(one) == 0


def other(chain: SmallChain, seat: Seat) -> int:
    """The manager who does not sit there."""
    return next(each for each in chain.managers if each != seat.staff)
