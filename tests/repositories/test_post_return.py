"""A return of lines: the value goes back the way it came, pro rata; the last piece brings the exact rest."""

from __future__ import annotations

from typing import Any

from tests.member_sale import sell_milk
from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    GOLD,
    MILK,
    NO_PIN,
    PENNY,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    off,
    pairs,
    proof,
    stored,
)  # fmt: skip


def back(n: int, of: int, qty: int) -> dict[str, int]:
    """One returned line."""
    return {"n": n, "of": of, "qty_milli": qty}


def test_a_part_goes_back_to_every_tender_and_the_rest_exactly(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000)
    milk, in_drawer = chain.on_hand(MILK), chain.drawer_cash(seat)
    sale = sell_milk(seat, card)

    one = seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 1000)], total_minor=900)
    assert pairs(one) == [
        ("revenue", "principal", 667), ("revenue", "cash", 233),
        ("tax", "revenue", 103), ("points", "points_issued", 9),
    ]  # fmt: skip
    assert chain.balances(card.wallet) == {"principal": 18667, "bonus": 0, "points": 18, "points_debt": 0}
    assert one["returned"] == [{"line": 1, "qty_milli": 1000, "amount_minor": 900}]

    two = seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 2000)], total_minor=1800)
    assert pairs(two) == [
        ("revenue", "principal", 1333), ("revenue", "cash", 467),
        ("tax", "revenue", 208), ("points", "points_issued", 18),
    ]  # fmt: skip
    assert chain.balances(card.wallet) == {"principal": 20000, "bonus": 0, "points": 0, "points_debt": 0}
    assert chain.lots(card.wallet, "principal") == [20000]
    assert chain.lots(card.wallet, "points") == []
    assert chain.drawer_cash(seat) == in_drawer
    assert chain.on_hand(MILK) == milk


def test_returned_bonus_lies_in_its_old_lot_with_its_old_term(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, principal=20000, bonus=2000)
    query = (
        "select l.id, l.expires_at, l.remaining from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = %s and a.kind = 'bonus'"
    )
    before = chain.rows(query, card.wallet)
    with chain.policy(spend_policy="bonus_first", **NO_PIN):
        sale = seat.done(
            "sale", lines=[line(1, PENNY, 3_000_000, 1, 3000)], tenders=[stored(card, 3000)],
            proofs=[proof(card)], total_minor=3000,
        )  # fmt: skip

    seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 3_000_000)], total_minor=3000)

    assert chain.rows(query, card.wallet) == before
    assert chain.lots(card.wallet, "principal") == [20000]


def test_the_odd_fen_of_a_line_comes_with_its_last_piece(seat: Seat) -> None:
    sale = seat.done(
        "sale", lines=[line(1, BREAD, 3000, 350, 1050, 1000)], adjustments=[off(1, "manual", 50)],
        tenders=[cash(1000)], total_minor=1000,
    )  # fmt: skip

    pieces = [
        seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 1000)], total_minor=total)
        for total in (333, 333, 334)
    ]

    assert [p["total_minor"] for p in pieces] == [333, 333, 334]


def test_a_bank_card_refund_names_the_reference_it_goes_back_to(seat: Seat) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[bank(350, "A77")], total_minor=350)

    given = seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 1000)], total_minor=350)

    assert [(p["debit"], p["credit"], p["amount"], p["reference"]) for p in given["postings"]] == [
        ("revenue", "tender", 350, "A77")
    ]


def test_another_till_of_the_store_pays_out_of_its_own_drawer(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    other = chain.open_seat()

    other.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 1000)], total_minor=350)

    assert chain.drawer_cash(other) == 50000 - 350
    assert chain.drawer_cash(seat) == 50000 + 350


def spend_points(seat: Seat, card: Card, amount: int) -> dict[str, Any]:
    """Take points away by an approved adjustment: nothing redeems points yet."""
    return seat.done_by_two(
        "adjustment", wallet=card.wallet, reason="spent", total_minor=amount,
        corrections=[{"account": "points", "amount": -amount}],
    )  # fmt: skip


