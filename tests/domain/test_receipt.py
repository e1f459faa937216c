"""Slips: every line fits the paper in cells, and no name can speak to the printer."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.cells import cells, centre, cut, plain, spread, wrap
from huiyuan.domain.model.document import (
    Adjustment,
    Document,
    Grant,
    Kind,
    ReturnLine,
    SaleLine,
    TaxRow,
    Tender,
)
from huiyuan.domain.model.receipt import COLUMNS_58MM, COLUMNS_80MM, mask_number
from huiyuan.domain.model.slip import SlipFacts, render_slip
from huiyuan.domain.model.slip_words import SLIP_WORDS
from tests.domain.builders import AT, hello, posted, uid
from tests.domain.slips import every_slip

SALE = Document(
    id=uid(5),
    kind=Kind.SALE,
    session=9,
    number=42,
    occurred_at=AT,
    total_minor=1900,
    lines=(SaleLine(1, 3, 2000, 1000, 2000, 1900),),
    adjustments=(Adjustment(1, "tier", 100, rule=1, version=1),),
    taxes=(TaxRow("V13", 1300, 1900, 219),),
    tenders=(Tender("stored", 900, wallet=7), Tender("cash", 1000, given_minor=2000)),
    grants=(Grant("points", 3, 1, 19),),
)
POSTED = posted(
    total_minor=1900,
    change_minor=1000,
    balances=[{"wallet": 7, "principal": 4100, "bonus": 1000, "points": 29, "points_debt": 2}],
)
FACTS = SlipFacts(
    hello=hello(),
    staff_name="李四",
    language="zh_CN",
    product_names=((1, "龙井茶"),),
    card_number="8800112233",
)


def test_points_stand_by_thousands_as_amounts_do() -> None:
    held = [{"wallet": 7, "principal": 0, "bonus": 0, "points": 1_234_567, "points_debt": 12_000}]
    given = replace(SALE, grants=(Grant("points", 3, 1, 45_000),))
    text = "\n".join(
        render_slip(given, replace(POSTED, balances=posted(balances=held).balances), FACTS).lines
    )
    for figure in ("1,234,567", "12,000", "+45,000"):
        assert figure in text


def test_a_sale_slip_in_chinese_reads_like_this() -> None:
    assert "\n".join(render_slip(SALE, POSTED, FACTS).lines) == (
        """\
            好味茶行
           人民广场店
          上海市黄浦区
        ** 演示 DEMO **
            销售小票
单号              SH01-01-000042
时间   2026-03-01 09:30:01+00:00
收银员                      李四
卡号                  ******2233
--------------------------------
龙井茶
  2 x 10.00                20.00
  会员优惠                 -1.00
--------------------------------
共优惠                      1.00
合计                       19.00
储值支付                    9.00
现金                       20.00
找零                       10.00
含税 13%                    2.19
本次积分                     +19
--------------------------------
储值余额                   51.00
  本金                     41.00
  赠金                     10.00
