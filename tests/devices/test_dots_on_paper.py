"""What is drawn as dots: rare characters, whole slips, codes, logos; for every profile a printer may have."""

from __future__ import annotations

import itertools
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.devices.printing import drawn_lines
from huiyuan.devices.printing.art import Art
from huiyuan.devices.printing.dots import COMMANDS_BEGIN, paper_bytes, picture
from huiyuan.devices.printing.drawn_lines import LINE_DOTS, LineArtist, find_artist, logo
from huiyuan.devices.printing.encoder import LEFT_OUT, Drawn, encode_line, encode_slip, encode_trials
from huiyuan.devices.printing.profile import Code, Encoding, PrinterProfile, Rare
from huiyuan.devices.printing.qr_code import CODE_MOST, qr, qr_dots
from huiyuan.devices.ring import masked
from huiyuan.domain.model.cells import cells
from huiyuan.domain.model.devices import TRIED_TEXTS
from huiyuan.domain.model.receipt import Receipt, SlipPaper, as_copy
from tests.devices.paper_view import Misprint, PaperView
from tests.domain.slips import every_slip

ARTIST = find_artist()
needs_font = pytest.mark.skipif(ARTIST is None, reason="no font with Chinese characters (fonts-noto-cjk)")
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
PROFILES = [
    PrinterProfile(url="tcp://127.0.0.1", columns=columns, encoding=encoding, rare=rare, code=code)
    for columns, encoding, rare, code in itertools.product(
        (32, 42, 48), get_args(Encoding), get_args(Rare), get_args(Code)
    )
]


def artist() -> LineArtist:
    assert ARTIST is not None
    return ARTIST


def job_of(receipt: Receipt, profile: PrinterProfile, art: Art) -> bytes:
    return encode_slip(
        receipt, profile.encoding, cuts=True, drawer="queued", code=profile.code, drawn=art.drawn(profile)
    )


ART = Art()


@settings(max_examples=200)
@given(st.sampled_from(PROFILES), ANY_TEXT, ANY_TEXT)
def test_any_text_prints_under_every_profile(profile: PrinterProfile, text: str, code: str) -> None:
    """No exception, no byte that is a command, no line wider than the paper, no pulse to the drawer."""
    paper = SlipPaper("zh_CN", profile.columns, 2)
    lines = [*paper.text(text), *paper.pair(text, "12.50"), *paper.centred(text)]
    receipt = replace(paper.finish("1", lines, opens_drawer=False, is_copy=False), code=code)
    font = profile.encoding if profile.encoding != "raster" else "gb18030"
    seen = PaperView(profile.columns, font).feed(job_of(receipt, profile, ART))
    assert (seen.cuts, seen.queued_pulses, seen.questions) == (1, 0, 0)
    assert all(cells(line) <= profile.columns for line in receipt.lines)
    assert len(seen.codes) == (profile.code == "native" and bool(qr(code)))


@needs_font
@pytest.mark.parametrize("columns", [32, 42, 48])
def test_every_slip_is_drawn_line_for_line(columns: int) -> None:
    profile = PrinterProfile(url="tcp://127.0.0.1", columns=columns, encoding="raster")
    slip = as_copy(every_slip("zh_CN", columns)["sale"])
    paper = PaperView(columns).feed(job_of(slip, profile, ART))
    assert len(paper.pictures) == len([line for line in slip.lines if line])
    assert not any(paper.lines)
    assert sum(high == 2 for _, _, high in paper.pictures) == len(slip.tall)


@needs_font
def test_only_the_line_with_a_rare_character_is_drawn() -> None:
    profile = PrinterProfile(url="tcp://127.0.0.1", columns=32, rare="raster")
    paper = PaperView(32).feed(
        job_of(Receipt("1", 32, ("会员 李娜", "会员 𠮷娜", "合计 1.00")), profile, ART)
    )
    assert paper.lines == ["会员 李娜", "合计 1.00"]
    assert len(paper.pictures) == 1
    replaced = replace(profile, rare="replace")
    paper = PaperView(32).feed(job_of(Receipt("1", 32, ("会员 𠮷娜",)), replaced, ART))
    assert paper.lines == ["会员 ？娜", LEFT_OUT]


@needs_font
@pytest.mark.parametrize("name", ["𠮷", "㙱", "龘", "é", "Ω", "가", "あ"])
def test_a_drawn_character_has_a_shape_of_its_own(name: str) -> None:
    assert artist().has(name)
    assert artist().line(name, 32) != artist().line("？", 32)
    assert artist().line("   " + name, 32) != artist().line(name + "   ", 32)


@needs_font
def test_a_character_that_no_font_has_is_a_question_mark_in_as_many_cells() -> None:
    unknown = "\u0378"
    assert not artist().has(drawn_lines.NO_GLYPH)
    assert artist().line(unknown + "a", 32) == artist().line("?a", 32)
    assert len(artist().line("会" * 40, 32)) == 8 + paper_bytes(32) * LINE_DOTS


def test_a_line_is_drawn_only_if_more_of_it_is_on_paper_then() -> None:
    """The printer has 会 and 员, the machine's font not; neither has the last one."""

    def draw(text: str, columns: int, tall: bool) -> bytes:
        assert (text, columns, tall) == ("A𠮷", 32, False)
        return b"drawn"

    poor = Drawn(draw, missing=lambda text: len(text.strip("A𠮷")))
    for line, drawn in (("A𠮷", True), ("会𠮷", False), ("会员", False)):
        slip = encode_slip(Receipt("1", 32, (line,)), "gb18030", cuts=True, drawn=poor)
        assert (b"drawn" in slip) == drawn
        assert (encode_line(LEFT_OUT, "gb18030") in slip) == (line == "会𠮷")


