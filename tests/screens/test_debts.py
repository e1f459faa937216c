"""Debts on account by keys: on the card, in the list, only the overdue ones."""

from __future__ import annotations

from dataclasses import replace

from tests.screens.fake_shop import FakeShop
from tests.screens.walk import walking


async def test_the_card_says_what_is_owed_until_when_and_how_much_at_least() -> None:
    fake = FakeShop()
    card = next(each for each in fake.ledger.cards if each.number == "88000001")
    card.balances = replace(card.balances, credit=-90_000, credit_limit=100_000)
    async with walking(fake) as walk:
        await walk.sign_in("2001")
        await walk.press("f6", "f9")
        await walk.type("88000001")
        assert walk.shows("欠款", "¥900.00", "到期日", "2026-10-01", "最低还款", "¥90.00", "已逾期")


async def test_the_list_turns_its_pages_keeps_the_overdue_and_opens_the_card() -> None:
    async with walking(lang="en") as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "y", "f8", "f3")
        assert walk.name == "DebtsDueScreen"
        assert walk.shows("Due by", "Least to pay", "Overdue", "10,000.01", "1,000.01")
        await walk.press("pagedown", "pagedown")
        assert walk.shows("10,000.30")
        await walk.press("f2")
        assert walk.shows("only overdue", "10,000.03")
        assert "10,000.04" not in walk.text
        await walk.press("enter")
        assert walk.name == "CardScreen"