def test_points_that_were_spent_become_a_debt_and_later_earnings_settle_it(
    seat: Seat, chain: SmallChain
) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000)
    sale = sell_milk(seat, card)
    spend_points(seat, card, 20)

    given = seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 1, 3000)], total_minor=2700)
    taken = [p for p in pairs(given) if p[1] == "points_issued"]
    assert taken == [("points", "points_issued", 7), ("points_debt", "points_issued", 20)]
    assert chain.balances(card.wallet)["points_debt"] == 20

    earned = sell_milk(seat, card)
    granted = [p for p in pairs(earned) if p[0] == "points_issued"]
    assert granted == [("points_issued", "points_debt", 20), ("points_issued", "points", 7)]
    left = chain.balances(card.wallet)
    assert (left["points"], left["points_debt"]) == (7, 0)


def test_a_large_refund_waits_for_a_second_person(seat: Seat, chain: SmallChain) -> None:
    big = chain.open_seat(staff=chain.managers[0])
    sale = big.done(
        "sale", lines=[line(1, PENNY, 60_000_000, 1, 60000)], tenders=[cash(60000)], total_minor=60000
    )
    body = big.document(
        "return", of=sale["id"], reason="broken", lines=[back(1, 1, 60_000_000)], total_minor=60000
    )

    refuse(big, body, "approval_needed", permission="return", amount=60000, limit=50000)

    answer = big.post(body, big.approved(body, chain.managers[1]))
    assert answer["approved_by"] == chain.managers[1]


def test_lines_that_share_a_sale_come_back_separately(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done(
        "sale", lines=[BREAD_LINE, line(2, PENNY, 50_000, 1, 50)], tenders=[cash(400)], total_minor=400
    )

    seat.done("return", of=sale["id"], reason="broken", lines=[back(1, 2, 20_000)], total_minor=20)
    both = [back(1, 1, 1000), back(2, 2, 30_000)]
    given = seat.done("return", of=sale["id"], reason="broken", lines=both, total_minor=380)

    assert given["total_minor"] == 380
    assert chain.drawer_cash(seat) == 50000


def test_more_than_was_sold_does_not_come_back(seat: Seat) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    give = {"of": sale["id"], "reason": "broken"}

    too_much = seat.document("return", **give, lines=[back(1, 1, 1001)], total_minor=350)
    refuse(seat, too_much, "returned_beyond_sold", line=1, left=1000)
    no_line = seat.document("return", **give, lines=[back(1, 9, 1000)], total_minor=350)
    refuse(seat, no_line, "returned_beyond_sold", line=9, left=0)
    twice = seat.document("return", **give, lines=[back(1, 1, 500), back(2, 1, 500)], total_minor=350)
    refuse(seat, twice, "returned_beyond_sold", line=1)
    none = seat.document("return", **give, lines=[back(1, 1, 0)], total_minor=0)
    refuse(seat, none, "returned_beyond_sold", line=1)
    less_than_none = seat.document("return", **give, lines=[back(1, 1, -1000)], total_minor=-350)
    refuse(seat, less_than_none, "returned_beyond_sold", line=1)

    seat.done("return", **give, lines=[back(1, 1, 1000)], total_minor=350)
    again = seat.document("return", **give, lines=[back(1, 1, 1)], total_minor=0)
    refuse(seat, again, "returned_beyond_sold", line=1, left=0)


def test_a_piece_is_never_worth_less_than_nothing(seat: Seat) -> None:
    """The third piece brought the only fen; with the first two undone, the next one is owed none."""
    sale = seat.done("sale", lines=[line(1, PENNY, 1000, 1, 1)], tenders=[cash(1)], total_minor=1)
    give = {"of": sale["id"], "reason": "broken"}
    pieces = [
        seat.done("return", **give, lines=[back(1, 1, qty)], total_minor=total)
        for qty, total in ((333, 0), (333, 0), (334, 1))
    ]
    for piece in pieces[:2]:
        seat.done("reversal", of=piece["id"], reason="mistake", total_minor=0)

    for _ in range(2):
        seat.done("return", **give, lines=[back(1, 1, 333)], total_minor=0)
