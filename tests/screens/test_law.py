"""The law on the screen: while an amount is typed, when it is paid, and as rows that two people change."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from huiyuan.domain.model.document import Kind
from huiyuan.screens.law import LawScreen
from huiyuan.screens.widgets.prose import Prose
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def amount(walk: Walk, text: str) -> None:
    """What stands in the field of the amount."""
    walk.app.screen.query_one("#amount", Input).value = text
    await walk.settle()


async def top_up(walk: Walk, staff: str = "1001") -> None:
    """The screen with a registered card that holds 1.00."""
    await walk.sign_in(staff)
    await walk.press("f3")
    await walk.type("88000004")


@pytest.mark.parametrize(("lang", "word"), [("zh_CN", "最多存"), ("en", "may hold at most")])
async def test_an_amount_beyond_the_cap_is_told_while_it_is_typed_and_not_sent(lang: str, word: str) -> None:
    shop = FakeShop()
    async with walking(shop, lang) as walk:
        await top_up(walk)
        await amount(walk, "4544.55")
        assert word not in walk.text
        await amount(walk, "4544.56")
        assert word in walk.text, walk.text
        assert "§ 1" in walk.text
        await walk.press("enter")
        assert walk.name == "TopUpScreen"
        assert shop.ledger.of_kind(Kind.TOP_UP) == []
        await amount(walk, "4544.55")
        await walk.press("f2", "enter")
        assert len(shop.ledger.of_kind(Kind.TOP_UP)) == 1


async def test_a_company_pays_from_a_sum_on_by_transfer_only() -> None:
    shop = FakeShop()
    shop.law.companies.add(14)
    shop.law.bought_minor = 400_000
    async with walking(shop, "en") as walk:
        await top_up(walk)
        await amount(walk, "1000")
        assert "by transfer" in walk.text
        await walk.press("f2")
        assert walk.name == "TopUpScreen", "no cash is asked for"
        await walk.press("f4")
        await walk.type("4711")
        assert shop.ledger.of_kind(Kind.TOP_UP)[0].tenders[0].kind == "bank_card"


async def test_nobody_unseen_tops_up_a_registered_card_until_somebody_else_buys() -> None:
    shop = FakeShop()
    shop.law.unseen.add(14)
    async with walking(shop, "en") as walk:
        await top_up(walk)
        await amount(walk, "10")
        assert "identity document" in walk.text
        await walk.press("f2")
        assert walk.name == "TopUpScreen"
        assert shop.ledger.of_kind(Kind.TOP_UP) == []
        shop.law.unseen.clear()
        await walk.press("ctrl+y", "y")
        assert walk.name == "MemberPicker"
        await walk.type("王")
        assert len(shop.law.buyers) == 2
        assert shop.law.buyers[-1] is not None
        assert walk.app.screen.query_one("#law", Prose).text == ""
        await walk.press("f2", "enter")
        assert shop.ledger.of_kind(Kind.TOP_UP)[0].buyer == shop.law.buyers[-1]


async def test_a_row_is_proposed_here_and_approved_by_another() -> None:
    shop = FakeShop()
    async with walking(shop, "en") as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+r", "down", "down", "down", "enter")
        screen = walk.app.screen
        assert isinstance(screen, LawScreen)
        assert walk.shows("Registered: holds at most: "), "whole below the list, where its column cuts it"
        await walk.press("f3", "enter")
        assert shop.law.decided == [("approve", 7)]
        assert "CN-31" in walk.text
        await walk.press("f2")
        assert walk.name == "LawForm"
        for text in ("4000", "2027-01-01", "", "", "cn-31"):
            field = walk.app.focused
            assert isinstance(field, Input)
            field.value = text
            await walk.press("enter")
        assert walk.name == "LawScreen"
        own = shop.law.proposals[0]
        assert (own.row.amount_minor, own.row.jurisdiction, own.row.valid_from.isoformat()) == (
            400_000,
            "CN-31",
            "2027-01-01T00:00:00+08:00",
        )
        await walk.press("up", "up", "f3")
        assert walk.name == "LawScreen", "nobody approves his own"
        await walk.press("f4", "enter")
        assert shop.law.decided[-1] == ("decline", 8)


async def test_a_paper_that_was_seen_on_the_members_page_holds_when_one_comes_back() -> None:
    shop = FakeShop()
    shop.law.unseen.add(14)
    async with walking(shop, "en") as walk:
        await top_up(walk)
        await amount(walk, "10")
        await walk.press("f2")
        assert walk.shows("Write its number on the member's page")
        await walk.press("f9")
        shop.law.unseen.clear()
        await walk.press("escape")
        assert walk.name == "TopUpScreen"
        assert "identity document" not in walk.text
        await walk.press("f2", "enter")
        assert len(shop.ledger.of_kind(Kind.TOP_UP)) == 1
