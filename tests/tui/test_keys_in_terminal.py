"""The running counter under keys that lines cut, keys of other programs, windows that are dragged about."""

from __future__ import annotations

import fcntl
import random
import struct
import termios
import time
from pathlib import Path

from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.terminal import Terminal, counter_in_terminal

ROLE = TERMINALS[0].role
CTRL_S, CTRL_Q, CTRL_Z, CTRL_BACKSLASH, CTRL_C = "\x13", "\x11", "\x1a", "\x1c", "\x03"
SIZES = ((1, 1), (59, 17), (60, 18), (132, 43), (200, 60), (3, 1), (20, 5), (80, 24))


def resize(terminal: Terminal, columns: int, rows: int) -> None:
    """The window is dragged: the kernel tells the program."""
    fcntl.ioctl(terminal.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def send_cut(terminal: Terminal, first: str, second: str, *, gap_s: float) -> None:
    """One key in two packets."""
    terminal.send(first)
    time.sleep(gap_s)
    terminal.send(second)
    terminal.read(0.5)


def test_cut_keys_other_programs_keys_and_a_storm_of_sizes(shop: Shop, tmp_path: Path) -> None:
    with counter_in_terminal(shop.url(ROLE), tmp_path) as terminal:
        terminal.wait_for("密码与工号相同")
        # A function key in two packets never types its end; at worst it was an Esc, which does nothing here.
        for gap_s in (0.05, 0.15, 0.3):
            send_cut(terminal, "\x1b", "[17~", gap_s=gap_s)
            send_cut(terminal, "\x1b[1", "7~", gap_s=gap_s)
            assert "[" not in terminal.text
            assert "~" not in terminal.text
        terminal.send("1001\r1001\r")
        terminal.wait_for("主菜单", "没有开班")
        before = terminal.text

        # Ctrl-S stops no output, Ctrl-Z no program, Ctrl-Q asks only at the sign-in, Alt types nothing.
        for keys in (CTRL_S, CTRL_Q, CTRL_Z, CTRL_BACKSLASH, CTRL_C, "\x1bx", "\x1b你", "\x1b[1;3Q"):
            terminal.send(keys)
            terminal.read(0.2)
            assert terminal.text == before, repr(keys)

        terminal.send("\x1bOS")
        terminal.wait_for("班次", "备用金")

        chance = random.Random(4)
        shown = terminal.text
        for _ in range(60):
            resize(terminal, *chance.choice(SIZES))
            terminal.read(chance.choice([0, 0, 0.02]))
        resize(terminal, 80, 24)
        terminal.screen.reset()
        resize(terminal, 79, 24)
        terminal.read(0.3)
        resize(terminal, 80, 24)
        for _ in range(40):
            terminal.read(0.1)
            if terminal.text == shown:
                break
        assert terminal.text == shown
        terminal.send("200\r")
        terminal.wait_for("开班：已入账")
