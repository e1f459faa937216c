"""The running app in a terminal whose window is pulled while it draws, and that is stopped and continued."""

from __future__ import annotations

import fcntl
import os
import random
import signal
import struct
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.tape import Seen, Watched
from tests.terminal import Terminal, counter_in_terminal
from tests.tui.test_terminal import sign_in

STORM: Final = ((100, 30), (61, 18), (132, 43), (40, 10), (80, 24), (79, 23))
USUAL: Final = (80, 24)


@pytest.fixture
def terminal(shop: Shop, tmp_path: Path) -> Iterator[Terminal]:
    with counter_in_terminal(shop.url(TERMINALS[0].role), tmp_path) as opened:
        sign_in(opened)
        quiet(opened)
        yield opened


def quiet(terminal: Terminal) -> None:
    """Until nothing came for a while."""
    length = -1
    while length != len(terminal.received):
        length = len(terminal.received)
        terminal.read(0.4)


def picture(terminal: Terminal) -> list[list[Seen]]:
    """Every cell with its colours."""
    watched = Watched(terminal.screen)
    terminal.screen.dirty.update(range(terminal.screen.lines))
    watched.look()
    return list(watched.rows.values())


def pull(terminal: Terminal, size: tuple[int, int]) -> None:
    """The window has another size from now on; what was on its way still comes."""
    columns, lines = size
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    terminal.screen.resize(lines=lines, columns=columns)


def test_a_window_pulled_in_mid_frame_shows_the_same_afterwards(terminal: Terminal) -> None:
    before, chance = picture(terminal), random.Random(5)
    for size in STORM * 2:
        terminal.send("\x1b[B")
        terminal.read(chance.choice((0.0, 0.005, 0.03)))
        pull(terminal, size)
    pull(terminal, USUAL)
    terminal.send("\x1b[A" * 20)
    quiet(terminal)
    assert picture(terminal) == before


def test_a_window_narrower_for_less_than_a_moment_is_drawn_whole(terminal: Terminal) -> None:
    """The app sees one size, the old one: only the signal tells it that the terminal lost cells."""
    before = picture(terminal)
    pull(terminal, (40, 10))
    pull(terminal, USUAL)
    assert picture(terminal) != before, "this terminal loses what lies beyond its edge"
    quiet(terminal)
    assert picture(terminal) == before


def test_stopped_and_continued_everything_is_drawn_anew(terminal: Terminal) -> None:
    """The shell has written all over the screen meanwhile, and this terminal has no second one."""
    before, process = picture(terminal), terminal.process.pid
    os.kill(process, signal.SIGTSTP)
    _, status = os.waitpid(process, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    terminal.read(0.2)
    assert b"\x1b[?1049l" in terminal.received
    terminal.stream.feed(b"\x1b[0;41m\x1b[H" + b"[1]+  Stopped  huiyuan run  " * 60)
    assert picture(terminal) != before
    os.kill(process, signal.SIGCONT)
    time.sleep(0.3)
    quiet(terminal)
    assert picture(terminal) == before
    terminal.send("\x1b[B")
    quiet(terminal)
    assert picture(terminal) != before
