"""Shelf labels on the screen: scanned, listed by the day on which prices change, printed once, jams said."""

from __future__ import annotations

import pytest

from tests.screens.walk import Walk, walking


async def to_labels(walk: Walk) -> None:
    await walk.sign_in("1001")
    await walk.press("ctrl+y", "8")
    assert walk.name == "LabelScreen"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh_CN", ("价签打印", "价签已全部打出", "售价")),
        ("en", ("Shelf labels", "All labels are out", "Price")),
    ],
)
async def test_labels_of_what_was_scanned_are_printed_each_once(lang: str, words: tuple[str, ...]) -> None:
    """Three of the cola with its barcode, one of the tea with its code; nothing is booked."""
    async with walking(lang=lang) as walk:
        await to_labels(walk)
        opened = list(walk.fake.ledger.entries)
        goods = {product.code: product for product in walk.fake.catalogue.goods()}
        walk.fake.catalogue.barcodes = {goods["COLA"].id: "6901234567892"}
        await walk.type("3*COLA")
        await walk.type("TEA")
        walk.fits()
        assert walk.shows(words[0], "COLA", "TEA")
        await walk.press("f2")
        assert walk.shows(words[1])
        labels = walk.fake.printer.receipts
        assert [label.bars for label in labels] == ["6901234567892"] * 3 + ["TEA"]
        assert all(words[2] in "".join(label.lines) for label in labels)
        assert not any(label.opens_drawer for label in labels)
        assert list(walk.fake.ledger.entries) == opened
        await walk.press("f2")
        assert len(labels) == 4


async def test_the_goods_whose_price_changes_are_listed_once_beside_what_was_scanned() -> None:
    async with walking() as walk:
        await to_labels(walk)
        walk.fake.catalogue.changed = ("COLA", "TEA")
        await walk.type("2*TEA")
        await walk.press("f6")
        assert walk.fake.catalogue.freshened[-1:] == [True], "a price of a minute ago is on the list"
        await walk.press("enter")
        assert walk.shows("1 种商品变价", "COLA")
        await walk.press("f2")
        printed = sorted(label.number for label in walk.fake.printer.receipts)
        assert printed == ["价签 COLA", "价签 TEA", "价签 TEA"]


async def test_a_day_that_is_none_is_refused_in_words_and_the_list_stays() -> None:
    async with walking() as walk:
        await to_labels(walk)
        await walk.type("TEA")
        await walk.press("f6")
        await walk.type("2026-02-30")
        assert walk.shows("日期")
        assert walk.name == "Entry"
        await walk.press("escape")
        assert walk.shows("TEA")


async def test_without_paper_they_wait_and_are_counted() -> None:
    async with walking() as walk:
        await to_labels(walk)
        walk.fake.printer.broken = True
        await walk.type("2*TEA")
        await walk.press("f2")
        assert walk.shows("还有 2 张价签未打出（缺纸）")
        assert walk.fake.printer.receipts == []


async def test_a_disk_that_is_full_keeps_the_list() -> None:
    async with walking() as walk:
        await to_labels(walk)
        walk.fake.print_jobs.full = True
        await walk.type("TEA")
        await walk.press("f2")
        assert walk.shows("TEA")
        walk.fake.print_jobs.full = False
        await walk.press("f2")
        assert len(walk.fake.printer.receipts) == 1


async def test_the_price_check_goes_to_a_label_of_what_it_shows() -> None:
    async with walking() as walk:
        await walk.sign_in("1001")
        await walk.press("ctrl+y", "m")
        await walk.type("TEA")
        await walk.press("f4")
        assert walk.name == "LabelScreen"
        assert walk.shows("TEA")
        await walk.press("escape", "enter")
        assert walk.name == "ItemInfoScreen"
