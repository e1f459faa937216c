"""Returns by keys: found without a number, exchanged, without a receipt; baskets put aside and taken."""

from __future__ import annotations

from huiyuan.domain.model.document import Kind
from huiyuan.screens.blind_return import BlindReturnScreen
from huiyuan.screens.shop import Shop
from tests.screens.fake_shop import FakeShop
from tests.screens.walk import Walk, walking


async def sold(walk: Walk, *codes: str) -> None:
    """A sale paid in cash, from home and back."""
    await walk.press("f2")
    for code in codes:
        await walk.type(code)
    await walk.press("f2", "enter")
    await walk.past_result()
    await walk.press("escape")


def kinds(fake: FakeShop) -> list[str]:
    return [entry.document.kind for entry in fake.ledger.entries.values()]


async def test_a_sale_is_found_from_the_list_and_comes_back_in_cash() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "TEA", "COLA")
        await walk.press("f7", "f4")
        assert walk.name == "FindSalesScreen"
        await walk.press("enter")
        assert walk.name == "ReturnScreen"
        await walk.press("f3")
        assert walk.shows("Goes back", "Back: Cash", "171.50")
        await walk.press("f2")
        await walk.type("broken")
        assert walk.shows("Give ¥171.50 in cash")
    assert kinds(fake)[-1] == Kind.RETURN


async def test_the_first_figure_takes_the_place_of_the_quantity_that_is_offered() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "3*COLA")
        await walk.press("f7", "f4", "enter", "enter")
        assert walk.shows("3 are left to return")
        await walk.type("1")
        assert walk.name == "ReturnScreen"
        await walk.press("enter")
        await walk.press("end", "backspace")
        await walk.type("2")
        assert walk.shows("Back: Cash")
        lines = walk.app.screen.pieces  # type: ignore[attr-defined]
    assert list(lines.values()) == [2000]


async def test_the_code_of_the_slip_opens_the_sale_and_other_goods_go_out() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await sold(walk, "TEA")
        drawer = fake.ledger.cash_minor
        await walk.press("f7")
        await walk.type("RC-S01-1-000001")
        await walk.press("f3", "f6")
        assert walk.name == "ExchangeScreen"
        await walk.type("RICE")
        assert walk.shows("Goes out", "69.80", "Back: Cash", "98.20")
        await walk.type("2*RICE")
        assert walk.shows("Customer pays", "41.40")
        await walk.press("f2")
        await walk.type("too strong")
        assert walk.shows("Still due", "41.40")
        await walk.press("enter")
        assert walk.name == "ResultScreen"
    assert fake.ledger.cash_minor == drawer + 4140
    document = list(fake.ledger.entries.values())[-1].document
    assert (document.kind, len(document.lines), len(document.backs)) == (Kind.EXCHANGE, 1, 1)


async def test_without_a_receipt_a_second_person_signs() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("1001")
        await walk.press("f7", "f5")
        await walk.type("TEA")
        assert walk.shows("151.20", "Lowest price of 30 days")
        await walk.press("f2")
        await walk.type("a gift")
        assert walk.name == "SecondPerson"
    assert kinds(fake) == []


async def test_a_list_without_a_receipt_is_not_left_without_a_question() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f7", "f5")
        await walk.type("TEA")
        await walk.type("TEA")
        await walk.press("escape")
        assert walk.name == "Confirm"
        await walk.press("escape")
        screen = walk.app.screen
        assert isinstance(screen, BlindReturnScreen)
        assert [line.qty_milli for line in screen.goods] == [2000]
        await walk.press("escape", "enter")
        assert walk.name == "ReturnScreen"


async def test_a_basket_goes_aside_and_is_paid_from_the_list() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("TEA")
        await walk.press("ctrl+y", "h")
        await walk.type("red coat")
        assert walk.shows("Put aside.")
        assert walk.shows("Scan goods or a card.")
        await walk.press("escape", "f4")
        assert walk.shows("1 basket is put aside in this store.")
        await walk.press("escape", "f2", "ctrl+y", "b")
        assert walk.shows("red coat", "168.00")
        await walk.press("enter")
        assert walk.name == "SaleScreen"
        assert walk.shows("168.00")
        [held] = fake.desk.kept
        await walk.press("f2", "enter")
        await walk.past_result()
    document = list(fake.ledger.entries.values())[-1].document
    assert document.held == held
    assert fake.desk.kept[held].row.here


async def test_without_a_line_the_basket_stays_and_goes_aside_under_the_same_id_later() -> None:
    fake = FakeShop()
    fake.open_shift()
    async with walking(fake, "en", shift=False) as walk:
        await walk.sign_in("2001")
        await walk.press("f2")
        await walk.type("TEA")
        fake.line_down = True
        await walk.press("ctrl+y", "h", "enter")
        assert walk.shows("No line")
        assert fake.desk.kept == {}
        await walk.press("escape")
        assert walk.shows("168.00")
        fake.line_down = False
        await walk.press("ctrl+y", "h", "enter")
        assert walk.shows("Put aside.")
    assert len(fake.desk.kept) == 1


def test_the_shop_before_the_start_misses_every_port_and_stands() -> None:
    fake = FakeShop()
    whole = fake.shop("en")
    before = Shop.before_start(whole.say, lambda: whole)
    assert {before.__getattribute__(name) for name in ("desk", "door", "reads")} == {None}
    assert before.say is whole.say
