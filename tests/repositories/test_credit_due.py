"""When a debt is due and how much at least, out of what the door wrote down."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from huiyuan.domain.model.credit import CreditDue
from huiyuan.repositories.credit_rows import due_of
from tests.card_types import ALL, card_type
from tests.repositories.test_post_tenders import allow, owing
from tests.small_chain import NORTH, Card, Seat, SmallChain, cash

AGREED = {"due_days": 30, "least_rate": 1000, "least_minor": 500}


def debt(seat: Seat, card: Card) -> CreditDue | None:
    return due_of(seat.ask("credit_due", card.wallet)["debt"])


def open_debt(seat: Seat, chain: SmallChain, **terms: int) -> Card:
    card = chain.card(seat)
    chain.run(
        "update shop.card set type = %s where id = %s", card_type(chain, "personal", ALL, **terms), card.id
    )
    allow(chain, card, 100_000)
    return card


def pay(seat: Seat, card: Card, amount: int) -> Any:
    return seat.done("credit_payment", wallet=card.wallet, tenders=[cash(amount)], total_minor=amount)


def test_a_debt_is_due_from_its_oldest_sale_and_what_is_undone_never_was(
    seat: Seat, chain: SmallChain
) -> None:
    card = open_debt(seat, chain, **AGREED)
    assert debt(seat, card) is None
    first = seat.post(owing(seat, card, 3000))
    second = seat.post(owing(seat, card, 5000))
    day = date.fromisoformat(first["business_date"])
    due = day + timedelta(days=30)
    found = debt(seat, card)
    assert found is not None
    assert (found.owed_minor, found.due_on, found.least_minor, found.overdue_minor) == (8000, due, 800, 0)
    paid = pay(seat, card, 4000)
    found = debt(seat, card)
    assert found is not None
    assert [each.amount_minor for each in found.unpaid] == [4000]
    assert found.least_minor == 500, "the floor"

    # A repayment that is undone leaves the debt as old as it was; goods that come back lower their own sale.
    seat.done("reversal", of=paid["id"], reason="wrong card", total_minor=4000)
    found = debt(seat, card)
    assert found is not None
    assert [each.amount_minor for each in found.unpaid] == [3000, 5000]
    rows = [{"n": 1, "of": 1, "qty_milli": 5_000_000}]
    seat.done("return", of=second["id"], reason="all", lines=rows, total_minor=5000)
    found = debt(seat, card)
    assert found is not None
    assert [(each.on, each.due_on, each.amount_minor) for each in found.unpaid] == [(day, due, 3000)]
    pay(seat, card, 3000)
    assert debt(seat, card) is None


def test_what_is_past_its_day_is_overdue(seat: Seat, chain: SmallChain) -> None:
    late, fresh = open_debt(seat, chain, **AGREED), open_debt(seat, chain, **AGREED)
    silent = open_debt(seat, chain)
    for card in (late, fresh, silent):
        seat.post(owing(seat, card, 3000))
    pay(seat, late, 1000)
    row = chain.value(
        "select shop.credit_debt(%s, (select max(business_date) + 31 from ledger.document))", late.wallet
    )
    found = due_of(row)
    assert found is not None
    assert (found.owed_minor, found.overdue_minor) == (2000, 2000)
    nobody = due_of(seat.ask("credit_due", silent.wallet)["debt"])
    assert nobody is not None
    assert (nobody.due_on, nobody.least_minor, nobody.overdue_minor) == (None, None, 0)


def test_the_terms_of_a_type_go_together(chain: SmallChain) -> None:
    def why(**body: Any) -> Any:
        whole = {"body": {"type": "tt1", "who": "personal", "functions": ["credit"], **body}}
        found = chain.value("select shop.card_rule_unclear(null, 'card_type', %s::jsonb)", json.dumps(whole))
        return found and (found["refused"], found["facts"].get("why", found["facts"].get("field")))

    assert why(**AGREED) is None
    assert why(least_rate=100) == ("rule_unclear", "credit_parts")
    assert why(functions=["points"], due_days=3) == ("rule_unclear", "credit_parts")
    for name, wrong in (("due_days", 0), ("due_days", 367), ("due_days", "30"), ("least_rate", 10_001),
                        ("least_rate", 2.5), ("least_minor", 0)):  # fmt: skip
        refused = why(**{"due_days": 30, name: wrong})
        assert refused is not None
        assert refused[0] == "malformed", name


def test_the_list_goes_by_day_and_amount_and_keeps_what_is_overdue(seat: Seat, chain: SmallChain) -> None:
    late, small, large = cards = [open_debt(seat, chain, due_days=days) for days in (3, 1, 1)]
    never = open_debt(seat, chain)
    for card, amount in zip((*cards, never), (9000, 100, 101, 5000), strict=True):
        seat.post(owing(seat, card, amount))
    manager = chain.seat(staff=chain.managers[0])
    ours = {card.wallet: card for card in (*cards, never)}

    def listed(most: int, after: list[int] | None, *, overdue: bool = False) -> list[Any]:
        rows = manager.call("select api.credits_due(%s, %s::bigint[], %s)", most, after, overdue)
        return [row for row in rows if row["wallet"] in ours]

    whole = listed(200, None)
    assert [row["wallet"] for row in whole] == [each.wallet for each in (large, small, late, never)]
    for n in range(3):
        following, *_ = listed(1, whole[n]["place"]) or listed(200, whole[n]["place"])
        assert following == whole[n + 1], "a page goes on behind the row before"
    assert listed(200, None, overdue=True) == [], "due tomorrow"
    # A type that agreed on a day long gone by: the version is dated, the day is reckoned from the sale.
    gone = """
    update shop.rule_version set body = body || '{"due_days": -1}'
     where rule in (select y.rule from shop.card_type y join shop.card c on c.type = y.id where c.wallet = %s)
    """
    chain.run(gone, small.wallet)
    (found,) = listed(200, None, overdue=True)
    assert (found["wallet"], found["owed_minor"]) == (small.wallet, 100)
    assert found["card"]


def test_a_debt_is_told_to_who_rings_up_sales(seat: Seat, chain: SmallChain) -> None:
    card = open_debt(seat, chain, **AGREED)
    assert seat.ask("credit_due", 0)["refused"] == "unknown_wallet"
    assert seat.ask("credit_due", card.wallet) == {"debt": None}  # control
    chain.run("insert into sec.duty values ('nobody', '无') on conflict do nothing")
    for call, asked, permission in (
        ("credit_due", (card.wallet,), "sale"),
        ("credits_due", (5, None, False), "card_fee"),
    ):
        keeper = chain.seat(staff=chain.person("nobody", NORTH))
        assert keeper.ask(call, *asked)["facts"] == {"permission": permission}
