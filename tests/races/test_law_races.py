"""One buyer at two tills at the same moment: what both sell counts together, whichever comes first."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.attacks.test_door_law import card_of
from tests.planted import planted
from tests.races.barrier import overlap, race
from tests.races.meeting import leave, met
from tests.small_chain import BEARER, REGISTERED, SOUTH, SmallChain, cash


def sold(chain: SmallChain, *, others: bool = False) -> list[str]:
    """Four bearer cards, each for 900.00 in cash, to a company that has bought 1,500.00, at four tills; or
    four of its own cards, that four `others` fill."""
    company = chain.member(kind="company")
    seats = [chain.open_seat() if n % 2 else chain.open_seat(SOUTH) for n in range(4)]
    card_type, holder = (REGISTERED, company) if others else (BEARER, None)
    cards = [card_of(seats[0], chain, holder, card_type) for _ in range(6)]
    buyers = [chain.member() if others else company for _ in cards]
    for card, buyer in zip(cards[4:], buyers[4:], strict=True):
        seats[0].done("top_up", wallet=card.wallet, tenders=[cash(75_000)], total_minor=75_000, buyer=buyer)
    bodies = [
        seat.document("top_up", wallet=card.wallet, tenders=[cash(90_000)], total_minor=90_000, buyer=buyer)
        for seat, card, buyer in zip(seats, cards[:4], buyers[:4], strict=True)
    ]
    # After the last guard of all they meet, so that every till has added up before any has written.
    last = "  return null;\nend"
    with planted(chain, "guard.transfer_needed", last, f"  {met(len(seats))}\n{last}"):
        outcomes = race([partial(seat.post, body) for seat, body in zip(seats, bodies, strict=True)])
    leave(seats)
    assert overlap(outcomes) == 4
    return sorted(str(each.refused) for each in outcomes)


@pytest.mark.parametrize("others", [False, True])
def test_a_company_does_not_buy_for_cash_at_four_tills_what_it_may_not_at_one(
    chain: SmallChain, others: bool
) -> None:
    assert sold(chain, others=others) == ["None", "None", "None", "transfer_needed"]


@pytest.mark.parametrize("others", [False, True])
def test_control_without_the_lock_of_the_buyer_it_does(chain: SmallChain, others: bool) -> None:
    lock = "perform pg_advisory_xact_lock(hashtextextended('bought by ' || x.id, 4)) from"
    with planted(chain, "guard.identity_needed", lock, "perform 1 from"):
        assert sold(chain, others=others) == ["None"] * 4


@pytest.fixture(autouse=True)
def guards_as_they_are(chain: SmallChain) -> Iterator[None]:
    """Both guards are the product's own again, whatever happened."""
    before = chain.rows(
        "select proname, md5(prosrc) from pg_proc where proname in ('identity_needed', 'transfer_needed')"
        " order by 1"
    )
    yield
    after = chain.rows(
        "select proname, md5(prosrc) from pg_proc where proname in ('identity_needed', 'transfer_needed')"
        " order by 1"
    )
    assert before == after
