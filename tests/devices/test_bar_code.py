"""Bars on a label: read back, by a reader written from the standards, as what they were made of."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.devices.printing.bar_code import BARS_MOST, HEIGHT_DOTS, MODULE_DOTS, bars, bars_dots
from huiyuan.devices.printing.dots import MORE_INK
from huiyuan.devices.printing.encoder import encode_slip
from huiyuan.devices.ring import masked
from huiyuan.domain.model.receipt import Receipt
from tests.devices.paper_view import PaperView

# ISO/IEC 15420: the seven modules of a figure in number set A; B is A backwards inverted, C is A inverted.
SET_A: Final = re.findall(
    r"\w+",
    "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011",
)
SET_C: Final = [figure.translate(str.maketrans("01", "10")) for figure in SET_A]
SET_B: Final = [figure[::-1] for figure in SET_C]
PARITY: Final = re.findall(
    r"\w+",
    "AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA",
)
# ISO/IEC 15417: widths of bar and space by value; 104 starts set B, 106 stops.
WIDTHS: Final = re.findall(
    r"\w+",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 "
    "112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 "
    "311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232",
)
STOP: Final = "2331112"


def read_ean(modules: str) -> str:
    assert (len(modules), modules[:3], modules[45:50], modules[-3:]) == (95, "101", "01010", "101")
    left = [modules[at : at + 7] for at in range(3, 45, 7)]
    right = [modules[at : at + 7] for at in range(50, 92, 7)]
    parity = "".join("A" if figure in SET_A else "B" for figure in left)
    known = {"A": SET_A, "B": SET_B}
    inner = [known[kind].index(figure) for kind, figure in zip(parity, left, strict=True)]
    figures = [PARITY.index(parity), *inner, *map(SET_C.index, right)]
    assert sum(figure * (3 if at % 2 else 1) for at, figure in enumerate(figures)) % 10 == 0
    return "".join(map(str, figures))


def read_128(modules: str) -> str:
    runs, at = "", 0
    while at < len(modules):
        end = next((n for n in range(at, len(modules)) if modules[n] != modules[at]), len(modules))
        runs, at = runs + str(end - at), end
    assert runs.endswith(STOP)
    values = [WIDTHS.index(runs[at : at + 6]) for at in range(0, len(runs) - len(STOP), 6)]
    start, *told, check = values
    assert (start + sum(n * value for n, value in enumerate(told, 1))) % 103 == check
    text, in_pairs = "", start == 105
    assert start in {104, 105}
    for value in told:
        if in_pairs and value < 100:
            text += f"{value:02d}"
        elif value in {99, 100}:
            in_pairs = value == 99
        else:
            text += chr(value + 32)
    return text


def seen(text: str, columns: int) -> str:
    """The modules of the one picture, at whatever margin, every row of it alike."""
    ((wide, dots, high),) = PaperView(columns).feed(bars_dots(text, columns)).pictures
    rows = {dots[at : at + wide] for at in range(0, len(dots), wide)}
    assert (len(dots) // wide, high, len(rows)) == (HEIGHT_DOTS, 1, 1)
    bits = "".join(f"{byte:08b}" for byte in rows.pop()).strip("0")
    assert len(bits) % MODULE_DOTS == 0
    return bits[::MODULE_DOTS]


def ean(twelve: int) -> str:
    digits = f"{twelve:012d}"
    return digits + str(-sum(int(d) * (3 if at % 2 else 1) for at, d in enumerate(digits)) % 10)


@settings(deadline=None)
@given(st.integers(0, 10**12 - 1), st.sampled_from([32, 42, 48]))
def test_an_ean_is_read_back_from_its_dots_and_told_to_the_printer(twelve: int, columns: int) -> None:
    code = ean(twelve)
    assert read_ean(seen(code, columns)) == code
    assert PaperView(columns).feed(bars(code, columns)).bars == [("ean13", code)]


@settings(deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=122), min_size=1, max_size=BARS_MOST))
def test_any_other_code_is_read_back_or_left_out(code: str) -> None:
    for columns in (32, 42, 48):
        told = PaperView(columns).feed(bars(code, columns)).bars
        if bars_dots(code, columns):
            assert read_128(seen(code, columns)) == code
            assert told == [("code128", code)]
        else:
            assert told == []
            assert len(code) > 11, "so many fit 58 mm"


@pytest.mark.parametrize("code", ["", "茶-1", "a{b", "a\x1bp", "x" * 33, "６９０１２３４５６７８９２"])
def test_what_has_no_bars_makes_none(code: str) -> None:
    assert bars(code, 48) == bars_dots(code, 48) == b""


def test_a_wrong_last_figure_makes_no_ean() -> None:
    """A till would refuse the scan; the text is what stands in the catalogue, so its bars say the same."""
    assert PaperView(48).feed(bars("6901234567893", 48)).bars == [("code128", "6901234567893")]


def test_no_byte_of_the_bars_is_changed_for_the_printer_s_sake() -> None:
    for twelve in range(690_123_400_000, 690_123_400_200):
        ((_, dots, _),) = PaperView(32).feed(bars_dots(ean(twelve), 32)).pictures
        assert dots.translate(MORE_INK) == dots


def test_bars_come_last_before_the_cut_and_leave_no_text_in_a_report() -> None:
    label = Receipt("L", 32, ("MILK",), bars="MILK-1L")
    for code, told in (("native", [("code128", "MILK-1L")]), ("raster", []), ("none", [])):
        data = encode_slip(label, "gb18030", cuts=True, code=code)  # type: ignore[arg-type]
        paper = PaperView(32).feed(data)
        assert (paper.bars, len(paper.pictures), paper.cuts) == (told, int(code == "raster"), 1)
        assert len(masked(data)) == len(data)
        assert b"MILK" not in masked(data)
        PaperView(32).feed(masked(data))
