"""A second person elsewhere: asked at one counter, seen and signed at another, live."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from huiyuan.domain.model.approval import Proposal, ProposalNews, Proposed, ProposedGoods
from huiyuan.domain.model.document import Document, Kind, Tender
from tests.screens.fake_ledger import HOSTILE, NOON
from tests.screens.fake_shop import FakeShop
from tests.screens.test_sale import MEMBER_CARD
from tests.screens.walk import Walk, walking


def limited() -> FakeShop:
    """Top-ups above 500 need a second person."""
    fake = FakeShop()
    fake.ledger.limits["top_up"] = 50000
    return fake


async def ask_elsewhere(walk: Walk) -> UUID:
    """A top-up of 600, laid before whoever may sign; answers its document."""
    await walk.sign_in()
    await walk.press("f3")
    await walk.type(MEMBER_CARD)
    await walk.type("600")
    await walk.press("enter")
    assert walk.name == "SecondPerson", walk.text
    await walk.press("f3")
    (document,) = walk.fake.door.proposals
    return document


@pytest.mark.parametrize(
    ("lang", "waits", "looks"),
    [
        ("zh_CN", "还没有人查看", "正在查看：王建国 (S02-01)"),
        ("en", "Nobody looks", "Looked at by: 王建国 (S02-01)"),
    ],
)
async def test_the_asker_sees_who_looks_and_the_signature_books_by_itself(
    lang: str, waits: str, looks: str
) -> None:
    async with walking(limited(), lang) as walk:
        document = await ask_elsewhere(walk)
        assert walk.shows(waits)
        assert walk.fits()
        walk.fake.approvals.states[document] = ProposalNews("open", looking=("王建国 (S02-01)",))
        walk.fake.approvals.moved()
        await walk.settle()
        assert walk.shows(looks)
        walk.fake.sign_in.approve(Proposed(document, "f" * 64))
        await walk.settle()
        assert walk.name == "ResultScreen"
        assert len(walk.fake.ledger.of_kind(Kind.TOP_UP)) == 1
        assert walk.fake.approvals.watchers == []


@pytest.mark.parametrize("how", ["declined", "expired", "left"])
async def test_without_a_signature_nothing_is_booked(how: str) -> None:
    async with walking(limited()) as walk:
        document = await ask_elsewhere(walk)
        if how == "left":
            await walk.press("escape")
            assert walk.fake.approvals.states[document].state == "declined"
        else:
            walk.fake.approvals.states[document] = ProposalNews(how)
            walk.fake.approvals.moved()
            await walk.settle()
        assert walk.name == "TopUpScreen"
        assert walk.shows("十分钟内无人批准" if how == "expired" else "未获批准")
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []


async def test_nobody_tells_that_the_time_is_over_so_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyuan.screens.waiting.LASTS_S", 0.01)
    monkeypatch.setattr("huiyuan.screens.waiting.AGAIN_S", 0.05)
    async with walking(limited(), "en") as walk:
        document = await ask_elsewhere(walk)
        assert walk.name == "WaitingSheet", "the server still lets it be signed"
        walk.fake.approvals.states[document] = ProposalNews("expired")
        assert await walk.until("Nobody signed within ten minutes")
        assert walk.fake.ledger.of_kind(Kind.TOP_UP) == []


def waiting(number: str = "1002", *, state: str = "open") -> Proposal:
    """Somebody in another store asks for a top-up."""
    document = Document(
        id=UUID(int=77), kind=Kind.TOP_UP, session=9, number=5, occurred_at=NOON, total_minor=60000,
        tenders=(Tender("cash", 60000),), reason=HOSTILE,
    )  # fmt: skip
    return Proposal(
        asked=Proposed(document.id, "a" * 64), document=document, store="S02", terminal="01",
        by_number=number, by_name="李娜", at=NOON, expires_at=NOON + timedelta(minutes=10),
        total_minor=60000, own=False, state=state,
    )  # fmt: skip


@pytest.mark.parametrize(("lang", "said"), [("zh_CN", "已授权"), ("en", "Approved.")])
async def test_whoever_may_sign_sees_it_come_opens_it_and_signs(lang: str, said: str) -> None:
    async with walking(lang=lang) as walk:
        await walk.sign_in("2001")
        await walk.press("ctrl+y", "1")
        assert not [row for row in walk.text.splitlines() if "S02-01" in row]
        walk.fake.sign_in.listed = [waiting(), waiting("2001")]
        walk.fake.approvals.moved()
        await walk.settle()
        assert walk.shows("S02-01", "600.00")
        assert walk.fits()
        await walk.press("enter")
        assert walk.fake.approvals.looked == [UUID(int=77)]
        assert walk.shows("1002 李娜", "¥600.00")
        await walk.press("f2")
        assert UUID(int=77) in walk.fake.ledger.approved
        assert walk.shows(said)


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("zh_CN", ("原单 S02-01-000004", "会员：李娜", "退回：2 x 可口可乐 330ml", "西湖龙井茶")),
        ("en", ("Of receipt S02-01-000004", "Member: 李娜", "Comes back: 2 x", "168.00")),
    ],
)
async def test_what_it_concerns_is_told_by_name(lang: str, parts: tuple[str, ...]) -> None:
    async with walking(lang=lang) as walk:
        await walk.sign_in("2001")
        walk.fake.sign_in.listed = [
            replace(
                waiting(),
                goods=(
                    ProposedGoods("西湖龙井茶 250g", 1000, 16800, False),
                    ProposedGoods("可口可乐 330ml", 2000, 700, True),
                ),
                of_receipt="S02-01-000004",
                member="李娜",
            )
        ]
        await walk.press("ctrl+y", "1", "enter")
        assert walk.shows(*parts)
        assert walk.fits()


async def test_home_tells_who_may_sign_that_something_waits_as_it_comes_and_goes() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        assert "授权等您处理" not in walk.text
        walk.fake.sign_in.listed = [waiting()]
        walk.fake.approvals.moved()
        await walk.settle()
        assert walk.shows("有 1 项授权等您处理")
        walk.fake.sign_in.listed = []
        walk.fake.approvals.moved()
        await walk.settle()
        assert "授权等您处理" not in walk.text
        await walk.press("f2")
        assert walk.fake.approvals.watchers == []  # the sale listens to nothing


async def test_a_cashier_is_told_of_no_approval() -> None:
    async with walking() as walk:
        await walk.sign_in()
        walk.fake.sign_in.listed = [waiting()]
        assert walk.fake.approvals.watchers == []
        await walk.press("f2", "escape")
        assert "授权等您处理" not in walk.text


async def test_a_no_is_a_no() -> None:
    async with walking() as walk:
        await walk.sign_in("2001")
        walk.fake.sign_in.listed = [waiting()]
        await walk.press("ctrl+y", "1", "enter", "f4")
        assert walk.fake.approvals.states[UUID(int=77)].state == "declined"
        assert UUID(int=77) not in walk.fake.ledger.approved


async def test_a_cashier_has_no_such_list() -> None:
    async with walking() as walk:
        await walk.sign_in()
        await walk.press("ctrl+y", "1")
        assert walk.name != "ApprovalsScreen"
