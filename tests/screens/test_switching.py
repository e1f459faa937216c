"""Another person at the counter: switched over a basket, locked and come back, and when a shift is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huiyuan.domain.model.document import Kind
from huiyuan.domain.model.shift import handover_due
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.switching import lock_if_idle
from tests.screens.walk import Walk, walking

DAY = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def shop_of(walk: Walk) -> Shop:
    """What the screen on top was given."""
    screen = walk.app.screen
    assert isinstance(screen, AskingScreen)
    return screen.shop


def who(walk: Walk) -> str:
    """The number of who is signed in at the server."""
    return walk.fake.sign_in.signed or ""


def lock_after(walk: Walk, minutes: int) -> None:
    """The store's setting, as the next greeting would bring it."""
    for screen in walk.app.screen_stack:
        if isinstance(screen, AskingScreen) and screen.shop.hello is not None:
            screen.shop = replace(screen.shop, hello=replace(screen.shop.hello, lock_minutes=minutes))


async def switch(walk: Walk) -> None:
    """By the two-key menu."""
    await walk.press("ctrl+y", "w")


async def test_somebody_else_goes_on_with_the_basket_and_his_permissions_count() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", "MILK")
        assert not shop_of(walk).may("staff")
        await switch(walk)
        assert walk.shows("换人", "屏幕上的内容保持不变")
        await walk.type("2001")
        await walk.type("2001")
        assert walk.name == "SaleScreen"
        assert walk.shows("可口可乐", "纯牛奶", "已登录：陈经理")
        await walk.press("f2", "enter")
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1
        await walk.past_result()
        await walk.press("escape")
        assert walk.shows("员工")
        assert who(walk) == "2001"


async def test_a_wrong_pin_changes_nobody_and_esc_goes_back() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await switch(walk)
        await walk.type("2001")
        await walk.type("9999")
        assert walk.name == "SwitchSheet"
        await walk.press("escape")
        assert walk.shows("可口可乐")
        assert who(walk) == "1001"


async def test_a_counter_that_nobody_touches_locks_with_its_basket() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        app, top = walk.app, walk.app.screen
        assert not lock_if_idle(app, 3600)  # the setting is off
        lock_after(walk, 5)
        assert not lock_if_idle(app, 299)
        assert lock_if_idle(app, 300)
        await walk.settle()
        assert walk.name == "SwitchSheet"
        assert walk.shows("收银台已锁定")
        assert who(walk) == ""
        assert not lock_if_idle(app, 3600)
        await walk.press("escape")
        assert walk.name == "SwitchSheet"
        await walk.type("1001")
        assert app.screen is top
        assert walk.shows("可口可乐", "已登录：王芳")
        assert who(walk) == "1001"


async def test_what_has_no_answer_is_not_locked_over() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.fake.door.silent = True
        await walk.press("f2", "enter")
        lock_after(walk, 1)
        assert not lock_if_idle(walk.app, 3600)


@pytest.mark.parametrize(
    ("opened", "now", "at", "due"),
    [
        (DAY, DAY + timedelta(hours=5), "", False),
        (DAY, DAY + timedelta(days=1), "", True),
        (DAY, datetime(2026, 3, 2, 1, 59, tzinfo=UTC), "", False),  # the business day ends at two
        (DAY, datetime(2026, 3, 2, 2, 0, tzinfo=UTC), "", True),
        (DAY, datetime(2026, 3, 1, 21, 59, tzinfo=UTC), "22:00", False),
        (DAY, datetime(2026, 3, 1, 22, 0, tzinfo=UTC), "22:00", True),
        (datetime(2026, 3, 1, 22, 5, tzinfo=UTC), datetime(2026, 3, 1, 23, 0, tzinfo=UTC), "22:00", False),
        (datetime(2026, 3, 1, 22, 5, tzinfo=UTC), datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "22:00", False),
    ],
)
def test_a_shift_is_due_by_the_hour_or_the_day(opened: datetime, now: datetime, at: str, due: bool) -> None:
    assert handover_due(opened, now, handover_at=at, cutover_minutes=120) is due


async def test_a_shift_of_yesterday_is_shown_before_and_after_the_sign_in() -> None:
    async with walking() as walk:
        assert walk.fake.ledger.shift is not None
        walk.fake.ledger.shift = replace(
            walk.fake.ledger.shift, opened_at=walk.fake.ledger.shift.opened_at - timedelta(days=1)
        )
        await walk.sign_in()
        assert walk.shows("该交班了")
        await walk.press("escape")
        assert walk.shows("该交班了")
