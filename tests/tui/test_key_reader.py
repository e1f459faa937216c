"""Every key in the forms of every terminal, however the line cuts it; what is no key types nothing.

The controls show what Textual's own parser makes of the same bytes.
"""

from __future__ import annotations

import random

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from huiyuan.tui.key_reader import ESCAPE_LINE_S, ESCAPE_LOCAL_S, BytesRefused, KeyReader, escape_wait_s

ARROWS = ("up", "down", "right", "left")
FUNCTION = tuple(f"f{number}" for number in range(2, 10))
VT = dict(zip(FUNCTION, ("OQ", "OR", "OS", "[15~", "[17~", "[18~", "[19~", "[20~"), strict=True))
EDITING = {"insert": "[2~", "delete": "[3~", "pageup": "[5~", "pagedown": "[6~"}
CURSOR = dict(zip(ARROWS, ("[A", "[B", "[C", "[D"), strict=True))
APPLICATION = dict(zip(ARROWS, ("OA", "OB", "OC", "OD"), strict=True))
OLD_F = {"f2": "[12~", "f3": "[13~", "f4": "[14~"}

# The tables of the terminals' own manuals: key -> what follows the ESC.
TERMINALS = {
    "xterm": VT | CURSOR | EDITING | {"home": "[H", "end": "[F"},
    "xterm, application cursor": VT | APPLICATION | EDITING | {"home": "OH", "end": "OF"},
    "PuTTY, ESC[n~": VT | OLD_F | APPLICATION | EDITING | {"home": "[1~", "end": "[4~"},
    "PuTTY, Linux": VT | CURSOR | EDITING
    | {"f2": "[[B", "f3": "[[C", "f4": "[[D", "f5": "[[E", "home": "[1~", "end": "[4~"},
    "PuTTY, Xterm R6": VT | APPLICATION | EDITING | {"home": "[1~", "end": "[4~"},
    "PuTTY, VT400": VT | CURSOR | EDITING | {"home": "[1~", "end": "[4~"},
    "PuTTY, VT100+": dict(zip(FUNCTION, ("OQ", "OR", "OS", "OT", "OU", "OV", "OW", "OX"), strict=True)),
    "PuTTY, SCO": dict(zip(FUNCTION, ("[N", "[O", "[P", "[Q", "[R", "[S", "[T", "[U"), strict=True)) | CURSOR
    | {"home": "[H", "end": "[F", "pageup": "[I", "pagedown": "[G", "insert": "[L"},
    "Linux console": VT | CURSOR | EDITING
    | {"f2": "[[B", "f3": "[[C", "f4": "[[D", "f5": "[[E", "home": "[1~", "end": "[4~"},
    "tmux and screen": VT | CURSOR | EDITING | {"home": "[1~", "end": "[4~"},
    "rxvt": VT | OLD_F | CURSOR | EDITING | {"home": "[7~", "end": "[8~"},
}  # fmt: skip
KEYPAD = dict(zip("jkmnopqrstuvwxy", "*+-./0123456789", strict=True))


class Line:
    """A reader, and a clock that goes only where it is told."""

    def __init__(self, escape_s: float = ESCAPE_LOCAL_S) -> None:
        self.reader = KeyReader(escape_s)
        self.now = 100.0
        self.seen: list[Message] = []

    def send(self, *reads: str | bytes, gap_s: float = 0.0) -> Line:
        """Each of `reads` is one read; the clock goes on by `gap_s` after it."""
        for read in reads:
            data = read.encode() if isinstance(read, str) else read
            self.seen += self.reader.feed(data, self.now)
            self.wait(gap_s)
        return self

    def wait(self, for_s: float) -> Line:
        """Let time go by as the driver does: it wakes when something is due."""
        end = self.now + for_s
        while (due := self.reader.due_at) is not None and due <= end:
            self.now = max(self.now, due)
            self.seen += self.reader.tick(self.now)
        self.now = end
        return self

    @property
    def keys(self) -> list[str]:
        """What a screen gets, once everything that waits has waited long enough."""
        self.wait(20)
        return [each.key if isinstance(each, events.Key) else type(each).__name__ for each in self.seen]

    @property
    def typed(self) -> str:
        """What would stand in a field."""
        self.wait(20)
        return "".join(e.character or "" for e in self.seen if isinstance(e, events.Key) and e.is_printable)


@pytest.mark.parametrize("terminal", TERMINALS)
def test_every_key_of_every_terminal(terminal: str) -> None:
    for key, form in TERMINALS[terminal].items():
        assert Line().send("\x1b" + form).keys == [key], form


def test_both_backspaces_tab_enter_and_the_keypad() -> None:
    line = Line().send("\x7f\x08\t\r\x1b[Z\x1bOM")
    assert line.keys == ["backspace", "backspace", "tab", "enter", "shift+tab", "enter"]
    assert Line().send(*(f"\x1bO{form}" for form in KEYPAD)).typed == "".join(KEYPAD.values())
    assert Line().send("\x1b[1;5C\x1b[15;2~\x1b[1;2A").keys == ["ctrl+right", "shift+f5", "shift+up"]


@pytest.mark.parametrize("gap_ms", [1, 50, 150, 300])
def test_a_key_that_the_line_cut_in_two_is_that_key(gap_ms: int) -> None:
    forms = sorted({form for forms in TERMINALS.values() for form in forms.values()})
    for form, cut in ((each, cut) for each in forms for cut in range(1, len(each) + 1)):
        whole = Line().send("\x1b" + form).keys
        parts = "\x1b" + form[: cut - 1], form[cut - 1 :]
        assert Line(ESCAPE_LINE_S).send(*parts, gap_s=gap_ms / 1000).keys == whole, parts
        here = Line(ESCAPE_LOCAL_S).send(*parts, gap_s=gap_ms / 1000)
        assert here.keys in (whole, ["escape"]), parts
        assert here.typed == ""