@needs_font
@pytest.mark.parametrize("joins", [True, False])
def test_a_name_that_is_written_from_the_right_is_drawn_from_the_right(
    joins: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawn_lines, "_joins_letters", lambda: joins)
    maker = find_artist()
    assert maker is not None
    if not maker.has("ئ"):
        pytest.skip("no font with Arabic characters")
    inked: list[str] = []
    from PIL import ImageDraw

    drawing = ImageDraw.ImageDraw.text

    def seen(self: ImageDraw.ImageDraw, at: tuple[float, float], text: str, **told: Any) -> None:
        inked.append(text)
        drawing(self, at, text, **told)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", seen)
    assert maker.line("会员 ئابلىز نۇر 1", 48).startswith(b"\x1dv0")
    instead = "?" if joins else "？"  # within a run it is of the run's own font
    shown = "".join(char if char == " " or maker.has(char) else instead for char in "ئابلىز نۇر")
    assert "".join(inked[:3]) == "会员 "
    if joins:
        assert inked[3] == shown
    else:
        assert inked[3:-2] == list(reversed(shown))
    assert inked[-2:] == [" ", "1"]


def test_where_nothing_can_be_drawn_the_printer_s_own_characters_are_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawn_lines, "FONTS", ())
    profile = PrinterProfile(url="tcp://127.0.0.1", columns=32, encoding="raster")
    paper = PaperView(32).feed(job_of(Receipt("1", 32, ("会员𠮷",)), profile, Art()))
    assert (paper.lines, paper.pictures) == (["会员？", LEFT_OUT], [])
    assert b"5 raster  -\n" in encode_trials(32, cuts=True, drawn=Art().drawn(profile))


@needs_font
def test_the_fifth_line_of_the_page_of_encodings_is_drawn() -> None:
    profile = PrinterProfile(url="tcp://127.0.0.1", columns=32, encoding="raster")
    page = encode_trials(32, cuts=True, drawn=ART.drawn(profile))
    assert page.count(artist().line("5 raster  " + TRIED_TEXTS["raster"], 32)) == 1


def test_no_byte_of_a_picture_begins_a_command() -> None:
    rows = [bytes(range(256))] * 300
    made = picture(rows)
    bands, at = 0, 0
    while at < len(made):
        wide, high = (int.from_bytes(made[at + n : at + n + 2], "little") for n in (4, 6))
        assert not COMMANDS_BEGIN & set(made[at + 8 : at + 8 + wide * high])
        at += 8 + wide * high
        bands += 1
    assert (bands, at) == (2, len(made))
    raw = b"\x1dv0\x00\x05\x00\x01\x00\x10\x14\x01\x00\x01"
    with pytest.raises(Misprint):
        PaperView(32).feed(raw)


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_a_code_is_drawn_by_the_printer_or_by_us(columns: int) -> None:
    text = "https://example.com/r/S01-1-000042?会员"
    assert PaperView(columns).feed(qr(text)).codes == [text]
    ((wide, dots, _),) = PaperView(columns).feed(qr_dots(text, columns)).pictures
    dark = sum(byte.bit_count() for byte in dots) / (wide * 8 * (len(dots) // wide))
    assert 0.15 < dark < 0.6


@pytest.mark.parametrize("text", ["", "a\nb", "\x1bp\x00\x19\xfa", "x" * (CODE_MOST + 1)])
def test_what_is_no_code_makes_none(text: str) -> None:
    assert (qr(text), qr_dots(text, 32)) == (b"", b"")


def test_a_logo_stands_above_the_slip_in_the_middle(tmp_path: Path) -> None:
    from PIL import Image

    sign = tmp_path / "sign.png"
    Image.new("RGB", (600, 300), "black").save(sign)
    ((wide, dots, _),) = PaperView(32).feed(logo(sign, 32)).pictures
    assert (wide, len(dots) // wide) == (48, 192)
    profile = PrinterProfile(url="tcp://127.0.0.1", columns=32, logo=str(sign))
    art = Art()
    assert art.drawn(profile).logo == b""
    job = encode_slip(Receipt("1", 32, ("a",)), "gb18030", cuts=True, drawn=art.drawn(profile, sign=True))
    assert len(PaperView(32).feed(job).pictures) == 1
    for name, content in (("none.png", None), ("text.png", b"no picture"), ("big.png", b"x" * 5_000_000)):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        assert logo(tmp_path / name, 32) == b""


def test_what_is_drawn_or_coded_leaves_the_ring_white() -> None:
    name = picture([b"\xff\x81"] * 3)
    data = b"\x1b@" + name + qr("S01-1-000042") + encode_line("a1", "gb18030") + b"\n"
    hidden = masked(data)
    assert len(hidden) == len(data)
    assert b"000042" not in hidden
    assert b"\xff" not in hidden
    assert hidden.endswith(b"x0\n")
    assert [len(masked(data[:length])) for length in range(len(data))] == list(range(len(data)))


def test_pillow_is_in_memory_only_for_who_draws() -> None:
    program = (
        "import sys\n"
        "from huiyuan.devices.printing.art import Art\n"
        "from huiyuan.devices.printing.encoder import encode_slip\n"
        "from huiyuan.devices.printing.profile import PrinterProfile\n"
        "from huiyuan.domain.model.receipt import Receipt\n"
        "slip, profile = Receipt('1', 32, ('a𠮷',), code='b'), PrinterProfile(url='tcp://h', columns=32)\n"
        "encode_slip(slip, 'gb18030', cuts=True, drawn=Art().drawn(profile, sign=True))\n"
        "print(any(each in sys.modules for each in ('PIL', 'qrcode', 'escpos')))\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30)
    assert answer.stdout.strip() == "False", answer.stderr
