"""What the counter works out the door accepts: random promotions, published there, on random baskets."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from huiyuan.domain.model.card import Member, Tier
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.repositories.reads import DatabaseReads
from tests.domain.builders import card as opened_card
from tests.promotions import local_now, publish
from tests.small_chain import BREAD, GOLD, MILK, PENNY, REPAIR, RICE, Card, Seat, SmallChain, cash

GOODS: Final = {
    MILK: Product(MILK, "MILK", "牛奶", "goods", "piece", "T13", 1300, 1000),
    BREAD: Product(BREAD, "BREAD", "面包", "goods", "piece", "T0", 0, 350, sold_by="weight",
                   lists=(("gold", 310), ("member", 320))),
    RICE: Product(RICE, "RICE", "大米", "goods", "kg", "T0", 0, 2599, sold_by="weight"),
    REPAIR: Product(REPAIR, "REPAIR", "修理", "service", "piece", "T6", 600, 5000),
    PENNY: Product(PENNY, "PENNY", "一分", "goods", "piece", "T0", 0, 1, sold_by="weight"),
}  # fmt: skip
IDS: Final = list(GOODS)


def some_body(chance: random.Random) -> dict[str, Any]:
    """A promotion that the door publishes."""
    kind = chance.choice(["percent", "amount", "fixed", "nth", "buy_get", "bundle", "steps", "gift"])
    goods = {"products": chance.sample(IDS, chance.randrange(1, 4))}
    body: dict[str, Any] = {
        "kind": kind,
        "combine": chance.choice(["best", "best", "stack", "exclusive"]),
        "priority": chance.randrange(1000),
        "with_member": chance.random() < 0.6,
    }
    if kind in {"percent", "nth"}:
        body["rate_bp"] = chance.randrange(1, 10_001)
    if kind == "amount":
        body["off_minor"] = chance.randrange(1, 1500)
    if kind == "fixed":
        body["price_minor"] = chance.randrange(3000)
    if kind == "nth":
        body["n"] = chance.randrange(2, 4)
    if kind == "buy_get":
        body |= {"buy": chance.randrange(1, 3), "get": chance.randrange(1, 3)}
    if kind == "bundle":
        parts = chance.sample(IDS[:4], 2)
        body["parts"] = [{"product": each, "qty_milli": chance.randrange(1, 3) * 1000} for each in parts]
        body["price_minor"] = chance.randrange(1200)
    elif kind == "gift":
        body |= {"products": [BREAD], "give_milli": 1000, "needs": [MILK], "each_milli": 2000}
    elif kind == "steps":
        at = chance.randrange(500, 6000)
        step = {"from_minor": at, "off_minor": chance.randrange(1, at)}
        body["steps"] = [chance.choice([step, {"from_minor": at, "rate_bp": chance.randrange(1, 5000)}])]
    elif kind == "fixed" or chance.random() < 0.7:
        body |= goods
    if kind == "steps":
        return body
    if chance.random() < 0.3:
        body["max_qty_milli"] = chance.randrange(1, 5) * 1000
    if chance.random() < 0.2:
        body["day_qty_milli"] = chance.randrange(1, 4) * 1000
    return body


def some_columns(chance: random.Random) -> dict[str, Any]:
    columns: dict[str, Any] = {"min_minor": chance.choice([0, 0, 1500])}
    if chance.random() < 0.2:
        columns["max_document_minor"] = chance.randrange(1, 3000)
    if chance.random() < 0.2:
        columns["max_line_minor"] = chance.randrange(1, 2000)
    if chance.random() < 0.2:
        columns["tiers"] = [GOLD]
    return columns


def some_cart(chance: random.Random, card: Card | None, used: tuple[tuple[int, int], ...]) -> Cart:
    cart = Cart()
    if card is not None:
        member = Member(1, "M1", "某", Tier(GOLD, "gold", "金卡"), used=used)
        cart = cart.with_card(replace(opened_card(wallet=card.wallet), member=member))
    for each in chance.sample(IDS, chance.randrange(1, 5)):
        product = GOODS[each]
        weighed = product.sold_by == "weight" and chance.random() < 0.5
        cart = cart.add(product, chance.randrange(1, 5000) if weighed else chance.randrange(1, 6) * 1000)
    return cart


def body_of(seat: Seat, priced: Priced, sold: str | None = None) -> dict[str, Any]:
    """A sale of the basket; with `sold` an exchange of a penny of that sale for it."""
    total = priced.total_minor
    parts: dict[str, Any] = {} if priced.cart.wallet is None else {"wallet": priced.cart.wallet}
    due = total
    if sold is not None:
        back = {"n": 1, "of": 1, "qty_milli": 1000, "total_minor": 1}
        parts |= {"of": sold, "reason": "too small", "backs": [back]}
        due = max(total - 1, 0)
    return seat.document(
        "sale" if sold is None else "exchange",
        lines=[each.to_row() for each in priced.sale_lines],
        adjustments=[each.to_row() for each in priced.adjustments],
        taxes=[each.to_row() for each in priced.taxes],
        tenders=[cash(due)] if due else [],
        total_minor=total,
        **parts,
    )


def asked_at(seat: Seat) -> Callable[[str, Sequence[object]], Any]:
    """One statement over the connection of a seat."""

    def ask(statement: str, given: Sequence[object]) -> Any:
        row = seat.connection.execute(statement.encode(), list(given) or None).fetchone()
        assert row is not None
        return row[0]

    return ask


def test_the_door_accepts_what_the_counter_worked_out(chain: SmallChain, seat: Seat) -> None:
    chance, swapping = random.Random(20261122), random.Random(7)
    card = chain.card(seat, tier=GOLD)
    seat.sign_in(chain.managers[0])  # no limit on what a sale totals
    reads = DatabaseReads(asked_at(seat), token_of=lambda _kind, _text: b"")
    promoted = exchanged = 0
    pennies = {
        "n": 1,
        "product": PENNY,
        "qty_milli": 60_000,
        "price_minor": 1,
        "value_minor": 60,
        "total_minor": 60,
    }
    sold = seat.done("sale", lines=[pennies], tenders=[cash(60)], total_minor=60)["id"]
    for _ in range(30):
        mine = {
            publish(chain, some_body(chance), **some_columns(chance)) for _ in range(chance.randrange(1, 5))
        }
        rules = [each for each in reads.rules() if each.rule in mine or each.family == "tier"]
        used: dict[int, int] = {}
        for _ in range(2):
            member = card if chance.random() < 0.6 else None
            priced = price_cart(some_cart(chance, member, tuple(used.items())), rules, local_now())
            swaps = swapping.random() < 0.3
            exchanged += swaps
            answer = seat.post(body_of(seat, priced, sold if swaps else None))
            assert "refused" not in answer, (answer, [each.promotion for each in rules], priced.lines)
            for each in priced.adjustments:
                if each.source == "promotion" and each.rule is not None:
                    promoted += 1
                    used[each.rule] = used.get(each.rule, 0) + (each.qty_milli or 0)
    assert promoted > 40, "a test that tries nothing"
    assert exchanged > 10, "an exchange is priced as a sale is"
