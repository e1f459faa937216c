"""The last piece of a gift and a receipt that entitles once: at many tills, each with a control."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.races.barrier import overlap, race
from tests.races.test_moving_races import told, whole
from tests.small_chain import BREAD, BREAD_LINE, Seat, SmallChain, cash
from tests.value_rules import in_force, recharge

TILLS = 6
STEPS = [{"from_minor": 1000, "give_minor": 100}]


def goods(chain: SmallChain) -> int:
    return int(
        chain.value(
            "insert into shop.product(code, name, kind, tax_code)"
            " values ('LAST-' || floor(random() * 1e9), '油', 'goods', 'T0') returning id"
        )
    )


def receive(seat: Seat, product: int, pieces: int) -> None:
    rows = [{"product": product, "qty_milli": pieces * 1000, "cost_minor": 0}]
    seat.done("stock_receipt", stock=rows, total_minor=0)


def test_the_last_piece_is_given_once(chain: SmallChain) -> None:
    tills, product = [chain.open_seat() for _ in range(TILLS)], goods(chain)
    cards = [chain.card(till) for till in tills]
    body = {"steps": STEPS, "goods": [{"product": product, "qty_milli": 1000}]}
    with in_force(chain, "recharge", body) as rule:

        def all_at_once() -> dict[str | None, int]:
            row = {"product": product, "qty_milli": 1000, "rule": rule, "version": 1}
            bodies = [
                recharge(till, card, 1000, rule, 100, gifts=[row])
                for till, card in zip(tills, cards, strict=True)
            ]
            outcomes = race([partial(till.post, body) for till, body in zip(tills, bodies, strict=True)])
            assert overlap(outcomes) > 1
            return dict(told(outcomes))

        receive(tills[0], product, 1)
        assert all_at_once() == {None: 1, "gift_refused": TILLS - 1}
        assert chain.on_hand(product) == 0
        receive(tills[0], product, TILLS)
        assert all_at_once() == {None: TILLS}, "the control: there is one for each"
        assert chain.on_hand(product) == 0
    whole(chain)


def test_a_receipt_entitles_once_at_all_tills(chain: SmallChain) -> None:
    tills = [chain.open_seat() for _ in range(TILLS)]
    cards = [chain.card(till) for till in tills]
    with in_force(chain, "recharge", {"steps": STEPS, "bought": [{"product": BREAD}]}) as rule:
        sales = [
            till.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)["id"]
            for till in (*tills, tills[0])
        ]
        for wanted, expected in (
            ([sales[-1]] * TILLS, {None: 1, "gift_refused": TILLS - 1}),
            (sales[:-1], {None: TILLS}),
        ):
            bodies = [
                recharge(till, card, 1000, rule, 100, bought=sale)
                for till, card, sale in zip(tills, cards, wanted, strict=True)
            ]
            outcomes = race([partial(till.post, body) for till, body in zip(tills, bodies, strict=True)])
            assert overlap(outcomes) > 1
            assert told(outcomes) == expected
    whole(chain)


def test_a_receipt_whose_goods_come_back_at_that_moment(chain: SmallChain) -> None:
    """Whichever is first: no gift for goods that came back, and they come back by two behind a gift."""
    till, desk = chain.open_seat(), chain.open_seat()
    card = chain.card(till)
    with in_force(chain, "recharge", {"steps": STEPS, "bought": [{"product": BREAD}]}) as rule:
        for _ in range(4):
            sale = till.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)["id"]
            lines = [{"n": 1, "of": 1, "qty_milli": 1000}]
            back: dict[str, Any] = {"of": sale, "reason": "old", "lines": lines, "total_minor": 350}
            top_up = recharge(till, card, 1000, rule, 100, bought=sale)
            outcomes = race([partial(till.post, top_up), partial(desk.post, desk.document("return", **back))])
            answers = told(outcomes)
            assert answers == {None: 1, ("gift_refused" if outcomes[0].refused else "approval_needed"): 1}
    whole(chain)
