"""The cards of one wallet on the screen: limits of one card, its uses, another card issued on the wallet."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from huiyuan.domain.model.document import Kind
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def holders(walk: Walk) -> None:
    """From a member's page."""
    await walk.sign_in("2001")
    await walk.press("f6", "f9")
    await walk.type("88000004")
    await walk.press("f7", "ctrl+y", "l")
    assert walk.name == "HoldersScreen", walk.text


@pytest.mark.parametrize(("lang", "words"), [("zh_CN", ("个人卡", "不限")), ("en", ("personal", "no limit"))])
async def test_a_card_gets_its_own_limits(lang: str, words: tuple[str, ...]) -> None:
    shop = FakeShop()
    async with walking(shop, lang) as walk:
        await holders(walk)
        walk.shows(*words, "88000001", "王芳 M0001", "123.00", "25,830.00")
        await walk.press("down", "down", "f3")
        await walk.type("abc")
        await walk.type("")
        await walk.type(", tea")
        assert walk.name == "LimitSheet", "an amount that is none keeps it open"
        assert shop.card_book.limits == {}
        walk.app.screen.query_one("#sale", Input).value = "50"
        await walk.press("enter", "enter", "enter")
        assert shop.card_book.limits == {3: (5000, 50_000, (2, 1))}
        assert walk.name == "HoldersScreen"
        walk.shows("50.00")


async def test_uses_are_paged_and_the_days_are_chosen() -> None:
    shop = FakeShop()
    async with walking(shop, "en") as walk:
        await holders(walk)
        await walk.press("pagedown", "pagedown", "pagedown")
        walk.shows("88000020")
        await walk.press("f7")
        await walk.type("2026-01-01")
        await walk.type("2026-01-31")
        walk.shows("2026-01-01 - 2026-01-31")
        await walk.press("enter")
        assert walk.name == "UsesScreen"
        walk.shows("S01-1-000029", "0.29")
        await walk.press("pagedown", "pagedown")
        walk.shows("S01-1-000012")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh_CN", ("要动用 李娜 的钱包", "第二人")), ("en", ("draws on the wallet of 李娜", "second person"))],
)
async def test_another_card_is_issued_on_the_wallet_by_two(lang: str, words: tuple[str, ...]) -> None:
    shop = FakeShop()
    shop.card_book.issue_for = "supplementary"
    async with walking(shop, lang) as walk:
        await holders(walk)
        await walk.press("f4")
        assert walk.name == "CardIssueScreen"
        assert walk.shows("88000001")
        await walk.type("88000003")
        await walk.type("88000001")
        assert walk.shows("10.00")
        await walk.press("enter")
        assert walk.name == "SecondPerson", walk.text
        assert walk.shows(*words), walk.text
        assert walk.fits()
        await walk.type("1001")
        await walk.type("1001")
        (card,) = next(reversed(shop.ledger.entries.values())).document.cards
        assert card.wallet == 14
        assert walk.name == "ResultScreen"


async def test_a_supplementary_card_alone_shows_where_it_is_issued_and_no_fee() -> None:
    shop = FakeShop()
    shop.card_book.issue_for = "supplementary"
    async with walking(shop, "en") as walk:
        shop.open_shift()
        await walk.sign_in("1001")
        await walk.press("f5")
        await walk.type("88000003")
        assert walk.shows("draws on an active main card", "^Y l, F4")
        assert "10.00" not in walk.text
        assert "Issue, cash" not in walk.text
        assert walk.fits()
        await walk.press("enter")
        assert walk.name == "CardIssueScreen"
        assert shop.ledger.of_kind(Kind.CARD_ISSUE) == []
