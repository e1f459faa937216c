"""One drawer, several tills at one moment: opened once, closed once, not closed over what came later."""

from __future__ import annotations

import uuid
from collections import Counter
from functools import partial

import pytest

from tests.races.barrier import overlap, race
from tests.races.test_door_races import later, no_retry, whole
from tests.small_chain import BREAD_LINE, SmallChain, cash


def test_one_shift_closed_from_two_tills(chain: SmallChain) -> None:
    for _ in range(6):
        one = chain.open_seat()
        two = chain.seat(drawer=one.drawer)
        two.shift = one.shift
        closings = [
            till.document("shift_close", counted_minor=50000, total_minor=50000) for till in (one, two)
        ]
        outcomes = race([later(one, closings[0]), later(two, closings[1])])
        no_retry(outcomes)
        assert Counter(o.refused for o in outcomes) == {None: 1, "shift_closed": 1}
        assert chain.drawer_cash(one) == 0
    whole(chain)


def test_one_drawer_opened_from_two_tills(chain: SmallChain) -> None:
    for _ in range(6):
        one = chain.seat()
        two = chain.seat(drawer=one.drawer)
        openings = [till.document("shift_open", counted_minor=100, total_minor=100) for till in (one, two)]
        outcomes = race([later(one, openings[0]), later(two, openings[1])])
        no_retry(outcomes)
        assert Counter(o.refused for o in outcomes) == {None: 1, "shift_already_open": 1}
        assert chain.drawer_cash(one) == 100
    whole(chain)


@pytest.mark.parametrize("explained", [True, False])
def test_a_sale_or_a_drop_against_the_closing_of_its_shift(chain: SmallChain, explained: bool) -> None:
    """Either it is in the count's shift, or it is refused: never in a shift that was closed already. A count
    made before it came does not close over it unless somebody explains the gap."""
    seen: Counter[tuple[str | None, ...]] = Counter()
    overlapped = 0
    for n in range(6):
        one = chain.open_seat()
        two = chain.seat(drawer=one.drawer, staff=chain.managers[0])
        two.shift = one.shift
        other = one.document("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
        moved = 350
        if n % 2:
            other = one.document("cash_drop", amount_minor=70, total_minor=70, reason="full")
            moved = -70
        told = {"reason": "counted before it came"} if explained else {}
        closing = two.document("shift_close", counted_minor=50000, total_minor=50000, **told)
        outcomes = race([later(one, other), later(two, closing)])
        no_retry(outcomes)
        overlapped += overlap(outcomes) >= 2
        seen[tuple(o.refused for o in outcomes)] += 1
        closed = outcomes[1].answer
        if outcomes[1].refused is None:
            assert closed["over_short_minor"] == (-moved if outcomes[0].refused is None else 0)
            assert chain.drawer_cash(one) == 0
        else:
            assert chain.drawer_cash(one) == 50000 + moved
    assert overlapped
    both = (None, None) if explained else (None, "variance_unexplained")
    assert set(seen) <= {both, ("shift_closed", None)}
    whole(chain)


def test_two_tills_print_at_once_and_no_number_comes_twice(chain: SmallChain) -> None:
    one = chain.open_seat()
    two = chain.seat(drawer=one.drawer)
    shift = uuid.UUID(str(one.shift))
    for n in range(6):
        outcomes = race([partial(seat.ask, "shift_print", shift) for seat in (one, two)])
        no_retry(outcomes)
        assert sorted(o.answer["print"] for o in outcomes) == [2 * n + 1, 2 * n + 2]
    printed = "select count(*), max(n) from sec.shift_print where shift = %s and what = 'x'"
    assert chain.rows(printed, one.shift) == [(12, 12)]


def test_two_drops_of_the_last_cash(chain: SmallChain) -> None:
    """Either leaves nothing for the other; the control: half of it leaves room for both."""
    for amount, refused in ((50000, {None: 1, "cash_short": 1}), (25000, {None: 2})):
        one = chain.open_seat()
        two = chain.seat(drawer=one.drawer)
        two.shift = one.shift
        drops = [
            later(seat, seat.document("cash_drop", amount_minor=amount, total_minor=amount, reason="full"))
            for seat in (one, two)
        ]
        outcomes = race(drops)
        no_retry(outcomes)
        assert Counter(o.refused for o in outcomes) == refused
        assert chain.drawer_cash(one) == 0
    whole(chain)
