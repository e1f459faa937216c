"""What a sale may not say: each sentence is refused by name, nothing moves, and the audit keeps a row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.refusals import refuse, standing
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    ELSEWHERE,
    MILK,
    PENNY,
    REGISTERED,
    REPAIR,
    SOUTH,
    WITHDRAWN,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    off,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip


def sale(seat: Seat, **parts: Any) -> dict[str, Any]:
    """A loaf of bread for cash, with some parts otherwise."""
    whole = {"lines": [BREAD_LINE], "tenders": [cash(350)], "total_minor": 350}
    return seat.document("sale", **{**whole, **parts})


def milk(seat: Seat, **parts: Any) -> dict[str, Any]:
    """A bottle of milk with its tax."""
    whole = {
        "lines": [line(1, MILK, 1000, 1000, 1000)], "taxes": [tax("T13", 1300, 1000, 115)],
        "tenders": [cash(1000)], "total_minor": 1000,
    }  # fmt: skip
    return seat.document("sale", **{**whole, **parts})


def test_the_plain_sales_of_this_file_are_accepted(seat: Seat) -> None:
    """The control: what the tests below change is the only thing wrong with their bodies."""
    assert "refused" not in seat.post(sale(seat))
    assert "refused" not in seat.post(milk(seat))


@pytest.mark.parametrize(
    "write",
    [
        "insert into ledger.on_hand(store, product, qty_milli) values (2, 5, 1)",
        "update shop.card set state = state where id = (select max(id) from shop.card)",
        "delete from shop.card where id = (select max(id) from shop.card)",
    ],
)
def test_control_whatever_is_written_is_seen(chain: SmallChain, write: str) -> None:
    chain.blank(REGISTERED)
    before = standing(chain)
    chain.run("begin")
    chain.run("set local session_replication_role = replica")
    chain.run(write)
    seen = standing(chain)
    chain.run("rollback")
    assert seen != before == standing(chain)


@pytest.mark.parametrize("product", [WITHDRAWN, 999999, None])
def test_goods_that_are_not_sold(seat: Seat, product: int | None) -> None:
    lines = [{**BREAD_LINE, "product": product}]

    refuse(seat, sale(seat, lines=lines), "unknown_product", line=1, product=product)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value_minor": 352}, {"value_minor": 348}, {"total_minor": 349}, {"total_minor": -1},
        {"qty_milli": 0}, {"qty_milli": -1000}, {"qty_milli": 2000}, {"n": 0}, {"n": -1},
        {"price_minor": -350}, {"price_minor": None}, {"value_minor": None}, {"total_minor": None},
    ],
)  # fmt: skip
def test_a_line_that_does_not_add_up(seat: Seat, wrong: dict[str, int | None]) -> None:
    lines = [{**BREAD_LINE, **wrong}]

    refuse(seat, sale(seat, lines=lines), "arithmetic", line=lines[0]["n"])


@pytest.mark.parametrize("n", [1, 2])
def test_a_line_whose_discount_is_not_named(seat: Seat, n: int) -> None:
    lines = [{**BREAD_LINE, "total_minor": 340}]
    named = [] if n == 1 else [off(2, "manual", 10)]

    body = sale(seat, lines=lines, adjustments=named, tenders=[cash(340)], total_minor=340)
    refuse(seat, body, "arithmetic")


@pytest.mark.parametrize("amount", [0, -10])
def test_an_adjustment_lowers_its_line(seat: Seat, amount: int) -> None:
    total = 350 - amount
    lines = [{**BREAD_LINE, "total_minor": total}]
    body = sale(
        seat, lines=lines, adjustments=[off(1, "manual", amount)], tenders=[cash(total)], total_minor=total
    )

    refuse(seat, body, "arithmetic", line=1)


def test_two_lines_of_one_number(seat: Seat) -> None:
    body = sale(seat, lines=[BREAD_LINE, BREAD_LINE], tenders=[cash(700)], total_minor=700)

    refuse(seat, body, "arithmetic", line=1)


@pytest.mark.parametrize(
    ("section", "rows"),
    [
        ("tenders", [cash(0), bank(350)]),
        ("tenders", [cash(-50), bank(400)]),
        ("tenders", [cash(100), cash(250)]),
        ("tenders", [bank(100), bank(250)]),
    ],
)
def test_tenders_are_positive_and_each_named_once(
    seat: Seat, section: str, rows: list[dict[str, Any]]
) -> None:
    refuse(seat, sale(seat, tenders=rows), "arithmetic", section=section)


def test_other_sections_are_positive_and_each_named_once(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    body = sale(seat, wallet=card.wallet, grants=[points(0)])
    refuse(seat, body, "arithmetic", section="grants")
    body = milk(seat, taxes=[tax("T13", 1300, 1000, -1)])
    refuse(seat, body, "arithmetic", section="taxes")
    for stock in (
        [{"product": MILK, "qty_milli": 0}],
        [{"product": MILK, "qty_milli": -1}],
        [{"product": MILK, "qty_milli": 1, "cost_minor": -1}],
        [{"product": MILK, "qty_milli": 1}, {"product": MILK, "qty_milli": 2}],
    ):
        refuse(seat, seat.document("stock_receipt", stock=stock), "arithmetic", section="stock")
    for rows in ([{"account": "points", "amount": 0}], [{"account": "points", "amount": 1}] * 2):
        body = seat.document("adjustment", wallet=card.wallet, reason="why", corrections=rows, total_minor=2)
        refuse(seat, body, "arithmetic", seat.approved(body), section="corrections")
    blank = chain.blank()
    row = {"card": blank.id, "was": "issued", "now": "active"}
    refuse(seat, seat.document("card_activation", cards=[row, row]), "arithmetic", section="cards")


def test_a_price_that_is_not_in_force(seat: Seat, chain: SmallChain) -> None:
    for price in (349, 351, 300, 0):
        body = sale(
            seat, lines=[line(1, BREAD, 1000, price, price)], tenders=[cash(price)] if price else [],
            total_minor=price,
        )  # fmt: skip
        refuse(seat, body, "price_changed", line=1, product=BREAD, now=350)
    south = chain.open_seat(SOUTH)
    refuse(south, sale(south), "price_changed", now=300)


def price_history(chain: SmallChain, *changes: tuple[str, str | None, int]) -> int:
    """A product with prices: from when, until when (as intervals from now), amount."""
    product = chain.value(
        "insert into shop.product(code, name, tax_code) select 'H' || count(*), '价', 'T0' from shop.product"
        " returning id"
    )
    for begins, ends, amount in changes:
        chain.run(
            "insert into shop.price(product, amount_minor, valid_from, valid_to)"
            " values (%s, %s, now() + %s::interval, now() + %s::interval)",
            product, amount, begins, ends,
        )  # fmt: skip
    return int(product)


def test_a_queue_keeps_the_old_price_for_the_minutes_of_grace(seat: Seat, chain: SmallChain) -> None:
    fresh = price_history(chain, ("-1 day", "-5 minutes", 100), ("-5 minutes", None, 120))
    stale = price_history(chain, ("-1 day", "-11 minutes", 100), ("-11 minutes", "1 day", 120))
    ahead = price_history(chain, ("-1 day", "1 minute", 100), ("1 minute", None, 90))

    def at(product: int, price: int) -> dict[str, Any]:
        lines = [line(1, product, 1000, price, price)]
        return sale(seat, lines=lines, tenders=[cash(price)], total_minor=price)

    for product, price in ((fresh, 100), (fresh, 120), (stale, 120), (ahead, 100)):
        assert "refused" not in seat.post(at(product, price))
    refuse(seat, at(stale, 100), "price_changed", now=120)
    refuse(seat, at(ahead, 90), "price_changed", now=100)


@pytest.mark.parametrize(
    ("taxes", "code"),
    [
        ([], "T13"),
        ([tax("T13", 1300, 999, 115)], "T13"),
        ([tax("T13", 1299, 1000, 115)], "T13"),
        ([tax("T13", 1300, 1000, 117)], "T13"),
        ([tax("T13", 1300, 1000, 0)], "T13"),
        ([tax("T13", 1300, 1000, 115), tax("T6", 600, 1000, 57)], "T6"),
        ([tax("T13", 1300, 1000, 115), tax("T0", 0, 1000, 0)], "T0"),
        ([tax("T13", 1300, 1000, 115), tax("T13", 1300, 1000, 115)], "T13"),
    ],
)
def test_tax_lies_inside_the_price(seat: Seat, taxes: list[dict[str, Any]], code: str) -> None:
    refuse(seat, milk(seat, taxes=taxes), "tax_wrong", code=code)


@pytest.mark.parametrize("tendered", [349, 351, 0])
def test_the_tenders_pay_exactly_what_the_lines_ask(seat: Seat, tendered: int) -> None:
    tenders = [cash(tendered)] if tendered else []

    refuse(seat, sale(seat, tenders=tenders), "unbalanced", lines=350, tendered=tendered)


@pytest.mark.parametrize("stated", [349, 351, 0, -350])
def test_the_total_on_the_screen_is_the_doors_own(seat: Seat, stated: int) -> None:
    refuse(seat, sale(seat, total_minor=stated), "total_differs", total=350)


@pytest.mark.parametrize(
    "tender",
    [
        {"kind": "gold", "amount_minor": 350},
        {"kind": "cheque", "amount_minor": 350},
        {"kind": "stored", "amount_minor": 350},
        {"kind": "cash", "amount_minor": 350, "wallet": 1},
        {"kind": "principal", "amount_minor": 350},
    ],
)
def test_a_tender_is_known_and_in_use(seat: Seat, tender: dict[str, Any]) -> None:
    code = "insufficient" if tender["kind"] == "stored" else "tender_not_allowed"

    refuse(seat, sale(seat, tenders=[tender]), code)


def test_stored_value_does_not_pay_where_no_pair_takes_it(seat: Seat, chain: SmallChain) -> None:
    """Else a balance could be moved from card to card, or turned into fees, without a sale."""
    rich, poor = chain.card(seat, principal=20000), chain.card(seat)
    body = seat.document("top_up", wallet=poor.wallet, tenders=[stored(rich, 500)], total_minor=500)

    refuse(seat, body, "tender_not_allowed", tender="stored")


def test_a_bank_card_needs_its_reference(seat: Seat) -> None:
    for reference in (None, "", "   "):
        body = sale(seat, tenders=[{"kind": "bank_card", "amount_minor": 350, "reference": reference}])
        refuse(seat, body, "reference_missing", tender="bank_card")
    for hostile in ("a\u001b[2J", "a\u202eb", "x" * 65, " padded "):
        refuse(seat, sale(seat, tenders=[bank(350, hostile)]), "reference_missing", tender="bank_card")
        body = sale(seat, tenders=[{**cash(350), "reference": hostile}])
        refuse(seat, body, "reference_missing", tender="cash")


def test_a_reason_is_text_that_a_screen_can_show(seat: Seat) -> None:
    for hostile in ("a\u001b[2J", "a\u202eb", "x" * 201, "zero\u200bwidth"):
        refuse(seat, sale(seat, reason=hostile), "malformed", detail="reason")


def test_change_is_given_from_what_was_handed_over(seat: Seat) -> None:
    body = sale(seat, tenders=[cash(350, given_minor=349)])
    refuse(seat, body, "given_too_little", amount=350, given=349)
    refuse(seat, sale(seat, tenders=[cash(350, given_minor=-1)]), "given_too_little", given=-1)
    body = sale(seat, tenders=[{**bank(350), "given_minor": 400}])
    refuse(seat, body, "given_too_little", given=400)


def test_no_more_points_than_the_rule_gives(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    refuse(seat, sale(seat, wallet=card.wallet, grants=[points(4)]), "grant_refused", grant="points", most=3)
    for strange in ({"rule": 999}, {"version": 2}, {"kind": "bonus"}, {"rule": ELSEWHERE}):
        body = sale(seat, wallet=card.wallet, grants=[{**points(3), **strange}])
        refuse(seat, body, "grant_refused", most=0)
    twice = sale(seat, wallet=card.wallet, grants=[points(2), points(2)])
    refuse(seat, twice, "grant_refused", most=3)
    refuse(seat, sale(seat, grants=[points(3)]), "grant_refused")
    refuse(seat, sale(seat, wallet=999999, grants=[points(3)]), "unknown_wallet", wallet=999999)


def test_no_more_than_the_wallet_holds(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=300)
    body = sale(seat, tenders=[stored(card, 350)], proofs=[proof(card)])

    refuse(seat, body, "insufficient", account="stored", wallet=card.wallet, balance=300, wanted=350)


def test_what_has_expired_is_no_balance(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    lines = [line(1, PENNY, 20_001_000, 1, 20001)]
    body = sale(seat, lines=lines, tenders=[stored(card, 20001)], proofs=[proof(card)], total_minor=20001)

    with chain.expired(card, "bonus"):
        refuse(seat, body, "insufficient", balance=20000, wanted=20001)


def test_a_drawer_pays_out_no_more_than_lies_in_it(seat: Seat, chain: SmallChain) -> None:
    sold = seat.post(sale(seat, lines=[line(1, REPAIR, 9000, 5000, 45000)], tenders=[cash(45000)],
                          taxes=[tax("T6", 600, 45000, 2547)], total_minor=45000))  # fmt: skip
    other = chain.seat()
    other.open_shift(100)
    lines = [{"n": 1, "of": 1, "qty_milli": 9000}]
    body = other.document("return", of=sold["id"], reason="broken", lines=lines, total_minor=45000)

    refuse(other, body, "cash_short", wanted=45000)
