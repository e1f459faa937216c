"""A shift that cannot be closed says everything that holds it, at once, and what is open beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyuan.domain.model.charge import Charge, ChargeState
from huiyuan.domain.model.journal import ParkedDocument
from tests.screens.fake_ledger import NOON
from tests.screens.walk import Walk, walking


async def three_holding(walk: Walk) -> None:
    """Two sales without an answer, one of them without the line, and a payment whose outcome is unknown."""
    fake = walk.fake
    await walk.sign_in("2001")
    await walk.press("f2")
    await walk.type("COLA")
    fake.door.silent = True
    await walk.press("f2", "enter", "escape", "enter", "escape")
    (sale,) = fake.door.unsettled()
    offline = replace(sale, id=fake.ids.new(), number=sale.number + 1, offline_at=NOON, total_minor=123400)
    fake.door.unsent[offline.id] = offline
    shift = fake.ledger.shift
    assert shift is not None
    fake.charges.write(Charge(fake.ids.new(), sale.id, shift.id, "wechat", 8800, NOON, "1345****34"))
    fake.door.parked_documents = [
        ParkedDocument(replace(sale, number=77, total_minor=9900), "card_not_active", {}, NOON)
    ]


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        (
            "zh_CN",
            ("本班还有 3 件事", "结果未知", "断网销售", "1,234.00", "手机支付", "88.00", "被拒", "99.00"),
        ),
        ("en", ("3 things of this shift", "No answer yet", "Sold without the line", "1,234.00", "88.00")),
    ],
)
async def test_everything_that_holds_the_close_is_told_at_once(lang: str, parts: tuple[str, ...]) -> None:
    async with walking(lang=lang) as walk:
        await three_holding(walk)
        await walk.press("f4", "f4")
        assert walk.name == "ClosingSheet"
        assert walk.shows(*parts)
        assert walk.fits()
        await walk.press("enter")
        assert walk.name == "UnsettledScreen"


async def test_once_all_is_settled_it_is_counted() -> None:
    async with walking() as walk:
        await three_holding(walk)
        fake = walk.fake
        fake.door.unsent.clear()
        await walk.press("f4", "f4")
        assert walk.name == "ClosingSheet"
        assert walk.shows("本班还有 1 件事")
        (charge,) = fake.charges.pending()
        fake.charges.move(charge.id, ChargeState.DECLINED)
        await walk.press("escape", "f4")
        assert walk.name in {"Entry", "CountSheet"}
