"""A day at three tills of one store, as a story: what each did ties out to the fen at its Z.

Beside the door an account book of its own: what lies in each drawer, what a card holds, what stands on the
shelf, what was sold. It is written in figures of the story and asks nothing of ours.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from tests.repositories.test_held_sales import hold, recall
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    NO_PIN,
    PENNY,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    proof,
    stored,
)

FLOATS: Final = (20_000, 30_000, 10_000)


@dataclass
class Book:
    """What a person with a pencil knows."""

    drawers: list[int] = field(default_factory=lambda: list(FLOATS))
    shelf: Counter[int] = field(default_factory=Counter)
    sold: int = 0

    def moved(self, till: int, minor: int, product: int, qty_milli: int) -> None:
        """Money into the drawer of `till`, goods off the shelf."""
        self.drawers[till] += minor
        self.shelf[product] -= qty_milli
        self.sold += minor


def bread(seat: Seat, **parts: Any) -> dict[str, Any]:
    """A loaf for 3.50, paid in cash unless `parts` say otherwise."""
    return seat.done("sale", **{"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350, **parts})


def morning(tills: list[Seat], book: Book) -> None:
    """Loaves for cash at all three; a drop at the fullest drawer."""
    for n in range(9):
        bread(tills[n % 3])
        book.moved(n % 3, 350, BREAD, 1000)
    tills[1].done("cash_drop", amount_minor=25_000, total_minor=25_000, reason="safe")
    book.drawers[1] -= 25_000


def a_member(chain: SmallChain, tills: list[Seat], book: Book) -> Card:
    """Pays in at the first till, spends at the second and the third."""
    with chain.policy(**NO_PIN):
        card = chain.card(tills[0], principal=0)
        tills[0].done("top_up", wallet=card.wallet, tenders=[cash(10_000)], total_minor=10_000)
        book.drawers[0] += 11_000  # what a card costs, too
        for till, amount in ((tills[1], 1_200), (tills[2], 345)):
            goods = [line(1, PENNY, amount * 1000, 1, amount)]
            till.done("sale", lines=goods, wallet=card.wallet, tenders=[stored(card, amount)],
                      proofs=[proof(card)], total_minor=amount)  # fmt: skip
            book.shelf[PENNY] -= amount * 1000
            book.sold += amount
    return card


def afternoon(chain: SmallChain, tills: list[Seat], book: Book) -> None:
    """A basket put aside at the first till is paid at the third, goods of the second come back there; a loaf
    too many is undone at its own till, with a second person."""
    one, two, three = tills
    held = str(uuid.uuid4())
    assert hold(one, held)["state"] == "held"
    assert "basket" in recall(three, held)
    bread(three, held=held)
    book.moved(2, 350, BREAD, 1000)
    sale = bread(two, lines=[line(1, BREAD, 3000, 350, 1050)], tenders=[cash(1050)], total_minor=1050)
    book.moved(1, 1050, BREAD, 3000)
    back = [{"n": 1, "of": 1, "qty_milli": 2000}]
    three.done("return", of=sale["id"], reason="broken", total_minor=700, lines=back)
    book.moved(2, -700, BREAD, -2000)
    wrong = bread(one)
    body = one.document("reversal", of=wrong["id"], reason="twice", total_minor=350)
    undone = one.post(body, one.approved(body, by=chain.managers[1]))
    assert "refused" not in undone, undone


def evening(chain: SmallChain, tills: list[Seat], book: Book) -> None:
    """Each drawer counts exactly what the pencil says: nothing is over or short."""
    heads, kinds = set(), Counter[str]()
    for till, expected in zip(tills, book.drawers, strict=True):
        assert chain.drawer_cash(till) == expected
        report = till.ask("shift_report", uuid.UUID(str(till.shift)))
        assert report["expected_minor"] == expected
        for row in report["kinds"]:
            kinds[row["kind"]] += row["total_minor"] or 0
        z = till.done("shift_close", counted_minor=expected, total_minor=expected)
        assert z["over_short_minor"] == 0
        assert chain.drawer_cash(till) == 0
        heads.add(z["head"])
    assert kinds["sale"] - kinds["return"] - kinds["reversal"] == book.sold
    assert len(heads) == len(tills)


def test_three_tills_tie_out_at_z(chain: SmallChain) -> None:
    chain.begin_test()
    tills, book = [chain.seat(staff=each) for each in (*chain.managers[:2], chain.managers[0])], Book()
    for till, float_minor in zip(tills, FLOATS, strict=True):
        till.open_shift(float_minor)
    shelf = {product: chain.on_hand(product) for product in (BREAD, PENNY)}
    morning(tills, book)
    card = a_member(chain, tills, book)
    afternoon(chain, tills, book)
    evening(chain, tills, book)
    assert {product: chain.on_hand(product) - was for product, was in shelf.items()} == dict(book.shelf)
    left = 10_000 - 1_200 - 345
    assert chain.balances(card.wallet)["principal"] == sum(chain.lots(card.wallet, "principal")) == left
    assert chain.rows("select * from ledger.verify()") == []
