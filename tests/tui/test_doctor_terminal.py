"""`huiyuan doctor terminal` against a terminal that answers as real ones do, and one that never answers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.terminal import Terminal

SHOWN = re.compile(rb"\r([^\r]*)\x1b\[6n")
XTERM = (b"\x1bOQ", b"\x1bOR", b"\x1bOS", b"\x1b[15~", b"\x1b[17~", b"\x1b[18~", b"\x1b[19~", b"\x1b[20~")


def doctor(home: Path, lang: str = "en", term: str = "xterm-256color") -> Terminal:
    environment = {"HUIYUAN_HOME": str(home), "HUIYUAN_LANG": lang, "TERM": term, "COLORTERM": ""}
    return Terminal(["doctor", "terminal"], environment)


def answer(terminal: Terminal, *, line_cells: int, chinese_cells: int, until: str) -> None:
    """Tell where the pen is, as a terminal of these widths would, until `until` stands there."""
    answered, deadline = 0, time.monotonic() + 20
    while until not in terminal.text and time.monotonic() < deadline:
        terminal.read(0.05)
        shown = SHOWN.findall(terminal.received)
        for text in shown[answered:]:
            plain = re.sub(rb"\x1b\[[\d;]*[a-zA-Z]", b"", text).decode()
            cells = {"─": line_cells, "会": chinese_cells}.get(plain, cell_len(plain))
            terminal.send(f"\x1b[5;{cells + 1}R")
        answered = len(shown)
    assert until in terminal.text, terminal.text


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[list[Terminal]]:
    terminals: list[Terminal] = []
    yield terminals
    for each in terminals:
        each.close()


def test_a_good_terminal_is_called_good_and_every_key_is_named(
    opened: list[Terminal], tmp_path: Path
) -> None:
    terminal = doctor(tmp_path)
    opened.append(terminal)
    answer(terminal, line_cells=1, chinese_cells=2, until="press F2")
    assert "Size: 80x24." in terminal.text
    assert "a Chinese character takes two columns" in terminal.text
    assert "Lines and dots take one column" in terminal.text
    assert "Colours: 256" in terminal.text
    for number, key in enumerate(XTERM, 2):
        terminal.send(key)
        terminal.wait_for(f"F{number} arrives.")
    assert terminal.ended() == 0


def test_a_terminal_set_wrongly_is_told_what_to_set(opened: list[Terminal], tmp_path: Path) -> None:
    """Not UTF-8, ambiguous characters wide, a Sun keyboard's keys."""
    terminal = doctor(tmp_path, "zh_CN", "xterm")
    opened.append(terminal)
    answer(terminal, line_cells=2, chinese_cells=3, until="依次按 F2")
    assert "不按 UTF-8" in terminal.text
    assert "Treat CJK ambiguous" in terminal.text
    assert "颜色：16" in terminal.text
    terminal.send("\x1b[225z")
    terminal.wait_for("F2 收到的却是 1b 5b 32 32 35 7a")
    terminal.send("\x1b[17~")
    terminal.wait_for("F3 收到的却是 F6")
    terminal.send("\r")
    terminal.wait_for("Xterm R6")
    assert terminal.ended() == 1


def test_a_terminal_that_never_answers_is_said_to_and_keeps_nobody(
    opened: list[Terminal], tmp_path: Path
) -> None:
    terminal = doctor(tmp_path)
    opened.append(terminal)
    terminal.wait_for("does not answer", "press F2")
    terminal.send("q")
    assert terminal.ended() == 1


def test_without_a_terminal_it_says_where_to_run_it(capsys: pytest.CaptureFixture[str]) -> None:
    from huiyuan.tui.cli import main

    assert main(["--lang", "en", "doctor", "terminal"]) == 2
    assert "run it where the counter will run" in capsys.readouterr().err
