"""Enter held down at 30 a second, on the running app: whatever it is held at, one document stands.

The keys come as a terminal sends them: no answer is waited for, and some answers are slow.
"""

from __future__ import annotations

import asyncio

import pytest

from huiyuan.domain.model.document import Kind
from tests.screens.test_sale import MEMBER_CARD
from tests.screens.walk import Walk, home_again, walking

PER_S = 30
HELD_S = 1.0


async def held(walk: Walk, key: str = "enter", seconds: float = HELD_S) -> None:
    """The key comes 30 times a second, whatever the app does meanwhile."""
    for _ in range(round(PER_S * seconds)):
        walk.send(key)
        await asyncio.sleep(1 / PER_S)
    await walk.settle()


@pytest.mark.parametrize("slow_ms", [0, 200])
async def test_held_at_the_payment_one_sale_stands(slow_ms: int) -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        walk.fake.slow_ms = slow_ms
        await walk.press("f2")
        await held(walk)
        assert len(walk.fake.ledger.of_kind(Kind.SALE)) == 1


async def test_held_at_a_top_up_one_stands() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f3")
        await walk.type(MEMBER_CARD)
        walk.fake.slow_ms = 200
        await walk.type("100", enter=False)
        await held(walk)
        tops = walk.fake.ledger.of_kind(Kind.TOP_UP)
        assert [each.total_minor for each in tops] == [10_000]


async def test_held_at_a_return_one_stands() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("f2", "enter")
        await walk.past_result()
        await walk.press("escape", "f7")
        await walk.type("S01-1-000001")
        await walk.press("f3", "f2")
        walk.fake.slow_ms = 200
        await walk.type("broken", enter=False)
        await held(walk)
        assert len(walk.fake.ledger.of_kind(Kind.RETURN)) == 1


async def test_held_at_a_note_one_basket_is_put_aside() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("ctrl+y", "h")
        walk.fake.slow_ms = 200
        await walk.type("red coat", enter=False)
        await held(walk)
        await home_again(walk)
        assert len(walk.fake.desk.kept) == 1
        assert walk.fake.ledger.of_kind(Kind.SALE) == []
