"""A server that takes connections and says nothing: the attempt to reach it keeps no process."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from huiyuan.domain.model.errors import Unreachable
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.repositories.embedded import SOCKET_NAME
from tests.terminal import counter_in_terminal

GONE_WITHIN_S = 3.0  # two seconds on a quiet machine


@pytest.fixture
def hole(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """URL of a server that never answers, and its socket."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as mute:
        mute.bind(str(tmp_path / SOCKET_NAME))
        mute.listen(16)
        mute.settimeout(20)
        yield f"postgresql://{TERMINALS[0].role}@/hole?host={quote(str(tmp_path), safe='')}", mute


def test_a_counter_whose_server_says_nothing_is_gone_in_time(
    hole: tuple[str, socket.socket], tmp_path: Path
) -> None:
    url, mute = hole
    (tmp_path / "home").mkdir()
    with counter_in_terminal(url, tmp_path / "home") as terminal:
        held, _ = mute.accept()
        terminal.read(0.5)
        begun = time.monotonic()
        terminal.hang_up()
        terminal.process.wait(10)
        took = time.monotonic() - begun
        held.close()
    assert took < GONE_WITHIN_S, took


@pytest.mark.parametrize("leaves", [True, False])
def test_an_attempt_is_given_up_when_its_line_is_let_go_and_else_waits(
    hole: tuple[str, socket.socket], leaves: bool
) -> None:
    line = Line(LineSettings(hole[0], connect_timeout_s=3), HeldSession(), name="read")
    said: list[BaseException] = []

    def attempt() -> None:
        try:
            line.open()
        except Unreachable as error:
            said.append(error)

    thread = threading.Thread(target=attempt)
    thread.start()
    held, _ = hole[1].accept()
    if leaves:
        line.let_go()
    thread.join(1.5)
    assert thread.is_alive() is not leaves
    held.close()
    thread.join(10)
    assert len(said) == 1
