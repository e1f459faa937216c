"""Prices that are not the list's: typed at the till, and of a list for members."""

from __future__ import annotations

from typing import Any

from tests.small_chain import (
    BREAD,
    GOLD,
    MILK,
    SOUTH,
    STAMP,
    Seat,
    SmallChain,
    cash,
    line,
    off,
    tax,
)  # fmt: skip


def typed(product: int, price: int, qty: int = 1000, n: int = 1) -> dict[str, Any]:
    """A line at a price that somebody typed."""
    return {**line(n, product, qty, price, qty * price // 1000), "open": True}


def by_list(n: int, amount: int, name: str) -> dict[str, Any]:
    """A row of `adjustments` that goes by another price list."""
    return {"line": n, "source": "list", "amount_minor": amount, "list": name}


def test_goods_without_a_price_of_their_own_are_priced_at_the_till(seat: Seat, chain: SmallChain) -> None:
    rows = [typed(STAMP, 120, 3000), typed(STAMP, 80, n=2)]

    sold = seat.done("sale", lines=rows, tenders=[cash(440)], total_minor=440)

    query = "select n, price_minor, open from ledger.line where document = %s order by n"
    assert chain.rows(query, sold["id"]) == [(1, 120, True), (2, 80, True)]
    trace = "select staff, facts->'lines'->1->>'price_minor' from sec.audit where what = %s and document = %s"
    assert chain.rows(trace, "open_price", sold["id"]) == [(seat.staff, "80")]


def test_another_price_under_the_permission_and_its_limit(seat: Seat, chain: SmallChain) -> None:
    seat.sign_in(chain.managers[0])
    for price in (500, 1500):
        taxes = [tax("T13", 1300, price, round(price * 13 / 113))]
        seat.done("sale", lines=[typed(MILK, price)], taxes=taxes, tenders=[cash(price)], total_minor=price)


def test_a_price_typed_by_one_and_signed_by_another(seat: Seat) -> None:
    body = seat.document(
        "sale",
        lines=[typed(MILK, 600)],
        taxes=[tax("T13", 1300, 600, 69)],
        tenders=[cash(600)],
        total_minor=600,
    )
    answer = seat.post(body)
    assert answer["refused"] == "approval_needed"
    assert answer["facts"] == {"permission": "open_price", "line": 1, "amount": 600, "now": 1000}

    assert "refused" not in seat.post(body, seat.approved(body))


def test_a_member_price_is_a_difference_to_the_list(seat: Seat, chain: SmallChain) -> None:
    base, gold = chain.card(seat), chain.card(seat, tier=GOLD)
    bought = line(1, BREAD, 1500, 350, 525)

    for card, name, amount in ((base, "member", 45), (gold, "member", 45), (gold, "gold", 60)):
        total = 525 - amount
        seat.done(
            "sale", wallet=card.wallet, lines=[{**bought, "total_minor": total}],
            adjustments=[by_list(1, amount, name)], tenders=[cash(total)], total_minor=total,
        )  # fmt: skip


def test_the_member_price_of_the_store_outranks_the_chains(chain: SmallChain) -> None:
    south = chain.open_seat(SOUTH)
    gold = chain.card(south, tier=GOLD)

    south.done(
        "sale", wallet=gold.wallet, lines=[line(1, BREAD, 1000, 300, 300, 240)],
        adjustments=[by_list(1, 50, "gold"), off(1, "manual", 10)], tenders=[cash(240)], total_minor=240,
    )  # fmt: skip
