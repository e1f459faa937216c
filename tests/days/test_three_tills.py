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
from tests.small_chain import BREAD, BREAD_LINE, NO_PIN, PENNY, Seat, SmallChain, cash, line, proof, stored

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


def test_three_tills_tie_out_at_z(chain: SmallChain) -> None:
    chain.begin_test()
    tills, book = [chain.seat(staff=each) for each in (*chain.managers[:2], chain.managers[0])], Book()
    for till, float_minor in zip(tills, FLOATS, strict=True):
        till.open_shift(float_minor)
    shelf = {product: chain.on_hand(product) for product in (BREAD, PENNY)}
    one, two, three = tills

    # The morning: loaves for cash at all three, a drop at the fullest drawer.
    for n in range(9):
        bread(tills[n % 3])
        book.moved(n % 3, 350, BREAD, 1000)
    two.done("cash_drop", amount_minor=25_000, total_minor=25_000, reason="safe")
    book.drawers[1] -= 25_000

    # A member pays in at the first till, and spends at the second and the third.
    with chain.policy(**NO_PIN):
        card = chain.card(one, principal=0)
        book.drawers[0] += 1_000  # what a card costs
        one.done("top_up", wallet=card.wallet, tenders=[cash(10_000)], total_minor=10_000)
        book.drawers[0] += 10_000
        for till, amount in ((two, 1_200), (three, 345)):
            goods = [line(1, PENNY, amount * 1000, 1, amount)]
            till.done("sale", lines=goods, wallet=card.wallet, tenders=[stored(card, amount)],
                      proofs=[proof(card)], total_minor=amount)  # fmt: skip
            book.shelf[PENNY] -= amount * 1000
            book.sold += amount

    # A basket is put aside at the first till and paid at the third; a sale of the second comes back there.
    held = str(uuid.uuid4())
    assert hold(one, held)["state"] == "held"
    assert "basket" in recall(three, held)
    bread(three, held=held)
    book.moved(2, 350, BREAD, 1000)
    sale = bread(two, lines=[line(1, BREAD, 3000, 350, 1050)], tenders=[cash(1050)], total_minor=1050)
    book.moved(1, 1050, BREAD, 3000)
    three.done("return", of=sale["id"], reason="broken", total_minor=700,
               lines=[{"n": 1, "of": 1, "qty_milli": 2000}])  # fmt: skip
    book.moved(2, -700, BREAD, -2000)

    # A loaf too many is undone at its own till, with a second person.
    wrong = bread(one)
    body = one.document("reversal", of=wrong["id"], reason="twice", total_minor=350)
    undone = one.post(body, one.approved(body, by=chain.managers[1]))
    assert "refused" not in undone, undone

    # The evening: each drawer counts exactly what the pencil says, and nothing is over or short.
    zs = []
    for n, till in enumerate(tills):
        assert chain.drawer_cash(till) == book.drawers[n]
        report = till.ask("shift_report", uuid.UUID(str(till.shift)))
        assert report["expected_minor"] == book.drawers[n]
        zs.append(till.done("shift_close", counted_minor=book.drawers[n], total_minor=book.drawers[n]))
        assert zs[-1]["over_short_minor"] == 0
        assert chain.drawer_cash(till) == 0
    assert {product: chain.on_hand(product) - was for product, was in shelf.items()} == dict(book.shelf)
    assert (
        chain.balances(card.wallet)["principal"]
        == 10_000 - 1_200 - 345
        == sum(chain.lots(card.wallet, "principal"))
    )
    kinds: Counter[str] = Counter()
    for till in tills:
        for row in till.ask("shift_report", uuid.UUID(str(till.shift)))["kinds"]:
            kinds[row["kind"]] += row["total_minor"] or 0
    assert kinds["sale"] - kinds["return"] - kinds["reversal"] == book.sold
    assert len({z["head"] for z in zs}) == len(zs)
    assert chain.rows("select * from ledger.verify()") == []
