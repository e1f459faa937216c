"""The cell driver: the same picture as Textual's own, in fewer bytes. pyte is the judge."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.tui import cell_writer
from huiyuan.tui.cell_frames import Ambiguous, drawn_differently, style_change
from huiyuan.tui.cell_grid import Style
from huiyuan.tui.cell_writer import Repainter
from huiyuan.tui.driver import CellDriver, CounterDriver, driver_for
from tests.house.test_tidy import PROJECT
from tests.tape import OneOfOurs, Terminals

SIZE = (20, 4)
STYLES = ("0", "31", "1;38;5;7;48;5;24", "48;2;1;2;3", "7", "4;32;44", "2;97;100", "39;49", "9;91")
UNITS = ("a", "b", " ", "  ", "王", "会", "─", "…", "·", "e\u0301", "\u3000")
TEXTS = st.lists(st.sampled_from(UNITS), min_size=1, max_size=25).map("".join)
WIDTHS: tuple[Ambiguous, ...] = ("unknown", "narrow", "wide")
PIECE = st.tuples(
    st.integers(1, SIZE[1]),
    st.integers(1, SIZE[0]),
    st.lists(st.tuples(st.sampled_from(STYLES), TEXTS), min_size=1, max_size=4),
)


def said(row: int, column: int, runs: list[tuple[str, str]]) -> str:
    """As Textual says it: a place, then every run with its whole style and a reset."""
    return f"\x1b[{row};{column}H" + "".join(f"\x1b[{style}m{text}\x1b[0m" for style, text in runs)


def fitting(column: int, runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Textual never writes past the right edge."""
    from rich.cells import chop_cells

    left, kept = SIZE[0] - column + 1, []
    for style, text in runs:
        part = chop_cells(text, left)[0] if left > 0 else ""
        kept.append((style, part))
        left -= sum(2 if ord(each) > 0x2FFF else 0 if each == "\u0301" else 1 for each in part)
    return kept


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PIECE, max_size=4), max_size=8), st.sampled_from(["xterm-256color", "vt100"]))
def test_whatever_is_said_both_terminals_show_the_same(
    frames: list[list[tuple[int, int, list[tuple[str, str]]]]], terminal: str
) -> None:
    both = Terminals(SIZE, [OneOfOurs(SIZE, terminal)])
    both.play("\x1b[?1049h\x1b[?7l")
    for frame in frames:
        for row, column, runs in frame:
            if not any(text.startswith("\u0301") for _, text in runs):
                both.play(said(row, column, fitting(column, runs)))
        assert both.differences() == []


def test_a_frame_that_changes_nothing_sends_nothing() -> None:
    both = Terminals(SIZE)
    both.play("\x1b[?1049h" + said(1, 1, [("31", "王 abc"), ("0", " " * 14)]))
    assert both.catch_up() > 0
    both.play(said(1, 1, [("31", "王 abc"), ("1", " " * 14)]))
    both.play("\x1b[1;7H")  # where the cursor stands already
    both.catch_up()
    both.play(said(1, 1, [("31", "王 abc")]))
    assert both.catch_up() == 0
    assert both.differences() == []


def test_a_control_goes_out_in_its_place() -> None:
    repainter = Repainter(SIZE)
    repainter.take("\x1b[?1049h" + said(1, 1, [("0", "one")]) + "\x1b[?25l" + said(1, 1, [("0", "two")]))
    sent = repainter.drain()
    assert sent.index("one") < sent.index("\x1b[?25l") < sent.index("two")


def test_after_another_size_everything_is_drawn_anew() -> None:
    both = Terminals(SIZE)
    both.play("\x1b[?1049h" + said(1, 1, [("44", "x" * 20)]))
    assert both.differences() == []
    both.resize((10, 6))
    both.play(said(3, 15, [("0", "late, of the old size")]))
    both.catch_up()
    both.play("".join(said(row, 1, [("44", "y" * 10)]) for row in range(1, 7)))
    assert both.differences() == []


def test_coloured_ground_is_not_erased_where_erasing_is_plain() -> None:
    blank = said(2, 1, [("48;5;24", " " * 20)])
    sent = {}
    for terminal in ("xterm-256color", "screen"):
        repainter = Repainter(SIZE, terminal)
        repainter.take("\x1b[?1049h" + blank)
        sent[terminal] = repainter.drain()
    assert "\x1b[K" in sent["xterm-256color"]
    assert "\x1b[K" not in sent["screen"]
    assert " " * 20 in sent["screen"]


