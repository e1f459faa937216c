"""What a member bought in all stores, the movements of an account, and everything about a card."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Refused
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.repositories.test_members import book_of, counter

__all__ = ["counter"]


def test_purchases_of_all_stores_and_an_account_page_by_page(
    shop: Shop, counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "s02").mkdir()
    other = open_counter(shop.url(facts.TILL_3), tmp_path / "s02")
    other.start(facts.CASHIER)
    for each in (counter, other):
        each.open_shift()
        for _ in range(3):
            each.door.post(each.sale(facts.WATER, facts.MILK, card=facts.GOLD_CARD))
    other.close_all()
    book = book_of(counter)

    page = book.page(1)
    assert [purchase.store for purchase in page.purchases] == ["西湖店"] * 3 + ["人民路店"] * 2
    assert page.purchases[0].goods == ("矿泉水 550ml", "鲜牛奶 1L")
    assert (page.year_count, page.year_minor) == (
        6,
        sum(p.total_minor for p in book.purchases(1, after=None, most=9)),
    )
    rest = book.purchases(1, after=page.purchases[-1].document, most=9)
    assert [purchase.store for purchase in rest] == ["人民路店"]

    principal = next(account for account in page.accounts if account.kind == "principal")
    first = book.statement(principal.id, before=None, most=4)
    assert first.account == principal
    assert [movement.seq for movement in first.movements] == [7, 6, 5, 4]
    second = book.statement(principal.id, before=first.before, most=4)
    assert [movement.seq for movement in second.movements] == [3, 2, 1]
    assert second.before is None
    assert second.movements[-1].kind == "opening_balance"
    every = [*first.movements, *second.movements]
    assert sum(movement.delta for movement in every) == principal.balance == every[0].balance


def test_a_card_page_has_type_lots_and_movements(counter: Counter) -> None:
    book = book_of(counter)
    page = book.card(token_kind="number", text="８８０００００１")
    assert (page.type.code, page.type.registered, page.type.balance_max_minor) == (
        "registered",
        True,
        500_000,
    )
    assert page.card.member is not None
    assert [(lot.account, lot.remaining) for lot in page.lots] == [
        ("principal", 100_000),
        ("points", 1_280),
        ("bonus", 10_000),
    ]
    assert {account for account, _ in page.movements} == {"principal", "bonus", "points"}

    blank = book.card(token_kind="number", text=facts.BLANK_CARD.number)
    assert (blank.card.state, blank.lots, blank.accounts, blank.movements) == ("blank", (), (), ())
    assert [(each.code, each.blank) for each in book.card_types()] == [("registered", 8), ("bearer", 3)]
    with pytest.raises(Refused, match="unknown_card"):
        book.card(token_kind="number", text="1")
