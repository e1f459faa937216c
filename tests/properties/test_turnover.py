"""Turnover against a sum in plain Python over every document: sold, returned, voided, topped up.

The oracle walks the documents one by one as the door stored them; it shares no query and no view with the
report.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest

from huiyuan.domain.model.turnover import By, Period, TurnoverAsked, TurnoverRow
from huiyuan.repositories.report_desk import turnover
from tests.small_chain import (
    BREAD,
    MILK,
    NORTH,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    bank,
    cash,
    line,
    proof,
    stored,
    tax,
)

STEPS = 45
ZONES = ("Pacific/Kiritimati", "Pacific/Pago_Pago")  # 25 hours apart: two business days at any moment
Split = dict[tuple[Any, ...], list[int]]


def sell(seat: Seat, card: Card, dice: random.Random) -> dict[str, Any]:
    """Milk, pennies or both, paid in one way or two, with or without the member."""
    milk, pennies = dice.randrange(3), dice.randrange(1, 9)
    lines = [line(1, PENNY, pennies * 1_000, 1, pennies)]
    taxes = []
    if milk:
        lines.append(line(2, MILK, milk * 1_000, 1_000, milk * 1_000))
        taxes = [tax("T13", 1_300, milk * 1_000, (milk * 1_000 * 1_300 * 2 + 11_300) // (2 * 11_300))]
    total = milk * 1_000 + pennies
    part = dice.randrange(1, total) if total > 1 else 0
    ways: list[dict[str, Any]] = [{"tenders": [cash(total)]}, {"tenders": [bank(total)]}]
    ways += [{"tenders": [stored(card, total)], "proofs": [proof(card)], "wallet": card.wallet}]
    if part:
        both = [cash(part), stored(card, total - part)]
        ways += [{"tenders": [cash(part), bank(total - part)]}]
        ways += [{"tenders": both, "proofs": [proof(card)], "wallet": card.wallet}]
    return seat.done("sale", lines=lines, taxes=taxes, total_minor=total, **dice.choice(ways))


def act(seats: list[Seat], card: Card, dice: random.Random, sales: dict[str, int]) -> None:
    """One step at one till; what the door refuses moves nothing and is as good."""
    place = dice.randrange(2)
    seat = seats[place]
    own = [id for id, at in sales.items() if at == place]
    deed = dice.choice(["sell", "sell", "sell", "return", "void", "top_up"])
    if deed == "sell":
        sales[sell(seat, card, dice)["id"]] = place
    elif deed == "top_up":
        seat.done("top_up", wallet=card.wallet, tenders=[cash(700)], total_minor=700)
    elif own and deed == "return":
        back = [{"n": 1, "of": 1, "qty_milli": 1_000}]
        answer = seat.post(
            seat.document("return", of=dice.choice(own), reason="退货", lines=back, total_minor=1)
        )
        if "refused" not in answer and dice.random() < 0.4:
            seat.post(seat.document("reversal", of=answer["id"], reason="输错", total_minor=1))
    elif own:
        origin = dice.choice(own)
        total = seat.chain.value("select total_minor from ledger.document where id = %s", origin)
        seat.post(seat.document("reversal", of=origin, reason="输错", total_minor=total))


def oracle(chain: SmallChain, by: tuple[By, ...]) -> Split:
    """Every document walked in the order of posting: net, baskets, lines, by what `by` says."""
    query = (
        "select d.id::text, d.kind, u.code, d.business_date::text, d.of::text, d.total_minor, d.body"
        " from ledger.document d join shop.unit u on u.id = d.store order by d.terminal, d.chain_seq"
    )
    postings: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for id, demand, debit, credit, amount, method in chain.rows(
        "select document::text, demand, debit, credit, amount, method from ledger.posting"
    ):
        if "revenue" in (debit, credit) and demand != "tax":
            postings[id].append((method, amount))
    documents = {row[0]: row for row in chain.rows(query)}
    owned = {wallet for (wallet,) in chain.rows("select id from shop.wallet where member is not null")}
    sums: Split = defaultdict(lambda: [0, 0, 0, 0])
    for id, kind, store, day, of, total, body in documents.values():
        first = sold = body
        sign, back = 1, False
        if kind == "return":
            sign, back, first = -1, True, documents[of][6]
        elif kind == "reversal" and documents[of][1] == "sale":
            sign, first, sold = -1, documents[of][6], documents[of][6]
        elif kind == "reversal" and documents[of][1] == "return":
            back, first = True, documents[documents[of][4]][6]
        elif kind not in {"sale", "history_sale"}:
            continue
        money: dict[str, int] = defaultdict(int)
        for method, amount in postings[id]:
            money[method] += amount
        assert sum(money.values()) == total
        facts = {By.STORE: store, By.DAY: day, By.MONTH: day[:7]}
        facts[By.MEMBER] = "member" if first.get("wallet") in owned else "other"
        for tender, amount in money.items() if By.TENDER in by else [("", total)]:
            key = tuple((facts | {By.TENDER: tender})[each] for each in by)
            row = sums[key]
            row[2 + back] += sign * amount * (-1 if back else 1)
            if not back:
                row[0] += sign
                row[1] += sign * len(sold["lines"])
    return sums


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_turnover_is_the_sum_over_the_documents(quiet_chain: SmallChain, seed: int) -> None:
    chain = quiet_chain  # other tests post kinds that the oracle does not know
    chain.run("insert into sec.permission values ('manager', 'report') on conflict do nothing")
    dice = random.Random(seed)
    seats = [chain.open_seat(NORTH), chain.open_seat(SOUTH)]
    card = chain.card(seats[0], principal=90_000)
    manager = chain.seat(staff=chain.managers[0])
    sales: dict[str, int] = {}
    for _ in range(STEPS):
        zone = dice.choice(ZONES)
        with chain.policy(time_zone=zone):
            act(seats, card, dice, sales)
    seats[0].done("sale", lines=[line(1, BREAD, 1_000, 350, 350)], tenders=[cash(350)], total_minor=350)

    first, last = chain.rows("select min(business_date), max(business_date) from ledger.document")[0]
    for by in ((By.STORE, By.DAY), (By.TENDER,), (By.MEMBER, By.STORE), (By.MONTH,), (By.DAY, By.TENDER)):
        asked = TurnoverAsked(Period.DAYS, first, last, by=by)
        report = turnover(manager.connection, asked)
        expected = {
            key: TurnoverRow(key, *figures) for key, figures in oracle(chain, by).items() if any(figures)
        }
        found = {row.keys: row for row in report.rows if row != TurnoverRow(row.keys, 0, 0, 0, 0)}
        assert found == expected, by
        assert report.total == TurnoverRow((), *oracle(chain, ())[()])
    assert report.total.returned_minor > 0
    sold = chain.value("select count(*) from ledger.document where kind = 'sale'")
    assert 0 < report.total.baskets < sold  # some were voided
