"""Our driver beside Textual's own over random walks: the same in every cell and colour, on every terminal.

One walk feeds them all: the app draws in true colour once, and what it would have said to a terminal with
fewer colours is made from that. Everything is compared after every key.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from collections.abc import Iterator
from typing import Final

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.strip import Strip

from tests.screens.conftest import LEAST_SHOWN_S
from tests.screens.test_fit import PLACES, prepared, with_history
from tests.screens.walk import Walk, walking
from tests.tape import Terminals
from tests.terminals import SYSTEMS, Colours, in_colours, kinds_of

SMALL: Final = (80, 24)
LARGE: Final = (132, 43)
SIZES: Final = (SMALL, LARGE, (100, 30), (61, 18), (59, 17))
Depths = tuple[Colours, ...]
WALKS: Final[tuple[tuple[str, tuple[int, int], Depths], ...]] = (
    ("zh_CN", SMALL, ("truecolor", "16")),
    ("en", LARGE, ("256",)),
)
WORDS: Final = (
    "COLA", "3*TEA", "HOSTILE", "88000001", "88000004", "1001", "0.5*APPLE", "kl", "李", "135790", "200",
)  # fmt: skip
KEYS: Final = (
    *(f"f{number}" for number in range(2, 10)),
    *("ctrl+g", "ctrl+k", "ctrl+l", "ctrl+o", "ctrl+p", "ctrl+r", "ctrl+t", "tab"),
)
MOVES: Final = ("up", "down", "pageup", "pagedown", "home", "end", "backspace", "ctrl+u", "?")
QUICK_S: Final = 0.02
DRAWN_WITHIN: Final = 60


class Beside:
    """Terminals with one tape, at each depth of colour."""

    def __init__(self, size: tuple[int, int], depths: Depths) -> None:
        self.all = {depth: Terminals(size, kinds_of(depth, size)) for depth in depths}

    def play(self, tape: list[str]) -> None:
        """Let all of them hear what was said until now."""
        said, tape[:] = "".join(tape), []
        for depth, terminals in self.all.items():
            terminals.play(in_colours(said, depth))

    def faults(self, tape: list[str]) -> list[str]:
        """Differences of any of them, and frames that cost too much."""
        if not tape:
            return []
        self.play(tape)
        return [f for each in self.all.values() for f in (*each.differences(), *each.above_budget)]

    def resize(self, size: tuple[int, int]) -> None:
        """All windows."""
        for each in self.all.values():
            each.resize(size)


def next_keys(chance: random.Random) -> list[str]:
    """A word with Enter, a key of a command, or a move in a list or field."""
    kind = chance.random()
    if kind < 0.2:
        return [*chance.choice(WORDS), "enter"]
    if kind < 0.5:
        return [chance.choice(KEYS)]
    return [chance.choice(MOVES)] if kind < 0.85 else [chance.choice(("enter", "escape"))]


def keys_to(place: str) -> Iterator[str]:
    """From home."""
    for key in PLACES[place]:
        kind, _, text = key.partition(":")
        if kind in {"type", "put"}:
            yield from text
        elif text or not key.endswith(":"):  # "basket:" and the like are no keys
            yield key
        yield from ("enter",) if kind == "type" else ()


class Wanderer:
    """Presses keys and has everything compared after each of them."""

    def __init__(self, walk: Walk, beside: Beside, seed: int) -> None:
        self.walk = walk
        self.beside = beside
        self.chance = random.Random(seed)
        self.pressed = 0
        self.places: set[str] = set()

    def compare(self, key: str) -> None:
        """What stands now."""
        faults = self.beside.faults(self.walk.said)
        assert not faults, (self.walk.name, key, faults[:5])

    async def press(self, *keys: str) -> None:
        """One after the other; what is typed does not wait for what is drawn."""
        for key in keys:
            self.walk.send(key)
            self.pressed += 1
            await asyncio.sleep(QUICK_S)
            self.compare(key)
            if len(key) > 1:
                await self.drawn()
                self.compare(key)
        self.places.add(self.walk.name)

    async def drawn(self) -> None:
        """Until nothing more is drawn for this key."""
        for _ in range(DRAWN_WITHIN):
            if not self.walk.busy and not self.walk.undrawn:
                return
            await asyncio.sleep(0.01)

    async def home(self) -> None:
        """Back, or in again, however that is."""
        for _ in range(40):
            if self.walk.name == "HomeScreen":
                return
            if self.walk.name == "SignInScreen":
                await self.press(*"2001", "enter", *"2001", "enter")
            elif self.walk.name == "ResultScreen":
                await asyncio.sleep(LEAST_SHOWN_S)
                await self.press("enter")
            else:
                await self.press("enter" if self.walk.name == "Confirm" else "escape")
        raise AssertionError(self.walk.text)

    async def wander(self, keys: int) -> set[str]:
        """About so many keys; the screens that were seen."""
        while self.pressed < keys:
            await self.home()
            await self.press(*keys_to(self.chance.choice(sorted(PLACES))))
            for _ in range(4):
                if self.walk.name == "SignInScreen":
                    break  # wrong PINs would lock everybody out
                await self.press(*next_keys(self.chance))
        return self.places


async def walk_beside(lang: str, size: tuple[int, int], depths: Depths, seed: int, keys: int) -> set[str]:
    """One walk from the sign-in on."""
    async with walking(prepared(), lang, shift=False, tape=True, size=size) as walk:
        await with_history(walk)
        return await Wanderer(walk, Beside(size, depths), seed).wander(keys)


@pytest.fixture(autouse=True)
def true_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """What has fewer colours is made of it. A style remembers the colours that it was first drawn in."""

    def drawn_anew(_class: type[Strip], style: Style, text: str, color_system: ColorSystem) -> str:
        return f"\x1b[{Strip.render_ansi(style, color_system)}m{text}\x1b[0m"

    monkeypatch.setattr(Strip, "render_style", classmethod(drawn_anew))
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", "truecolor")


@pytest.mark.parametrize(("lang", "size", "depths"), WALKS)
async def test_a_random_walk_looks_alike_on_every_terminal(
    lang: str, size: tuple[int, int], depths: Depths
) -> None:
    places = await walk_beside(lang, size, depths, 20261122, 60)
    assert len(places) > 5, places


@pytest.mark.soak
async def test_long_random_walks_look_alike(capsys: pytest.CaptureFixture[str]) -> None:
    seed = int(os.environ.get("HUIYUAN_WALK_SEED", random.randrange(10**6)))
    with capsys.disabled():
        sys.stdout.write(f"\nHUIYUAN_WALK_SEED={seed}\n")
    for lang, size, depths in (*WALKS, ("zh_CN", LARGE, ("256",)), ("en", SMALL, ("16",))):
        places = await walk_beside(lang, size, depths, seed, 200)
        assert len(places) > 12, (seed, places)


@pytest.mark.parametrize("depth", ["256", "16"])
def test_the_tape_of_fewer_colours_is_what_textual_says_to_such_a_terminal(depth: Colours) -> None:
    """Control: some colours do look otherwise there."""
    chance, changed = random.Random(1), 0
    for _ in range(50):
        ink, ground = (Color.from_rgb(*(chance.randrange(256) for _ in "rgb")) for _ in range(2))
        style = Style(color=ink, bgcolor=ground, bold=True, reverse=chance.random() < 0.5)
        said = f"\x1b[{Strip.render_ansi(style, ColorSystem.TRUECOLOR)}mx\x1b[0m"
        assert in_colours(said, depth) == f"\x1b[{Strip.render_ansi(style, SYSTEMS[depth])}mx\x1b[0m"
        changed += in_colours(said, depth) != said
    assert changed == 50


async def test_windows_pulled_while_frames_are_under_way() -> None:
    """Pieces of the old size come after the terminal has the new one; then everything is painted."""
    chance = random.Random(7)
    async with walking(prepared(), "en", tape=True) as walk:
        beside = Beside(SMALL, ("256",))
        await walk.sign_in("2001")
        for size in chance.sample(SIZES * 2, len(SIZES) * 2):
            walk.send(*next_keys(chance))
            await asyncio.sleep(chance.choice((0.0, 0.01, 0.03)))
            beside.resize(size)
            beside.play(walk.said)
            await walk.pilot.resize_terminal(*size)
            await walk.settle()
            faults = beside.faults(walk.said)
            assert not faults, (walk.name, size, faults[:5])
