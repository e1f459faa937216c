"""Slips as bytes: nothing from outside becomes a command, and columns stay columns (bad input 10, 11, 25)."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from huiyuan.devices.printing.encoder import LEFT_OUT, encode_line, encode_slip, missing
from huiyuan.devices.printing.profile import Encoding
from huiyuan.domain.model.cells import cells, plain
from huiyuan.domain.model.receipt import Receipt, SlipPaper, as_copy, printer_test
from tests.devices.paper_view import Misprint, PaperView
from tests.domain.slips import every_slip

ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)
HOSTILE = (
    "Li\x1bp\x00\x19\xfa",
    "\x1dV\x00",
    "\x10\x14\x01",
    "\x1b@",
    "\x10\x14\x01\x00\x01",
    "\x9b2J",
    "a\rb\x7f",
)


def printed(*lines: str, encoding: Encoding = "gb18030", opens_drawer: bool = False) -> PaperView:
    """These lines on paper wide enough for anything."""
    receipt = Receipt("S01-1-000001", 200, lines, opens_drawer=opens_drawer)
    job = encode_slip(receipt, encoding, cuts=True, drawer="queued")
    return PaperView(400, font_of(encoding)).feed(job)


def font_of(encoding: Encoding) -> str:
    """What the printer's own characters are in; lines that nobody draws are sent as GB18030."""
    return "gb18030" if encoding == "raster" else encoding


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_opens_no_drawer_and_cuts_no_paper(name: str, encoding: Encoding) -> None:
    paper = printed(name, "x" + plain(name), encoding=encoding)
    assert (paper.queued_pulses, paper.cuts) == (0, 1)
    assert all(byte >= 0x20 for byte in encode_line(name, encoding))


def test_control_the_reader_finds_what_a_name_would_do_unguarded() -> None:
    for name in ("Li\x1bp\x00\x19\xfa", "\x1dVB\x00"):
        paper = PaperView(32).feed(b"\x1b@" + name.encode("latin-1") + b"\n")
        assert paper.queued_pulses + paper.cuts == 1
    with pytest.raises(Misprint):
        PaperView(32).feed(b"\x1b@\x1c&" + "𠮷".encode("gb18030"))
    with pytest.raises(Misprint):
        PaperView(4).feed(b"12345\n")


def test_rare_characters_become_a_wide_question_mark_and_money_its_sign() -> None:
    paper = printed("会员𠮷😀|", "¥12.50 • é € 镕 䶮|", encoding="gb18030")
    assert paper.lines == ["会员？？|", "￥12.50 · é € 镕 䶮|", LEFT_OUT]
    assert printed("镕 é €", encoding="gb2312").lines == ["？ é ？", LEFT_OUT]
    assert printed("会员？", encoding="gb2312").lines == ["会员？"]  # somebody wrote it
    assert printed("会员𠮷 ¥1", encoding="utf-8").lines == ["会员𠮷 ￥1"]


def test_every_slip_has_all_its_characters_in_the_smallest_font() -> None:
    slips = (slip for language in ("zh_CN", "en") for slip in every_slip(language, 32).values())
    assert {line for slip in slips for line in slip.lines if missing(line, "gb2312")} == set()


@pytest.mark.parametrize("template", ["{0.__class__}", "%n%s%x", "{{7*7}}", "${x}"])
def test_a_template_is_a_text(template: str) -> None:
    assert printed(template).lines == [template]


@pytest.mark.parametrize("encoding", [each for each in ENCODINGS if each != "utf-8"])
@given(st.text(max_size=60))
def test_any_text_prints_in_as_many_cells_as_were_counted(encoding: Encoding, text: str) -> None:
    clean = plain(text)
    line = encode_line(clean, encoding)
    assert len(line) == cells(clean)
    assert min(line, default=32) >= 32
    assert 0x7F not in line or encoding  # the second half of a pair may be anything from 0x40 on
    PaperView(400, font_of(encoding)).feed(b"\x1c&" + line + b"\n")


@given(st.text(max_size=60))
def test_text_that_nobody_cleaned_prints_without_a_control_byte(text: str) -> None:
    for encoding in ENCODINGS:
        assert min(encode_line(text, encoding), default=32) >= 32
        printed(text, encoding=encoding)


def test_only_the_slip_itself_opens_the_drawer_and_a_copy_never() -> None:
    sale = Receipt("S01-1-000001", 32, ("合计",), opens_drawer=True, tall=(0,))
    kicks = [
        PaperView(32).feed(encode_slip(each, "gb18030", cuts=True, drawer="queued")).queued_pulses
        for each in (sale, as_copy(sale), replace(sale, is_copy=True), replace(sale, opens_drawer=False))
    ]
    assert kicks == [1, 0, 0, 0]
    assert PaperView(32).feed(encode_slip(sale, "gb18030", cuts=False)).queued_pulses == 0


def test_tall_lines_are_tall_and_a_copy_moves_them_down() -> None:
    sale = Receipt("S01-1-000001", 32, ("好味茶行", "合计 1.00"), tall=(1,))
    assert PaperView(32).feed(encode_slip(sale, "gb18030", cuts=True)).tall == [1]
    copy = PaperView(32).feed(encode_slip(as_copy(sale), "gb18030", cuts=True))
    assert copy.tall == [2]
    assert "副本" in copy.lines[0]


@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_test_page_fills_the_paper_and_no_more(columns: int, language: str, encoding: Encoding) -> None:
    page = printer_test(SlipPaper(language, columns, 2), encoding=encoding, at="2026-03-01 09:30")
    paper = PaperView(columns, font_of(encoding)).feed(encode_slip(page, encoding, cuts=True))
    assert paper.lines[1] == "-" * columns
    assert len([line for line in paper.lines if line != LEFT_OUT][-1]) == columns
    assert any("龘" in line or "？" in line for line in paper.lines)
