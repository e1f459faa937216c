"""An exchange: goods back and goods out in one document; what came back pays on the ways that it was paid."""

from __future__ import annotations

from typing import Any

from tests.refusals import refuse
from tests.small_chain import (
    BREAD,
    BREAD_LINE,
    GOLD,
    MILK,
    NO_PIN,
    PENNY,
    TIER,
    Card,
    Seat,
    SmallChain,
    bank,
    by_points,
    cash,
    line,
    off,
    pairs,
    points,
    proof,
    stored,
    tax,
)  # fmt: skip


def taken(n: int, of: int, qty: int, total: int) -> dict[str, int]:
    """One line that comes back in an exchange."""
    return {"n": n, "of": of, "qty_milli": qty, "total_minor": total}


def exchange(seat: Seat, sale: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """The body of an exchange against `sale`."""
    return seat.document("exchange", of=sale["id"], reason="too small", **parts)


def swap(seat: Seat, sale: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """An exchange that has to be accepted."""
    answer = seat.post(exchange(seat, sale, **parts))
    assert "refused" not in answer, answer
    return answer


def pennies(n: int, fen: int) -> dict[str, int]:
    """A line of so many pennies."""
    return line(n, PENNY, fen * 1000, 1, fen)


def whole(chain: SmallChain) -> None:
    """Every figure can be made again from what was posted."""
    assert chain.rows("select * from ledger.verify()") == []


def test_an_even_exchange_moves_goods_and_no_money(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    bread, penny, drawer = chain.on_hand(BREAD), chain.on_hand(PENNY), chain.drawer_cash(seat)

    answer = swap(seat, sale, backs=[taken(1, 1, 1000, 350)], lines=[pennies(1, 350)], total_minor=350)

    assert pairs(answer) == [("revenue", "cash", 350), ("cash", "revenue", 350)]
    assert (answer["carried_minor"], answer["back_minor"]) == (350, 350)
    assert chain.drawer_cash(seat) == drawer
    assert chain.on_hand(BREAD) == bread + 1000
    assert chain.on_hand(PENNY) == penny - 350_000
    whole(chain)


def test_the_difference_is_paid_or_paid_back(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[pennies(1, 1000)], tenders=[bank(600, "A1"), cash(400)], total_minor=1000)
    drawer = chain.drawer_cash(seat)

    dearer = swap(
        seat, sale, backs=[taken(1, 1, 500_000, 500)], lines=[pennies(1, 700)],
        tenders=[cash(200)], total_minor=700,
    )  # fmt: skip
    assert pairs(dearer) == [
        ("revenue", "tender", 300), ("revenue", "cash", 200),
        ("tender", "revenue", 300), ("cash", "revenue", 200), ("cash", "revenue", 200),
    ]  # fmt: skip
    assert [p.get("reference") for p in dearer["postings"]] == ["A1", None, "A1", None, None]
    assert chain.drawer_cash(seat) == drawer + 200

    cheaper = swap(seat, sale, backs=[taken(1, 1, 500_000, 500)], lines=[pennies(1, 100)], total_minor=100)
    assert cheaper["carried_minor"] == 100
    assert chain.drawer_cash(seat) == drawer + 200 - 160
    whole(chain)


def test_goods_that_were_exchanged_come_back_on_the_first_ways(seat: Seat, chain: SmallChain) -> None:
    """Bonus stays bonus in its lot with its term, however often the goods are exchanged."""
    card = chain.card(seat, principal=20000, bonus=2000)
    query = (
        "select l.id, l.expires_at, l.remaining from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = %s order by l.id"
    )
    before = chain.rows(query, card.wallet)
    with chain.policy(spend_policy="bonus_first", **NO_PIN):
        sale = seat.done(
            "sale", lines=[pennies(1, 3000)], tenders=[stored(card, 3000)], proofs=[proof(card)],
            total_minor=3000,
        )  # fmt: skip
    spent = chain.rows(query, card.wallet)

    first = swap(seat, sale, backs=[taken(1, 1, 3_000_000, 3000)], lines=[pennies(1, 3000)], total_minor=3000)
    assert chain.rows(query, card.wallet) == spent
    second = swap(
        seat, first, backs=[taken(1, 1, 1_000_000, 1000)], lines=[pennies(1, 1000)], total_minor=1000
    )
    for sold, qty in ((first, 2_000_000), (second, 1_000_000)):
        seat.done(
            "return", of=sold["id"], reason="broken",
            lines=[{"n": 1, "of": 1, "qty_milli": qty}], total_minor=qty // 1000,
        )  # fmt: skip
    assert chain.rows(query, card.wallet) == before
    whole(chain)


def gold_milk(seat: Seat, card: Card) -> dict[str, Any]:
    """Three bottles to a gold member, 27.00 in cash, 27 points, tax 3.11."""
    return seat.done(
        "sale", wallet=card.wallet, lines=[line(1, MILK, 3000, 1000, 3000, 2700)],
        adjustments=[off(1, "tier", 300, TIER, 1)], taxes=[tax("T13", 1300, 2700, 311)],
        tenders=[cash(2700)], grants=[points(27)], total_minor=2700,
    )  # fmt: skip


def test_points_and_tax_are_taken_back_and_earned_anew(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD)
    sale = gold_milk(seat, card)

    answer = swap(
        seat, sale, wallet=card.wallet, backs=[taken(1, 1, 1000, 900)], lines=[pennies(1, 2000)],
        tenders=[cash(1100)], grants=[points(20)], total_minor=2000,
    )  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 27 - 9 + 20
    assert ("tax", "revenue", 103) in pairs(answer)

    seat.done(
        "return", of=answer["id"], reason="broken", lines=[{"n": 1, "of": 1, "qty_milli": 2_000_000}],
        total_minor=2000,
    )  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 18
    seat.done("return", of=sale["id"], reason="broken", lines=[{"n": 1, "of": 1, "qty_milli": 2000}],
              total_minor=1800)  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 0
    whole(chain)


def test_points_that_paid_come_back_and_do_not_pay_again(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat)
    chain.give_points(seat, card, 200)
    sale = seat.done(
        "sale", wallet=card.wallet, lines=[pennies(1, 1000)], tenders=[by_points(card, 500), cash(500)],
        proofs=[proof(card)], total_minor=1000,
    )  # fmt: skip
    assert chain.balances(card.wallet)["points"] == 100

    answer = swap(
        seat, sale, wallet=card.wallet, backs=[taken(1, 1, 1_000_000, 1000)], lines=[pennies(1, 1000)],
        tenders=[cash(500)], total_minor=1000,
    )  # fmt: skip

    assert answer["carried_minor"] == 500
    assert chain.balances(card.wallet)["points"] == 200
    whole(chain)


def test_a_void_puts_both_halves_back(seat: Seat, chain: SmallChain) -> None:
    card = chain.card(seat, tier=GOLD, principal=20000, bonus=2000)
    with chain.policy(spend_policy="bonus_first", **NO_PIN):
        sale = seat.done(
            "sale", wallet=card.wallet, lines=[pennies(1, 3000)], tenders=[stored(card, 3000)],
            proofs=[proof(card)], grants=[points(30)], total_minor=3000,
        )  # fmt: skip
    query = (
        "select l.id, l.remaining from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = %s order by l.id"
    )
    before = (chain.rows(query, card.wallet), chain.balances(card.wallet), chain.drawer_cash(seat))
    stock = (chain.on_hand(PENNY), chain.on_hand(BREAD))
    answer = swap(
        seat, sale, wallet=card.wallet, backs=[taken(1, 1, 1_000_000, 1000)],
        lines=[line(1, BREAD, 4000, 350, 1400)], tenders=[cash(400)], grants=[points(14)], total_minor=1400,
    )  # fmt: skip

    seat.done("reversal", of=answer["id"], reason="wrong goods", total_minor=1400)

    assert (chain.rows(query, card.wallet), chain.balances(card.wallet), chain.drawer_cash(seat)) == before
    assert (chain.on_hand(PENNY), chain.on_hand(BREAD)) == stock
    seat.done("return", of=sale["id"], reason="broken", total_minor=3000,
              lines=[{"n": 1, "of": 1, "qty_milli": 3_000_000}])  # fmt: skip
    whole(chain)


def test_what_an_exchange_is_refused_for(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[BREAD_LINE], tenders=[cash(350)], total_minor=350)
    even = {"lines": [pennies(1, 350)], "total_minor": 350}

    refuse(seat, exchange(seat, sale, backs=[taken(1, 1, 2000, 700)], **even), "returned_beyond_sold")
    refuse(seat, exchange(seat, sale, backs=[taken(1, 1, 1000, 349)], **even), "total_differs", total=350)
    refuse(
        seat, exchange(seat, sale, backs=[taken(1, 1, 1000, 350)], lines=[pennies(1, 500)], total_minor=500),
        "unbalanced", lines=500, tendered=350,
    )  # fmt: skip
    refuse(
        seat, exchange(seat, sale, backs=[taken(1, 1, 1000, 350)], tenders=[cash(50)], **even),
        "unbalanced", lines=350, tendered=400,
    )  # fmt: skip
    refuse(seat, exchange(seat, sale, **even), "empty_document", section="backs")
    alone = exchange(seat, sale, backs=[taken(1, 1, 1000, 350)], total_minor=0)
    refuse(seat, alone, "empty_document", section="lines")
    done = swap(seat, sale, backs=[taken(1, 1, 1000, 350)], **even)
    # the line that came back stands in the exchange as its second, and nobody returns it from there
    of_second = seat.document("return", of=done["id"], reason="x y", total_minor=350,
                              lines=[{"n": 1, "of": 2, "qty_milli": 1000}])  # fmt: skip
    refuse(seat, of_second, "returned_beyond_sold", line=2, left=0)
    refuse(seat, exchange(seat, sale, backs=[taken(1, 1, 1000, 350)], **even), "returned_beyond_sold")


def test_turnover_of_an_exchange_is_what_went_out_less_what_came_back(seat: Seat, chain: SmallChain) -> None:
    sale = seat.done("sale", lines=[pennies(1, 1000)], tenders=[cash(1000)], total_minor=1000)
    made = swap(
        seat, sale, backs=[taken(1, 1, 400_000, 400)], lines=[BREAD_LINE, pennies(2, 150)],
        tenders=[cash(100)], total_minor=500,
    )  # fmt: skip
    undone = seat.done("reversal", of=made["id"], reason="mistake", total_minor=500)
    rows: list[tuple[Any, ...]] = seat.connection.execute(
        "select t.document::text, t.back, t.net_minor, t.baskets, (select sum(p.net_minor) from"
        " api.turnover_paid p where p.document = t.document), (select sum(g.net_minor) from"
        " api.turnover_goods g where g.document = t.document)"
        " from api.turnover t where t.document = any (%s::uuid[])",
        ([made["id"], undone["id"]],),
    ).fetchall()
    assert sorted(rows, key=lambda row: -row[2]) == [
        (made["id"], True, 100, 0, 100, 100), (undone["id"], True, -100, 0, -100, -100),
    ]  # fmt: skip
