"""The label at a shelf."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.cells import cells
from huiyuan.domain.model.label import Content, content_of, measure_price, price_label
from huiyuan.domain.model.receipt import SlipPaper
from tests.domain.builders import product

DAY = date(2026, 11, 23)


def goods(name: str, price_minor: int, **fields: object) -> Product:
    return replace(product(1, price_minor), name=name, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "milli", "unit"),
    [
        ("可口可乐 330ml", 330, "l"), ("牛奶 1.5L", 1500, "l"), ("大米 5kg", 5000, "kg"),
        ("茶 250 克", 250, "kg"),
        ("酸奶 6*125g", 750, "kg"), ("酸奶 125g x 6", 750, "kg"),
        ("水 24×500毫升", 12000, "l"), ("油 5升", 5000, "l"),
        ("盐 0.5公斤", 500, "kg"), ("糖 500g 500g", 500, "kg"),
    ],
)  # fmt: skip
def test_what_is_in(text: str, milli: int, unit: str) -> None:
    found = content_of(text)
    assert found is not None
    assert found == Content(Fraction(milli), unit)


@pytest.mark.parametrize(
    "text", ["", "5G手机", "XL", "12 pieces", "0g", "500g 装 + 赠 20g", "3 gloves", "100 lamps", "1..5l", "L"]
)
def test_what_says_no_content_or_two(text: str) -> None:
    assert content_of(text) is None


@pytest.mark.parametrize(
    ("made", "found"),
    [
        (goods("可乐 330ml", 330), (1000, "l")),
        (goods("茶 250g", 8_850), (35_400, "kg")),
        (goods("酱油", 999, spec="150ml"), (6660, "l")),
        (goods("小 3g", 1), (333, "kg")),
        (goods("苹果 500g", 990, sold_by="weight", base_unit="kg"), None),
        (goods("500g", 0, open_price=True), None),
        (goods("毛巾", 1500), None),
    ],
)
def test_the_price_for_a_measure(made: Product, found: tuple[int, str] | None) -> None:
    assert measure_price(made) == found


@given(st.integers(1, 10**7), st.integers(1, 99_999))
def test_the_price_for_a_measure_is_the_nearest_fen(price_minor: int, grams: int) -> None:
    found = measure_price(goods(f"x {grams}g", price_minor))
    assert found is not None
    assert abs(Fraction(price_minor * 1000, grams) - found[0]) <= Fraction(1, 2)


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize(("lang", "words"), [("zh_CN", "会员价"), ("en", "Members")])
def test_a_label_fits_its_paper_and_says_the_prices(columns: int, lang: str, words: str) -> None:
    milk = goods("很长很长的名字" * 9, 1290, spec="950ml", lists=(("gold", 1100), ("member", 1190)))
    label = price_label(milk, SlipPaper(lang, columns, 2), barcode="6901234567892", on=DAY)
    text = "\n".join(label.lines)
    assert all(cells(line) <= columns for line in label.lines)
    assert ("12.90" in text, "11.90" in text, words in text) == (True, True, True)
    assert "11.00" not in text, "what a tier pays is not for the shelf"
    assert ("13.58" in text, "2026-11-23" in text, label.bars) == (True, True, "6901234567892")
    assert not label.opens_drawer


def test_a_member_price_that_is_no_lower_is_left_out_and_a_code_stands_for_a_barcode() -> None:
    label = price_label(
        goods("皂", 500, lists=(("member", 500),)), SlipPaper("zh_CN", 32, 2), barcode="", on=DAY
    )
    assert "会员价" not in "\n".join(label.lines)
    assert label.bars == product(1, 500).code
