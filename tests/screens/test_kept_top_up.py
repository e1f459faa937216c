"""Parts of a top-up that were taken on other machines are named again at the next sign-in, or were booked."""

from __future__ import annotations

import pytest

from huiyuan.domain.model.document import Kind
from huiyuan.screens.top_up import TopUpScreen
from tests.screens.fake_shop import FakeShop
from tests.screens.test_kept_basket import come_back, open_fake
from tests.screens.walk import Walk, walking

CARD = "88000001"


async def parts_taken(walk: Walk, staff: str = "1001") -> None:
    """200 of 500 by the bank card, and 50 by a prepaid card of others."""
    await walk.sign_in(staff)
    await walk.press("f3")
    await walk.type(CARD)
    await walk.type("500", enter=False)
    for choice, amount, reference in (("1", "200", "B77"), ("3", "50", "P9")):
        await walk.press("ctrl+y", "r", choice)
        await walk.type(amount)
        await walk.type(reference)
    assert walk.shows("还应付", "¥250.00")


def topped(fake: FakeShop) -> list[tuple[str, int, str | None]]:
    (made,) = fake.ledger.of_kind(Kind.TOP_UP)
    return [(each.kind, each.amount_minor, each.reference) for each in made.tenders]


async def test_the_own_parts_are_back_with_card_and_amount_and_are_booked_once() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await parts_taken(walk)
        kept = fake.baskets.topping.row
        assert kept is not None
        assert CARD not in kept[0]
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        await walk.settle()
        assert walk.name == "TopUpScreen"
        assert walk.shows("已恢复：工号 1001", "李娜", "银行卡", "¥200.00", "还应付", "¥250.00")
        await walk.press("f2", "enter")
        await walk.past_result()
        assert fake.baskets.topping.kept() is None
    assert topped(fake) == [("bank_card", 20000, "B77"), ("prepaid", 5000, "P9"), ("cash", 25000, None)]
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.name == "HomeScreen"


async def test_the_document_of_before_is_the_one_that_books_it() -> None:
    fake = open_fake()
    async with walking(fake, "en") as walk:
        await walk.sign_in("1001")
        await walk.press("f3")
        await walk.type(CARD)
        await walk.type("500", enter=False)
        await walk.press("ctrl+y", "r", "1")
        await walk.type("200")
        await walk.type("B77")
        screen = walk.app.screen
        assert isinstance(screen, TopUpScreen)
        named = screen.document_id
        screen.keep_parts(named)
    async with walking(fake, "en") as walk:
        await come_back(walk, "1001")
        await walk.settle()
        assert walk.shows("Back again: The top-up of 1001", "Bank card ¥200.00 (B77)")
        assert "card ****" not in walk.text  # what the screen shows anyway leaves room for the references
        await walk.press("f4")
        await walk.type("B78")
        (made,) = fake.ledger.of_kind(Kind.TOP_UP)
        assert made.id == named


async def test_another_person_is_asked_and_esc_leaves_it_and_emptying_is_in_the_log() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await parts_taken(walk)
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        assert walk.name == "BasketBack"
        assert walk.shows("工号 1001", "****0001", "银行卡 ¥200.00 (B77)", "(P9)")
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        assert walk.shows("工号 1001", "****0001")
        await walk.press("f3", "enter")
        await walk.settle()
        assert walk.shows("已恢复", "李娜", "¥250.00")
        kept = fake.baskets.topping.kept()
        assert kept is not None
        assert kept.staff == "2001"
        await walk.press("escape", "enter")
        assert walk.name == "HomeScreen"
    assert fake.baskets.topping.said == [("take", "1001 2001"), ("drop", "2001 2001")]
    assert fake.baskets.topping.kept() is None
    assert fake.ledger.of_kind(Kind.TOP_UP) == []


async def test_another_person_may_empty_it_and_begin_with_the_card_that_was_asked_for() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await parts_taken(walk)
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        await walk.press("f9")
        assert walk.name == "TopUpScreen"
        assert "银行卡" not in walk.text
        await walk.type(CARD)
        await walk.type("100")
        await walk.press("enter")
    assert topped(fake) == [("cash", 10000, None)]


async def test_a_card_of_nobody_is_presented_again_and_no_other_one_gets_its_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await parts_taken(walk)
    fake.members.page(1)
    monkeypatch.setattr(fake.members, "page", lambda _: fake.members.pages[2])
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        await walk.settle()
        assert walk.shows("已恢复", "****0001")
        await walk.type("88000002")
        assert walk.shows("是为卡 ****0001 收的")
        screen = walk.app.screen
        assert isinstance(screen, TopUpScreen)
        assert screen.card is None
        await walk.press("ctrl+u")
        await walk.type(CARD)
        assert walk.shows("李娜", "还应付", "¥250.00")


async def test_parts_given_back_one_by_one_are_named_no_more() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await parts_taken(walk)
        await walk.press("ctrl+y", "t")
        kept = fake.baskets.topping.kept()
        assert kept is not None
        assert [each.reference for each in kept.basket.tenders] == ["B77"]
        await walk.press("ctrl+y", "t")
        assert fake.baskets.topping.kept() is None


async def test_a_disk_that_takes_no_note_is_said() -> None:
    fake = open_fake()
    fake.baskets.topping.why = "SQLITE_FULL"
    async with walking(fake) as walk:
        await parts_taken(walk)
        assert walk.shows("本机磁盘写不进")
