"""One member at two tills at the same moment: what a promotion gives once a day is given once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

import pytest

from tests.promotions import publish
from tests.races.barrier import race
from tests.small_chain import BREAD, NO_PIN, Card, Seat, SmallChain, cash, line, off


def loaf(seat: Seat, rule: int, card: Card) -> dict[str, Any]:
    """The body of a loaf of bread with its discount, for the member of a card."""
    return seat.document(
        "sale", lines=[line(1, BREAD, 1000, 350, 350, 250)],
        adjustments=[off(1, "promotion", 100, rule, 1)], tenders=[cash(250)], total_minor=250,
        wallet=card.wallet,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bound", "word"), [({"day_qty_milli": 1000}, "day"), ({"first_order": True}, "first_order")]
)
def test_eight_tills_serve_one_member_by_two_wallets(
    chain: SmallChain, bound: dict[str, Any], word: str
) -> None:
    tills = [chain.open_seat() for _ in range(8)]
    cards = [chain.card(tills[0]), chain.card(tills[0])]
    chain.run(
        "update shop.wallet w set member = o.member from shop.wallet o where w.id = %s and o.id = %s",
        cards[1].wallet, cards[0].wallet,
    )  # fmt: skip
    rule = publish(chain, {"kind": "amount", "off_minor": 100, **bound})
    with chain.policy(**NO_PIN):
        outcomes = race([partial(till.post, loaf(till, rule, cards[n % 2])) for n, till in enumerate(tills)])
    answers = [each.answer for each in outcomes]
    assert [each.sqlstate for each in outcomes if each.sqlstate] == []
    told = Counter(answer["facts"]["why"] if "refused" in answer else "sold" for answer in answers)
    assert told == {"sold": 1, word: 7}