积分余额                      29
欠积分                         2
--------------------------------
校验                    deadbeef
            谢谢惠顾
        ** 演示 DEMO **"""
    )


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        ({"valid_to": "2028-11-22"}, ["有效期至              2028-11-22"]),
        (
            {"type": "金卡", "was_type": "银卡"},
            [
                "原卡类型                    银卡",
                "现卡类型                    金卡",
                "有效期至                长期有效",
            ],
        ),
    ],
)
def test_a_renewal_prints_the_last_day_and_another_type_both(terms: dict[str, str], told: list[str]) -> None:
    document = replace(
        SALE, kind=Kind.CARD_RENEWAL, lines=(), adjustments=(), taxes=(), tenders=(), grants=()
    )
    lines = render_slip(document, posted(terms=[{"card": 4, **terms}]), FACTS).lines
    assert [line for line in lines if line.startswith(("有效", "原卡", "现卡"))] == told


def test_a_copy_says_so_and_leaves_the_drawer_shut() -> None:
    first = render_slip(SALE, POSTED, FACTS)
    copy = render_slip(SALE, POSTED, replace(FACTS, is_copy=True))
    assert (first.opens_drawer, copy.opens_drawer) == (True, False)
    assert not any("COPY" in line for line in first.lines)
    assert any("COPY" in line for line in copy.lines)


def test_no_demo_mark_on_a_real_chain() -> None:
    real = render_slip(SALE, POSTED, replace(FACTS, hello=hello(demo=False)))
    assert not any("DEMO" in line for line in real.lines)


def test_the_close_of_a_shift_prints_the_count_and_the_digest_of_heads() -> None:
    close = Document(uid(6), Kind.SHIFT_CLOSE, 9, 43, AT, 0, shift=uid(4), counted_minor=9900)
    answer = posted(
        uid(6), kind="shift_close", expected_minor=10_000, over_short_minor=-100, heads="cafe" * 16
    )
    lines = render_slip(close, answer, replace(FACTS, language="en")).lines
    text = "\n".join(lines)
    assert "Counted cash               99.00" in text
    assert "Over/short                 -1.00" in text
    assert "".join(lines).count("cafe") == 16


def test_no_slip_is_ruled_twice_where_a_part_is_empty() -> None:
    lost = Document(uid(6), Kind.CARD_LOST, 9, 43, AT, 0, reason="asked")
    slips = {**every_slip("zh_CN", 32), "lost": render_slip(lost, posted(uid(6), kind="card_lost"), FACTS)}
    for name, slip in slips.items():
        ruled = [set(line.strip()) == {"-"} for line in slip.lines]
        assert any(ruled), name
        assert not any(one and other for one, other in pairwise(ruled)), f"{name}: {slip.lines}"


def test_a_pass_without_a_count_prints_no_use() -> None:
    sold = replace(SALE, kind=Kind.PASS_SALE, lines=(), adjustments=(), grants=(Grant("pass", 6, 1, 1),))
    facts = replace(FACTS, language="en", rule_names=((6, "Gym"),))
    counted = render_slip(sold, POSTED, facts).lines
    assert any(line.endswith("+1") for line in counted)
    free = render_slip(sold, POSTED, replace(facts, countless=frozenset({6}))).lines
    assert "Pass uses             any number" in free
    assert not any("+1" in line for line in free)


def test_a_payout_that_is_undone_prints_what_cash_came_in_and_where_it_went() -> None:
    undone = Document(uid(6), Kind.REVERSAL, 9, 43, AT, 8000, of=uid(5), reason="wrong")
    answer = posted(
        uid(6),
        kind="reversal",
        total_minor=8000,
        postings=[
            {"n": 1, "demand": "settle", "unit": "CNY", "debit": "cash", "credit": "principal",
             "amount": 8000,
             "method": "cash"},
        ],
    )  # fmt: skip
    lines = render_slip(undone, answer, replace(FACTS, language="en")).lines
    assert "Back to Principal          80.00" in lines
    assert "Received Cash              80.00" in lines


def test_till_numbers_that_moved_no_drawer_are_not_counted_to_it() -> None:
    lines = every_slip("en", 32)["z_report"].lines
    place = lines.index("Till 001           000012-000048")
    assert lines[place + 1] == "  of this drawer              36"
    assert "Till 002           000003-000003" in lines
    assert sum("of this drawer" in line for line in lines) == 1


def test_a_return_prints_where_the_money_goes() -> None:
    back = Document(uid(6), Kind.RETURN, 9, 43, AT, 900, of=uid(5), lines=(ReturnLine(1, 1, 1000),))
    refund = {
        "n": 1,
        "demand": "refund",
        "unit": "CNY",
        "debit": "revenue",
        "credit": "principal",
        "amount": 900,
    }
    lines = render_slip(back, posted(total_minor=900, postings=[refund]), replace(FACTS, language="en")).lines
    assert "Back to Principal           9.00" in lines


def test_a_return_names_what_the_least_coin_left_out_so_that_its_lines_add_up() -> None:
    back = Document(uid(6), Kind.RETURN, 9, 43, AT, 901, of=uid(5), lines=(ReturnLine(1, 1, 1000),))
    row = {"n": 1, "demand": "refund", "unit": "CNY", "debit": "revenue", "credit": "cash", "amount": 901}
    odd = {"n": 2, "demand": "rounding", "unit": "CNY", "debit": "cash", "credit": "rounding", "amount": 1}
    answer = posted(total_minor=901, postings=[row, odd])
    lines = render_slip(back, answer, replace(FACTS, language="en")).lines
    assert "Back to Cash                9.00" in lines
    assert "  Cash rounding            -0.01" in lines


HOSTILE = [
    "Li\x1bp\x00\x19\xfa",
    "\x1dV\x00",
    "\x10\x14\x01",
    "a\u202eb",
    "会员𠮷😀" * 9,
    "{0.__class__}",
    "",
]


@pytest.mark.parametrize("columns", [COLUMNS_58MM, COLUMNS_80MM])
@pytest.mark.parametrize("language", list(SLIP_WORDS))
@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_the_paper_or_reaches_the_drawer(name: str, language: str, columns: int) -> None:
    facts = replace(
        FACTS,
        staff_name=name,
        product_names=((1, name),),
        language=language,
        columns=columns,
        card_number=name,
    )
    for line in render_slip(SALE, POSTED, facts).lines:
        assert cells(line) <= columns
        assert all(ord(char) >= 32 and not 0x7F <= ord(char) < 0xA0 for char in line)
        assert "\u202e" not in line


def test_both_languages_have_the_same_words() -> None:
    words = [set(table) for table in SLIP_WORDS.values()]
    assert words[0] == words[1] >= {f"title_{kind}" for kind in Kind} | {f"kind_{kind}" for kind in Kind}


@given(st.text(max_size=40), st.integers(2, 60))
def test_widths_are_kept_in_cells(text: str, columns: int) -> None:
    text = plain(text)
    assert cells(cut(text, columns)) <= columns
    assert cells(centre(text, columns)) <= columns
    assert "".join(wrap(text, columns)) == text
    assert all(cells(line) <= columns for line in wrap(text, columns))
    assert all(cells(line) <= columns for line in spread(text, "12.50", columns))


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("龙井", 4), ("e\u0301", 1), ("Ａ", 2), ("😀", 2)])
def test_a_chinese_character_is_two_cells(text: str, width: int) -> None:
    assert cells(text) == width


def test_a_card_number_shows_its_end_only() -> None:
    assert mask_number("880000000011") == "********0011"
    assert mask_number("11") == "11"
