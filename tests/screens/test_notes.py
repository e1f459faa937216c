"""A note that pops up is read at the sale, whichever way the member came to it."""

from __future__ import annotations

from dataclasses import replace

from tests.screens.fake_shop import FakeShop
from tests.screens.test_sale import MEMBER_CARD
from tests.screens.walk import walking


async def test_a_note_of_the_member_stands_on_the_sale_when_the_card_is_shown() -> None:
    fake = FakeShop()
    card = fake.ledger.cards[0]
    assert card.member is not None
    card.member = replace(card.member, pops_up=("[/x] 上次少找了 5 元",))
    async with walking(fake) as walk:
        await walk.open_sale(MEMBER_CARD)
        assert walk.shows("备注：[/x] 上次少找了 5 元")
        assert walk.fits()
