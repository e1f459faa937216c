"""What the running app sends down the line, in a real terminal of 80x24: budgets in bytes.

Every screen of tests/screens/test_fit.py is walked to in both languages; a later screen comes along by its
row there. A frame costs at most the UTF-8 of the cells that changed, 12 bytes for each run of them in one
style, and 200; a counter at rest sends nothing. The reference walk has limits of its own, below.
"""

from __future__ import annotations

import itertools
import os
import select
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from huiyuan.config.i18n import LANGUAGES
from huiyuan.repositories.demo_data import TERMINALS
from tests.cluster import Shop
from tests.screens.test_drawn_alike import keys_to
from tests.screens.test_fit import PLACES
from tests.tape import FRAME_BYTES, Watched, budget
from tests.terminal import Terminal
from tests.terminals import BYTES_OF

QUIET_S: Final = 0.025
ANSWER_WITHIN_S: Final = 5.0
TYPED_S: Final = 0.3
"""Lists follow what is typed when the fingers rest."""
IDLE_S: Final = 1.0
ESCAPE_MS: Final = "20"
"""How long a lone Esc is waited over: 100 ms of each of some hundred."""

BY_KEYS: Final = [
    place
    for place, keys in PLACES.items()
    if not any(key.endswith(":") or key.startswith("setting:") for key in keys)
]
"""The places that keys alone lead to: the others need something to happen, or a row looked for."""
AT_WORK: Final = {"ChargingSheet": 100}
"""Screens that are never at rest (it counts the seconds of a charge), and what a second of them costs."""

LIMITS: Final[Mapping[str, int]] = {
    "first frame": 3000,
    "character": 60,  # beyond what the list under it shows otherwise
    "row down": 250,
    "page": 1300,
    "dialog": 1500,
    "closing": 900,
    "another screen": 1200,
    "home": 1200,  # the fullest of all screens: 900 of it are its text
    "a scanned line": 400,
    "the first line": 450,  # it brings the keys of a basket; a busy machine shows the code first
}
"""The reference walk in English: at most so many bytes."""

REFERENCE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("row down", ("down",)),
    ("row down", ("down",)),
    ("another screen", ("f2",)),
    ("the first line", (*"COLA-330", "enter")),
    ("a scanned line", (*"COLA-330", "enter")),
    ("a scanned line", (*"MILK-1L", "enter")),
    ("a scanned line", (*"3*TEA-LJ", "enter")),
    ("row down", ("up",)),
    ("row down", ("up",)),
    ("character", ("7",)),
    ("character", ("backspace",)),
    ("character", ("C",)),
    ("character", ("O",)),
    ("character", ("backspace",)),
    ("character", ("backspace",)),
    ("dialog", ("f3",)),
    ("character", ("2",)),
    ("closing", ("escape",)),
    ("dialog", ("escape",)),
    ("home", ("enter",)),
    ("another screen", ("f5",)),
    ("home", ("escape",)),
    ("another screen", ("ctrl+r",)),
    ("home", ("escape",)),
    ("another screen", ("ctrl+g",)),
    ("page", ("pagedown",)),
    ("page", ("pageup",)),
    ("home", ("escape",)),
)
"""What is done one after the other from home, with its row in the limits. A later screen adds its row."""


class Measured(Terminal):
    """A terminal that knows what each frame was allowed to cost."""

    watched: Watched

    def begin(self) -> None:
        """Before the first byte is read."""
        self.watched = Watched(self.screen)
        self.above: list[str] = []
        self.allowed_in: dict[int, int] = {}

    def take(self, data: bytes) -> None:
        """A frame."""
        self.watched.feed(data)
        before = self.watched.look()
        if len(data) > (allowed := budget(before, self.watched.rows)):
            self.above.append(f"{len(data)} bytes, {allowed} allowed: {data!r}")
        for row, was in before.items():
            alone = budget({row: was}, self.watched.rows) - FRAME_BYTES
            self.allowed_in[row] = self.allowed_in.get(row, 0) + alone

    def read_all(self, quiet_s: float) -> None:
        """Until nothing came for so long."""
        length = -1
        while length != len(self.received):
            length = len(self.received)
            self.read(quiet_s)

    def allowed_outside(self, row: int) -> int:
        """What other rows than `row` were allowed to cost since the last keys."""
        return sum(allowed for each, allowed in self.allowed_in.items() if each != row)

    def cost(self, keys: tuple[str, ...], *, quiet_s: float = 0.25) -> int:
        """Bytes that came for `keys`, sent in one burst as a scanner does."""
        before = len(self.received)
        self.allowed_in.clear()
        self.send(b"".join(bytes_of(key) for key in keys))
        last, length = time.monotonic(), before
        while time.monotonic() - last < (quiet_s if length > before else ANSWER_WITHIN_S):
            self.read(0.02)
            if len(self.received) != length:
                last, length = time.monotonic(), len(self.received)
        return length - before


def bytes_of(key: str) -> bytes:
    """What a terminal sends for the key of that name."""
    return BYTES_OF.get(key, key.encode())


