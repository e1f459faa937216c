"""What was marked to come back, what goes out for it and what came without a receipt are there again."""

from __future__ import annotations

from huiyuan.domain.model.document import Kind
from huiyuan.screens.blind_return import BlindReturnScreen
from huiyuan.screens.returns import ReturnScreen
from tests.screens.fake_shop import FakeShop
from tests.screens.test_kept_basket import come_back, open_fake
from tests.screens.test_returns import kinds, sold
from tests.screens.walk import Walk, walking

RECEIPT = "S01-1-000001"


async def returning(fake: FakeShop, walk: Walk) -> None:
    """The manager sells three teas, and all of them come back, up to the booking."""
    await walk.sign_in("2001")
    await sold(walk, "3*TEA")
    await walk.press("f7")
    await walk.type(f"RC-{RECEIPT}")
    await walk.press("f3")
    assert fake.baskets.returning.kept() is not None


async def test_what_was_marked_is_marked_again() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await returning(fake, walk)
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        assert walk.name == "ReturnScreen"
        assert walk.shows("已恢复：工号 2001", "西湖龙井茶", RECEIPT, "应退")
        await walk.press("f2")
        await walk.type("坏了")
        await walk.past_result()
        assert fake.baskets.returning.kept() is None
        await walk.type(f"RC-{RECEIPT}")
        await walk.press("f3")
        assert walk.shows(f"{RECEIPT} 的商品已全部退回")
    assert kinds(fake) == [Kind.SALE, Kind.RETURN]


async def test_an_exchange_comes_back_with_what_goes_out_and_what_was_taken() -> None:
    fake = open_fake()
    async with walking(fake, "en") as walk:
        await returning(fake, walk)
        await walk.press("f6")
        await walk.type("20*RICE")
        await walk.press("f2")
        await walk.type("too strong")
        await walk.type("5")
        assert walk.shows("5.00")
        drawer = fake.ledger.cash_minor
    async with walking(fake, "en") as walk:
        await come_back(walk, "2001")
        assert walk.name == "ExchangeScreen"
        assert walk.shows("Back again: The return of 2001", "Customer pays", "Taken so far: ¥5.00")
        await walk.press("f2")
        assert walk.shows("Reason", "too strong"), "it was said before"
        await walk.press("enter")
        assert walk.name == "ExchangePayment"
        assert walk.shows("Cash", "5.00")
        await walk.press("enter")
        await walk.past_result()
        assert walk.name == "ReturnScreen"
        assert fake.baskets.returning.kept() is None
    assert kinds(fake) == [Kind.SALE, Kind.EXCHANGE]
    assert fake.ledger.of_kind(Kind.EXCHANGE)[0].reason == "too strong"
    assert fake.ledger.cash_minor > drawer


async def test_what_leaves_an_exchange_unpaid_is_noted_as_in_a_sale() -> None:
    fake = open_fake()
    async with walking(fake, "en") as walk:
        await returning(fake, walk)
        await walk.press("f6")
        await walk.type("30*RICE")
        await walk.press("f3")
        await walk.press(*["backspace"] * 4)
        await walk.type("28")
        await walk.type("TEA")
        await walk.press("f4")
        await walk.press("f2")
        await walk.type("too strong")
        assert walk.name == "ExchangePayment"
        await walk.press("enter")
        await walk.past_result()
    (made,) = fake.ledger.of_kind(Kind.EXCHANGE)
    assert [(row.why, row.qty_milli) for row in made.removed] == [("quantity", 2000), ("line", 1000)]


async def test_another_person_is_asked_before_anything_else_comes_back() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await returning(fake, walk)
        await walk.press("f6")
        await walk.type("RICE")
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        assert walk.name == "BasketBack"
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        assert walk.shows("工号 2001", "留下的退货")
        await walk.press("f7", "enter")
        assert walk.name == "ExchangeScreen"
        assert fake.baskets.returning.said == [("take", "2001 1001")]
        assert walk.shows("五常大米", "已恢复：工号 2001")
        await walk.press("escape")
        assert walk.name == "Confirm"
        await walk.press("enter")
        screen = walk.app.screen
        assert isinstance(screen, ReturnScreen)
        assert screen.pieces == {1: 3000}
        await walk.press("escape")
        assert walk.name == "HomeScreen"
        assert fake.baskets.returning.kept() is None


async def test_what_came_back_meanwhile_does_not_come_back_again() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await returning(fake, walk)
        kept = fake.baskets.returning.row
        await walk.press("f2")
        await walk.type("坏了")
        await walk.past_result()
    fake.baskets.returning.row = kept
    async with walking(fake) as walk:
        await come_back(walk, "2001")
        assert walk.name == "ReturnScreen"
        assert walk.shows(f"{RECEIPT} 的商品已全部退回")
        assert fake.baskets.returning.kept() is None


async def test_goods_without_a_receipt_are_there_again() -> None:
    fake = open_fake()
    async with walking(fake) as walk:
        await walk.sign_in("1001")
        await walk.press("f7", "f5")
        await walk.type("2*TEA")
    async with walking(fake) as walk:
        await come_back(walk, "1001")
        screen = walk.app.screen
        assert isinstance(screen, BlindReturnScreen)
        assert [line.qty_milli for line in screen.goods] == [2000]
        assert walk.shows("已恢复：工号 1001", "302.40")
        await walk.press("escape", "enter")
        assert walk.name == "ReturnScreen"
        assert fake.baskets.returning.kept() is None
