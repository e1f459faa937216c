"""A group order as plain facts: the tier that stands, when it ends, and the document that closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.group_order import (
    GroupOrder,
    GroupPlace,
    GroupSeries,
    GroupTier,
    read_end,
    read_pieces,
    tiers_in_order,
)
from huiyuan.domain.usecases.group_orders import closing_document

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=timezone(timedelta(hours=8)))
SMALL, LARGE = (
    GroupTier(pieces * 1000, GroupSeries(rule, "券", 2, "off", off_minor=off, least_minor=1000))
    for pieces, rule, off in ((3, 71, 100), (6, 72, 250))
)


def order(*places: tuple[int, int], left: tuple[int, int] = (0, 0)) -> GroupOrder:
    """An order in which these members have so many pieces; `left` one that was left."""
    rows = [
        GroupPlace(UUID(int=n), member, f"M{member}", "某", pieces * 1000, NOW, "某")
        for n, (member, pieces) in enumerate((*places, left), start=1)
    ]
    rows[-1] = replace(rows[-1], left_at=NOW)
    return GroupOrder(
        id=UUID(int=99), product=1, code="MILK", name="牛奶", organiser="某", closes_at=NOW, opened_at=NOW,
        opened_by="某", state="open", qty_milli=sum(pieces for _, pieces in places) * 1000,
        members=len(places), most_milli=10_000, tiers=(SMALL, LARGE), places=tuple(rows),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pieces", "stands", "following"),
    [(0, None, SMALL), (2, None, SMALL), (3, SMALL, LARGE), (5, SMALL, LARGE), (6, LARGE, None)],
)
def test_the_highest_tier_that_is_reached_stands(
    pieces: int, stands: GroupTier | None, following: GroupTier | None
) -> None:
    found = order((1, pieces)) if pieces else order()
    assert (found.tier, found.next_tier) == (stands, following)


def closed(found: GroupOrder) -> list[tuple[str, str | None, int | None, int | None]]:
    document = closing_document(
        found, id=UUID(int=5), number=1, at=NOW.astimezone(UTC), session=1, reason="团购",
        code_of=lambda n: (f"{n:064x}", f"{n:04}"),
    )  # fmt: skip
    assert document.group_order == found.id
    assert document.total_minor == len(document.coupons) * 100
    return [(row.token[-1], row.last, row.rule, row.holder) for row in document.coupons]


def test_every_piece_that_stands_has_a_code_and_who_left_has_none() -> None:
    assert closed(order((7, 2), (8, 1), left=(9, 4))) == [
        ("1", "0001", 71, 7), ("2", "0002", 71, 7), ("3", "0003", 71, 8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("found", "facts"),
    [
        (order((7, 2)), {"why": "short", "qty_milli": 1000}),
        (replace(order((7, 3)), state="closed"), {"why": "closed"}),
        (replace(order((7, 3)), state="called_off"), {"why": "called_off"}),
        (
            replace(order((7, 3)), tiers=(replace(SMALL, series=replace(SMALL.series, version=None)), LARGE)),
            {"why": "series"},
        ),
    ],
)
def test_what_cannot_be_closed_is_not(found: GroupOrder, facts: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        closed(found)
    assert refused.value.facts == facts


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        ("1", (2026, 11, 23, 23, 59)),
        ("365", (2027, 11, 22, 23, 59)),
        ("12-31", (2026, 12, 31, 23, 59)),
        ("11-22 18:00", (2026, 11, 22, 18, 0)),
        ("2-1 9:05", (2027, 2, 1, 9, 5)),
        ("2027-02-01", (2027, 2, 1, 23, 59)),
        ("１１-２３ １８：００", (2026, 11, 23, 18, 0)),
    ],
)
def test_an_end_is_read(typed: str, end: tuple[int, int, int, int, int]) -> None:
    assert read_end(typed, NOW) == datetime(*end, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize(
    "typed", ["", "0", "366", "x", "13-1", "2-30", "2025-12-31", "11-22 15:30", "11-21", "1-1 25:00"]
)
def test_what_is_no_end_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_end(typed, NOW)
    assert refused.value.facts == {"why": "closes"}


def test_pieces_and_tiers_are_read() -> None:
    assert read_pieces(" 7 ", 7) == 7000
    for typed in ("0", "8", "-1", "1.5", "", "²", "10000"):
        with pytest.raises(Refused):
            read_pieces(typed, 7)
    assert tiers_in_order([LARGE, SMALL]) == (SMALL, LARGE)
    for wrong in ([], [SMALL, SMALL], [SMALL, replace(LARGE, from_milli=3000)], [SMALL] * 10):
        with pytest.raises(Refused):
            tiers_in_order(wrong)