def test_characters_of_doubtful_width_never_shift_what_follows() -> None:
    """Unknown: the pen is placed anew after them. Narrow: they are trusted. Wide: ASCII stands in."""
    frame = said(1, 1, [("0", "─── a…b")])
    sent = {}
    for width in WIDTHS:
        repainter = Repainter(SIZE)
        repainter.take("\x1b[?1049h")
        repainter.drain()
        repainter.set_ambiguous(width)
        repainter.take(frame)
        sent[width] = repainter.drain()
    assert "───\x1b[1;5Ha…\x1b[1;7Hb" in sent["unknown"] or "───\x1b[1;4H a…\x1b[1;7Hb" in sent["unknown"]
    assert "─── a…b" in sent["narrow"]
    assert "--- a.b" in sent["wide"]
    assert not any(drawn_differently(each) for each in sent["wide"])


def test_the_answer_that_they_are_wide_repaints_the_screen_without_them() -> None:
    repainter = Repainter(SIZE)
    repainter.take("\x1b[?1049h" + said(1, 1, [("0", "──│")]))
    repainter.drain()
    repainter.set_ambiguous("wide")
    assert "--|" in repainter.drain()


def test_the_question_is_asked_on_the_second_row_and_painted_over() -> None:
    both = Terminals(SIZE)
    both.play("\x1b[?1049h" + said(2, 1, [("0", "ab")]))
    both.catch_up()
    both.first.repainter.take(cell_writer.WHERE_IS_THE_PEN)
    sent = both.first.repainter.drain()
    assert sent.startswith("\x1b[2H─\x1b[6n")
    assert "ab" in sent


@pytest.mark.parametrize("before", [None, Style(), Style("31", "", "1"), Style("", "44", "")])
def test_a_turn_of_the_pen_is_never_longer_than_a_reset_with_everything(before: Style | None) -> None:
    after = Style("38;5;7", "48;5;24", "1")
    assert len(style_change(before, after)) <= len("\x1b[0;1;38;5;7;48;5;24m")
    assert style_change(after, after) == ""


def test_another_version_of_textual_is_written_by_its_own_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: of the locked version our driver is taken."""
    assert f"textual=={cell_writer.WRITTEN_FOR} " in (PROJECT / "requirements.lock").read_text("utf-8")
    assert driver_for("cells") is CellDriver
    assert driver_for("stock") is CounterDriver
    monkeypatch.setattr("huiyuan.tui.driver.textual_version", lambda: "8.3.0")
    assert driver_for("cells") is CounterDriver


def test_a_burst_of_keys_is_drawn_once() -> None:
    """Control: without the burst the same two frames are two writes."""
    written: dict[bool, list[str]] = {}
    for burst in (True, False):
        file = Collecting()
        writer = cell_writer.CellWriter(file)
        writer.write("\x1b[?1049h")
        writer.start()
        file.wait_for(1)
        if burst:
            writer.hold()
        writer.write(said(1, 1, [("0", "6901234")]))
        time.sleep(cell_writer.BURST_S / 4)
        writer.write(said(1, 1, [("0", " " * 7)]) + said(2, 1, [("0", "a line")]))
        file.wait_for(2 if burst else 3)
        writer.stop()
        written[burst] = file.written[1:]
    assert "6901234" not in "".join(written[True])
    assert "6901234" in "".join(written[False])
    assert "a line" in "".join(written[True])


class Collecting(io.StringIO):
    """Where a writer writes to, piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def write(self, text: str) -> int:
        """Keep it."""
        if text:
            self.written.append(text)
        return len(text)

    def wait_for(self, pieces: int) -> None:
        """Until so many were written."""
        for _ in range(500):
            if len(self.written) >= pieces:
                return
            time.sleep(0.01)
        raise AssertionError(self.written)


@pytest.mark.parametrize(("terminal", "sent"), [("xterm", "\x1b[27m"), ("vt100", "\x1b[0;31m")])
def test_one_attribute_is_turned_off_alone_where_the_terminal_knows_how(terminal: str, sent: str) -> None:
    repainter = Repainter(SIZE, terminal)
    repainter.take("\x1b[?1049h" + said(1, 1, [("7;31", "key"), ("31", "label")]))
    assert f"key{sent}label" in repainter.drain()


def test_a_long_gap_in_a_row_is_erased_and_not_written() -> None:
    repainter = Repainter(SIZE)
    repainter.take("\x1b[?1049h" + said(1, 1, [("44", "a" + " " * 17 + "z ")]))
    sent = repainter.drain()
    assert "a\x1b[K\x1b[17Cz" in sent
    assert "  " not in sent


def test_what_the_shell_wrote_is_gone_where_there_is_no_second_screen() -> None:
    """pyte has none, as the Linux console."""
    both = Terminals(SIZE)
    for each in (both.stock, both.first.shown):
        each.feed(b"user@branch $ huiyuan")
    both.play("\x1b[?1049h" + "".join(said(row, 1, [("0", "x" + " " * 19)]) for row in range(1, 5)))
    assert both.differences() == []
