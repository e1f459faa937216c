"""Terminals that are not like xterm: how they erase, how wide they draw, how many colours they have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final, Literal
from unicodedata import east_asian_width

import pyte
import pyte.screens
from rich.color import Color, ColorSystem
from rich.color_triplet import ColorTriplet
from wcwidth import wcwidth

from huiyuan.tui.cell_frames import ASCII_FOR
from tests.tape import OneOfOurs

Colours = Literal["truecolor", "256", "16"]
SYSTEMS: Final = {"256": ColorSystem.EIGHT_BIT, "16": ColorSystem.STANDARD}
_STYLE: Final = re.compile(r"\x1b\[([\d;]*)m")
_TRUE: Final = re.compile(r"([34])8;2;(\d+);(\d+);(\d+)")


BYTES_OF: Final = {
    **{f"ctrl+{letter}": bytes([ord(letter) - 96]) for letter in "abcdefghijklmnopqrstuvwxyz"},
    "f2": b"\x1bOQ", "f3": b"\x1bOR", "f4": b"\x1bOS", "f5": b"\x1b[15~", "f6": b"\x1b[17~",
    "f7": b"\x1b[18~", "f8": b"\x1b[19~", "f9": b"\x1b[20~", "enter": b"\r", "escape": b"\x1b",
    "tab": b"\t", "backspace": b"\x7f", "up": b"\x1b[A", "down": b"\x1b[B", "pageup": b"\x1b[5~",
    "pagedown": b"\x1b[6~", "home": b"\x1b[H", "end": b"\x1b[F",
}  # fmt: skip
"""What a terminal sends for the keys that Textual gives these names."""


class PlainErasing(pyte.Screen):
    """Erases to its own colour, whatever the pen has: GNU screen, many a VT."""

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        """As pyte does, with a plain pen."""
        with self._plain_pen():
            super().erase_in_line(how, private)

    def erase_in_display(self, how: int = 0, *args: object, **kwargs: object) -> None:
        """As above."""
        with self._plain_pen():
            super().erase_in_display(how, *args, **kwargs)

    @contextmanager
    def _plain_pen(self) -> Iterator[None]:
        pen, self.cursor.attrs = self.cursor.attrs, self.default_char
        try:
            yield
        finally:
            self.cursor.attrs = pen


class WideAmbiguous(pyte.Screen):
    """Draws what Unicode calls ambiguous two cells wide, as terminals set to Chinese do."""

    def draw(self, data: str) -> None:
        """As pyte does, with another measure."""
        measures = vars(pyte.screens)
        before = measures["wcwidth"]
        measures["wcwidth"] = _wide
        try:
            super().draw(data)
        finally:
            measures["wcwidth"] = before


@lru_cache(4096)
def _wide(character: str) -> int:
    return 2 if east_asian_width(character) == "A" else wcwidth(character)


def kinds_of(colours: Colours, size: tuple[int, int]) -> list[OneOfOurs]:
    """Terminals with so many colours, each unlike the others."""
    wide = OneOfOurs(size, screen=WideAmbiguous, stands_for=ASCII_FOR)
    if colours == "16":
        return [OneOfOurs(size, "linux"), OneOfOurs(size, "vt100", screen=PlainErasing)]
    if colours == "256":
        return [OneOfOurs(size, "screen-256color", screen=PlainErasing), wide]
    return [OneOfOurs(size), wide]


def in_colours(said: str, colours: Colours) -> str:
    """The same piece of a tape as Textual says it to a terminal with fewer colours."""
    if colours == "truecolor":
        return said
    return _STYLE.sub(lambda style: f"\x1b[{_fewer(style[1], colours)}m", said)


@lru_cache(4096)
def _fewer(style: str, colours: Colours) -> str:
    def nearest(found: re.Match[str]) -> str:
        triplet = ColorTriplet(int(found[2]), int(found[3]), int(found[4]))
        colour = Color.from_triplet(triplet).downgrade(SYSTEMS[colours])
        return ";".join(colour.get_ansi_codes(foreground=found[1] == "3"))

    return _TRUE.sub(nearest, style)
