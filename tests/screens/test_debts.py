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


async def test_whoever_buys_on_account_is_told_of_while_something_is_overdue() -> None:
    for owed in (90_000, 0):
        fake = FakeShop()
        fake.open_shift()
        card = next(each for each in fake.ledger.cards if each.number == "88000001")
        card.balances = replace(card.balances, credit=-owed, credit_limit=200_000)
        async with walking(fake, "en") as walk:
            await walk.sign_in("2001")
            await walk.press("f2")
            await walk.type("RICE")
            await walk.type("88000001")
            await walk.press("f2", "f2", "1")
            await walk.settle()
            assert walk.shows("On account")
            assert ("¥900.00 are overdue since 2026-10-01" in walk.text) is bool(owed)


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