class Walker:
    """Goes from place to place in one language."""

    def __init__(self, lang: str) -> None:
        self.answers, answering = os.pipe()
        environment = {"ANSWERS": str(answering), "ESCDELAY": ESCAPE_MS}
        program = [sys.executable, "-m", "tests.tui.counter_in_memory", lang]
        self.terminal = Measured([], environment, command=program, pass_fds=(answering,))
        self.terminal.begin()
        os.close(answering)
        self.lang = lang
        self.faults: list[str] = []

    def close(self) -> None:
        """Nothing stays."""
        self.terminal.close()
        os.close(self.answers)

    def rests(self) -> str:
        """Wait until nothing is under way; the name of the screen on top."""
        rested = 0
        for _ in range(400):
            self.terminal.read(QUIET_S)
            os.kill(self.terminal.process.pid, signal.SIGUSR1)
            while not select.select([self.answers], [], [], 0)[0]:
                self.terminal.read(0.005)
                assert self.terminal.process.poll() is None, self.terminal.text
            name, busy = os.read(self.answers, 200).decode().split()
            rested = rested + 1 if busy == "0" else 0
            if rested == 2:
                return name
        raise AssertionError(f"no rest:\n{self.terminal.text}")

    def press(self, *keys: str) -> str:
        """One after the other; typed characters go together, but for the letter of a command.

        With what is typed behind it that one would be a scan, which is no command.
        """
        name = ""
        for before, key, after in zip(("begin", *keys), keys, (*keys[1:], "end"), strict=False):
            self.terminal.send(bytes_of(key))
            if key == "escape":
                self.terminal.read(int(ESCAPE_MS) / 1000 + QUIET_S)
            if len(key) > 1 or len(after) > 1 or before == "ctrl+y":
                name = self.rests()
        return name or self.rests()

    def home(self) -> None:
        """From wherever it is."""
        name = self.rests()
        for _ in range(40):
            if name == "HomeScreen":
                return
            if name == "SignInScreen":
                name = self.press(*"2001", "enter", *"2001", "enter")
            elif name == "ResultScreen":
                time.sleep(0.1)
                name = self.press("enter")
            else:
                name = self.press("enter" if name == "Confirm" else "escape")
        raise AssertionError(self.terminal.text)

    def walk(self, places: Sequence[str]) -> list[str]:
        """Each place: reached, within budget, and then at rest; what was not so."""
        self.terminal.wait_for("2001")
        self.home()
        self.press("f2", *"HOSTILE", "enter", "f2", "enter")
        for place in places:
            self.home()
            self.press(*keys_to(place))
            self.terminal.read_all(TYPED_S)
            name = self.rests()
            if name != place:
                self.faults.append(f"{self.lang}: {name} instead of {place}")
            length = len(self.terminal.received)
            self.terminal.read(IDLE_S)
            idle_most = AT_WORK.get(place, 0)
            if len(self.terminal.received) - length > idle_most:
                self.faults.append(f"{self.lang} {place}: not idle: {self.terminal.received[length:]!r}")
            self.faults += [f"{self.lang} {place}: {each}" for each in self.terminal.above]
            self.terminal.above.clear()
        return self.faults


def faults_of(tours: Mapping[str, Sequence[str]]) -> list[str]:
    """Walk in all languages at once: a counter at rest is waited for in all of them."""
    walkers = [Walker(lang) for lang in tours]
    try:
        with ThreadPoolExecutor(len(walkers)) as all_at_once:
            return [*itertools.chain(*all_at_once.map(Walker.walk, walkers, tours.values()))]
    finally:
        for each in walkers:
            each.close()


def test_screens_keep_to_their_bytes_and_rest_in_silence() -> None:
    """Every eighth screen, the languages in turn; the soak walks to all in both.

    Whether a frame keeps to its bytes is asked of half of all screens in tests/screens/test_fit.py as well.
    """
    assert len(BY_KEYS) > 40
    every = 8 * len(LANGUAGES)
    assert faults_of({lang: BY_KEYS[8 * turn :: every] for turn, lang in enumerate(LANGUAGES)}) == []


@pytest.mark.soak
def test_every_screen_in_every_language_keeps_to_its_bytes() -> None:
    assert faults_of(dict.fromkeys(LANGUAGES, BY_KEYS)) == []


@pytest.fixture
def english(shop: Shop, tmp_path: Path) -> Iterator[Measured]:
    settings = {"HUIYUAN_DATABASE_URL": shop.url(TERMINALS[0].role), "HUIYUAN_HOME": str(tmp_path)}
    terminal = Measured(["run"], {**settings, "HUIYUAN_LANG": "en", "ESCDELAY": ESCAPE_MS})
    terminal.begin()
    try:
        yield terminal
    finally:
        terminal.close()


def test_the_reference_walk_keeps_to_its_limits(english: Measured) -> None:
    english.wait_for("Staff number", "online")
    english.read_all(0.5)
    costs = [("first frame", len(english.received))]
    for keys, shown in (
        ((*"9001", "enter", *"9001", "enter"), "Find a member"),
        (("f4",), "Float"),
        ((*"200", "enter"), "Shift opened"),
    ):
        english.cost(keys)
        english.wait_for(shown)
    time.sleep(0.7)
    english.cost(("enter",))
    english.wait_for("Rings up goods")
    for name, keys in REFERENCE:
        cost = english.cost(keys)
        assert cost > 0, (name, keys, english.text)
        if name == "character":
            cost -= english.allowed_outside(english.screen.cursor.y)
        costs.append((f"{name} {''.join(keys)}", cost))
    idle = len(english.received)
    english.read(2)
    assert len(english.received) == idle
    above = [(name, cost) for name, cost in costs if cost > limit_of(name)]
    assert not above, costs
    assert english.above == []


def limit_of(name: str) -> int:
    """By the beginning of its name."""
    return next(limit for begin, limit in LIMITS.items() if name.startswith(begin))
