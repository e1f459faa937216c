"""Invoices by keys: noted at a receipt, issued, red-lettered; stored value is not invoiced again."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

import pytest

from huiyuan.domain.model.id_number import company_check_character
from huiyuan.domain.model.invoice import InvoiceState, read_buyer
from huiyuan.domain.model.posted import Invoiced
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.test_returns import sold
from tests.screens.walk import walking

FIRST_17: Final = "91310000MA1FL0A0X"
COMPANY: Final = FIRST_17 + company_check_character(FIRST_17)
NUMBER: Final = "24312000000012345678"
RED: Final = "24312000000087654321"


def shop() -> FakeShop:
    fake = FakeShop()
    fake.open_shift()
    return fake


async def test_an_invoice_is_noted_after_the_sale_issued_and_red_lettered() -> None:
    fake = shop()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("TEA")
        await walk.press("f2", "enter", "f7")
        assert walk.shows("Note an invoice", "Can be invoiced", "168.00")
        await walk.type("Huiyuan Trading")
        await walk.type(COMPANY[:-1] + "0")
        await walk.press("enter")
        assert walk.shows("Compare it"), "a wrong check character stays in its field"
        await walk.press("backspace")
        await walk.type(COMPANY[-1])
        await walk.type("100")
        assert walk.name == "ResultScreen"
        assert walk.shows("An invoice over ¥100.00 of receipt S01-1-000001 is noted")
        await walk.past_result()
        await walk.press("escape", "ctrl+y", "5")
        assert walk.shows("S01-1-000001", "100.00", "to be issued")
        assert "Huiyuan Trading" not in walk.text
        await walk.press("enter")
        assert walk.shows("Huiyuan Trading", COMPANY)
        await walk.press("enter", "f3")
        await walk.type("12")
        assert walk.shows("8 to 30 letters and digits")
        await walk.press("backspace", "backspace")
        await walk.type(NUMBER)
        assert walk.shows("invoiced", NUMBER)
        await walk.press("f6")
        assert walk.name == "InvoicesScreen", "an issued one is not withdrawn"
        await walk.press("f4")
        await walk.type(RED)
        assert walk.shows("red-lettered", RED)
        await walk.press("f7", "2")
        assert walk.shows("No such invoice")
    assert [each.state for each in fake.invoices.listed] == [InvoiceState.RED]
    assert len(fake.invoices.looked) == 1


async def test_the_register_finds_a_receipt_and_takes_no_more_than_it_has_left() -> None:
    fake = shop()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "COLA")
        await walk.press("ctrl+y", "5", "f2")
        await walk.type("RC-S01-1-000001")
        await walk.type("Li Na")
        await walk.press("enter")
        await walk.type("99")
        assert walk.shows("At most ¥3.50 of this receipt")
        await walk.press("backspace", "backspace")
        await walk.type("3.5")
        assert walk.shows("is noted", "3.50", "to be issued")
        await walk.press("f2", "f4", "enter")
        assert walk.shows("Can be invoiced", "¥0.00", "Nothing of this receipt can be invoiced")
        await walk.press("escape", "f6")
        await walk.type("changed his mind")
        assert walk.shows("withdrawn")
    assert [each.reason for each in fake.invoices.listed] == ["changed his mind"]


async def test_stored_value_is_invoiced_at_its_top_up_and_the_screen_says_so() -> None:
    fake = shop()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("TEA")
        await walk.type("88000001")
        await walk.press("f2", "f3", "enter")
        if walk.name == "CardPin":
            await walk.type(CARD_PIN)
        assert walk.name == "ResultScreen", walk.text
        await walk.press("f7")
        assert walk.shows("Not invoiced: Stored value", "announcement 53 of 2016", "¥0.00")


async def test_goods_of_an_invoiced_receipt_come_back_with_a_word_on_screen_and_slip(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake = shop()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "TEA")
        real = fake.ledger.read_back
        invoiced = Invoiced((NUMBER,), 0)
        monkeypatch.setattr(fake.ledger, "read_back", lambda entry: replace(real(entry), invoiced=invoiced))
        await walk.press("f7")
        await walk.type("S01-1-000001")
        assert walk.shows(f"Invoiced under {NUMBER}")
        await walk.press("f3", "f2")
        await walk.type("broken")
        assert walk.shows("Red-letter invoice", NUMBER)
        slip = list(fake.print_jobs.jobs.values())[-1].receipt.lines
    assert any("Red-letter" in row and NUMBER in row for row in slip), slip


async def test_all_stores_can_be_chosen_again_though_another_row_is_marked() -> None:
    async with walking(shop(), "en", shift=False) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "5", "f8")
        assert walk.shows("1 All stores")
        await walk.press("1", "f8")
        assert walk.shows("1 All stores")


async def test_a_long_register_is_read_page_by_page_both_ways() -> None:
    fake = shop()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "TEA")
        buyer, (document,) = read_buyer("Li Na", ""), fake.ledger.entries
        for n in range(1, 41):
            fake.invoices.want(UUID(int=n), document, buyer=buyer, amount_minor=n)
        await walk.press("ctrl+y", "5")
        assert walk.shows("0.40", "0.24")
        await walk.press("pagedown", "pagedown")
        assert walk.shows("Page 2", "0.23", "0.07")
        await walk.press("pagedown", "pagedown")
        assert walk.shows("Page 3", "0.06", "0.01")
        await walk.press("pageup", "pageup")
        assert walk.shows("Page 2", "0.23", "0.07")