def test_without_the_reader_a_key_cut_in_two_types_its_end() -> None:
    parser = XTermParser()
    seen = [*parser.feed("\x1b"), *parser.feed("\x1b"), *parser.feed("[99~"), *parser.feed("\x1bx")]
    assert any(isinstance(event, events.Key) and event.character == "c" for event in seen)


def test_an_esc_is_an_esc_as_soon_as_its_time_is_over() -> None:
    assert Line().send("\x1b").wait(ESCAPE_LOCAL_S).seen[0].key == "escape"  # type: ignore[attr-defined]
    assert Line().send("\x1b\x1b").keys == ["escape", "escape"]
    assert Line().send("\x1b", "5", "0", gap_s=0.01).keys == ["escape", "5", "0"]
    assert Line(ESCAPE_LINE_S).send("\x1b", "ORANGE-1\r", gap_s=0.01).typed == "ORANGE-1"
    assert Line(ESCAPE_LINE_S).send("\x1b690\r").keys == ["escape", "6", "9", "0", "enter"]
    assert Line().send("\x1b", "O", gap_s=0.01).keys == ["escape", "O"]


@pytest.mark.parametrize(
    ("environment", "wait_s"),
    [
        ({}, ESCAPE_LOCAL_S),
        ({"SSH_CONNECTION": "192.0.2.1 5000 192.0.2.2 22"}, ESCAPE_LINE_S),
        ({"SSH_TTY": "/dev/pts/3", "ESCDELAY": "120"}, 0.12),
        ({"ESCDELAY": "no"}, ESCAPE_LOCAL_S),
        ({"ESCDELAY": "0"}, ESCAPE_LOCAL_S),
    ],
)
def test_an_esc_waits_longer_over_a_line(environment: dict[str, str], wait_s: float) -> None:
    assert escape_wait_s(environment) == wait_s


@pytest.mark.parametrize(
    "noise",
    ["\x1bx", "\x1bX", "\x1b1", "\x1b你", "\x1b\r", "\x1b\x7f", "\x1b[99~", "\x1b[?1;2c", "\x1b[>0;276;0c",
     "\x1b]0;title\x07", "\x1bP1$r0m\x1b\\", "\x1b[<0;1;1M", "\x1b[M !!", "\x1b[27;5;13~", "\x1b[2$",
     "\x1b[3^", "\x1b[?2026;2$y", "\x1b[", "\x1b[1;", "\x1bO", "\x1b[[", "\x1b[[Q", "\x1b[1;3Q", "\x9b",
     "\x8f", "\x1b[97;3u", "\x1b[" + "1;" * 40],
)  # fmt: skip
def test_what_is_no_key_types_nothing(noise: str) -> None:
    line = Line().send(noise)
    assert line.keys == []
    assert line.send("7").typed == "7"


@pytest.mark.parametrize(
    "noise",
    [b"\xff", b"\xc4\xe3", b"\xc4\xe3\xba\xc3\r", b"\xd2\x5e", b"\xe4\xbc", b"\xf0\x9f\x98", b"\x80OK\r"],
)
def test_what_is_no_utf8_is_refused_whole(noise: bytes) -> None:
    line = Line().send(noise)
    assert line.keys == ["BytesRefused"]
    assert line.send("7").typed == "7"


def test_a_character_that_came_in_two_reads_is_that_character() -> None:
    assert Line().send(b"\xe4", b"\xbc\x9a", gap_s=0.3).typed == "会"
    assert Line().send(*(bytes([each]) for each in "会员卡".encode()), gap_s=0.05).typed == "会员卡"


def test_noise_kills_nobody() -> None:
    chance = random.Random(20260722)
    line = Line()
    for _ in range(400):
        line.send(chance.randbytes(chance.randrange(1, 60)), gap_s=chance.choice([0.0, 0.02, 2.0]))
    line.wait(20).seen.clear()
    assert line.send("ok").typed == "ok"


def test_what_is_pasted_is_text_and_holds_no_key() -> None:
    pasted = "10\x1b]0;x\x0701\r\n\x1b[15~\x1bOQ1001\r"
    whole = f"\x1b[200~{pasted}\x1b[201~7"
    for cut in range(1, len(whole)):
        line = Line().send(whole[:cut], whole[cut:], gap_s=0.2)
        assert line.keys in (["Paste", "7"], ["escape", "Paste", "7"]), cut
        assert [each.text for each in line.seen if isinstance(each, events.Paste)] == [pasted]


def test_a_paste_whose_end_was_lost_ends_and_damaged_ones_are_dropped() -> None:
    assert Line().send("\x1b[200~abc").wait(11).send("7").keys == ["Paste", "7"]
    assert Line().send(b"\x1b[200~ab", b"\xff\r", b"\r\x1b[201~", b"7").keys == ["BytesRefused", "Paste", "7"]
    assert Line().send(b"\x1b[200~ab", b"\xff\r\x1b[201~", b"7").keys == ["BytesRefused", "7"]
    line = Line().send("\x1b[200~", *["x" * 4096] * 40, "\x1b[201~7")
    assert line.keys == ["Paste", "7"]


def test_the_pen_is_told_where_it_stands() -> None:
    seen = Line().send("\x1b[2;3R").seen
    assert [(e.x, e.y) for e in seen if isinstance(e, events.CursorPosition)] == [(2, 1)]


def test_noise_is_said() -> None:
    assert isinstance(Line().send(b"\xff").seen[0], BytesRefused)
