"""The slip as a message: chosen at the sale or the money, sent behind the document, listed with reasons."""

from __future__ import annotations

from dataclasses import replace

import pytest

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.message import Delivery, MessageAnswer
from tests.screens.test_sale import MEMBER_CARD
from tests.screens.walk import Walk, walking


def only_sale(walk: Walk) -> Document:
    (entry,) = walk.fake.ledger.entries.values()
    return entry.document


@pytest.mark.parametrize(("presses", "said", "papers"), [(0, None, 1), (1, "beside", 1), (2, "instead", 0)])
async def test_the_way_is_chosen_on_the_sale(presses: int, said: str | None, papers: int) -> None:
    async with walking() as walk:
        walk.fake.messages.configured = True
        await walk.open_sale("COLA", MEMBER_CARD)
        for _ in range(presses):
            await walk.press("ctrl+y", "l")
        await walk.press("f2", "f3", "enter")
        assert only_sale(walk).message == said
        assert len(walk.fake.printer.receipts) == papers
        assert len(walk.fake.messages.sent) == (said is not None)
        if said is not None:
            walk.shows("发消息")


async def test_the_customer_says_so_at_the_money_and_cash_opens_the_drawer_without_paper() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA", MEMBER_CARD)
        await walk.press("f2", "ctrl+y", "l")
        assert walk.shows("小票：纸质并发消息")
        await walk.press("ctrl+y", "l")
        await walk.press("enter")
        assert only_sale(walk).message == "instead"
        (kick,) = walk.fake.printer.receipts
        assert (kick.opens_drawer, kick.lines, kick.code) == (True, (), "")


async def test_a_member_who_wants_messages_need_not_say_it_each_time() -> None:
    async with walking() as walk:
        card = walk.fake.ledger.cards[0]
        assert card.member is not None
        card.member = replace(card.member, wants_message=True)
        await walk.open_sale("COLA", MEMBER_CARD)
        await walk.press("f2", "f3", "enter")
        assert only_sale(walk).message == "instead"


async def test_who_has_no_telephone_on_file_has_paper_all_the_same() -> None:
    async with walking() as walk:
        card = walk.fake.ledger.cards[0]
        assert card.member is not None
        card.member = replace(card.member, wants_message=True, has_phone=False)
        await walk.open_sale("COLA", MEMBER_CARD)
        await walk.press("ctrl+y", "l")
        assert walk.shows("纸质并发消息", "没有登记手机号")
        await walk.press("ctrl+y", "l")
        assert walk.shows("小票：纸质。")
        await walk.press("f2", "f3", "enter")
        assert (only_sale(walk).message, len(walk.fake.printer.receipts)) == (None, 1)


async def test_nobody_without_a_member_is_offered_one() -> None:
    async with walking() as walk:
        await walk.open_sale("COLA")
        await walk.press("ctrl+y", "l")
        await walk.press("escape", "f2", "enter")
        assert only_sale(walk).message is None


@pytest.mark.parametrize(
    ("lang", "parts"),
    [("zh_CN", ("待发 1", "连不上消息网关")), ("en", ("1 wait", "The gateway could not be reached"))],
)
async def test_what_waits_is_listed_with_the_reason_and_sent_by_a_key(
    lang: str, parts: tuple[str, ...]
) -> None:
    async with walking(lang=lang) as walk:
        messages = walk.fake.messages
        messages.configured, messages.answer = True, MessageAnswer(Delivery.AWAY)
        await walk.open_sale("COLA", MEMBER_CARD)
        await walk.press("ctrl+y", "l", "f2", "f3", "enter")
        await walk.past_result()
        await walk.press("escape", "ctrl+y", "l", "f2")
        assert walk.shows(*parts)
        messages.answer = MessageAnswer(Delivery.SENT)
        await walk.press("f2")
        assert len(messages.sent) == 1
        await walk.press("f3", "f2")
        first, copy = messages.sent
        assert copy.copy
        assert copy.number != first.number


async def test_what_a_member_wants_as_a_rule_is_kept_on_the_page() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("f6", "f9")
        await walk.type(MEMBER_CARD)
        await walk.press("f7", "enter", "ctrl+y", "p")
        assert walk.fake.outbox.wishes == [(1, True)]
        assert walk.shows("以后该会员的小票以消息发送")
