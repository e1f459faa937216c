"""The cells that a terminal is meant to show, as Textual's output says them.

Always true: text lands where a terminal would put it; a wide character holds two cells or none (the right
one is empty text); what this grid does not understand is handed on unread, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import get_character_cell_size

RIGHT_HALF: Final = ""
_TOKEN: Final = re.compile(
    r"\x1b\[(?P<row>\d*);?(?P<column>\d*)H"
    r"|\x1b\[(?P<style>[\d;]*)m"
    r"|(?P<move>[\r\n])"
    r"|(?P<control>\x1b\[[^A-Za-z]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b.)"
    r"|(?P<text>[^\x1b\r\n]+)"
)
# Frames begin and end here; the cells are sent in one write anyway. And the shape of a mouse pointer.
_DROPPED: Final = ("\x1b[?2026h", "\x1b[?2026l", "\x1b]22")
_SEEN_ON_BLANKS: Final = {"4", "7", "9", "21", "53"}
_LONG_COLOURS: Final = {"38": 0, "48": 1}
_WORDS_OF_COLOUR: Final = {"5": 3, "2": 5}


class Style(NamedTuple):
    """Foreground, background and attributes as parameters of SGR; empty is the terminal's own."""

    ink: str = ""
    ground: str = ""
    attributes: str = ""


class Cell(NamedTuple):
    """One cell: a character with what combines with it, or the right half of a wide one."""

    text: str
    style: Style


PLAIN: Final = Style()
BLANK: Final = Cell(" ", PLAIN)


@lru_cache(4096)
def style_of(parameters: str) -> Style:
    """Textual sends every style whole: attributes, then colours, or a reset."""
    words = parameters.split(";")
    colours, attributes = ["", ""], []
    at = 0
    while at < len(words):
        word = words[at]
        if word in _LONG_COLOURS and at + 1 < len(words):
            length = _WORDS_OF_COLOUR.get(words[at + 1], 2)
            colours[_LONG_COLOURS[word]] = ";".join(words[at : at + length])
            at += length
            continue
        number = int(word or 0)
        if 30 <= number <= 37 or 90 <= number <= 97:
            colours[0] = word
        elif 40 <= number <= 47 or 100 <= number <= 107:
            colours[1] = word
        elif number == 39:
            colours[0] = ""
        elif number == 49:
            colours[1] = ""
        elif number:
            attributes.append(word)
        at += 1
    return Style(colours[0], colours[1], ";".join(attributes))


@lru_cache(4096)
def blank_of(style: Style) -> Style:
    """A blank shows its ground, and ink only where a line or a reversal does: the rest is no difference."""
    visible = [word for word in style.attributes.split(";") if word in _SEEN_ON_BLANKS]
    return Style(style.ink if visible else "", style.ground, ";".join(visible))


@lru_cache(2048)
def _measured(text: str) -> tuple[tuple[str, int], ...]:
    return tuple((character, get_character_cell_size(character)) for character in text)


class CellGrid:
    """What should stand on the screen, the rows that changed, the place and style of the pen."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows: list[list[Cell]] = [[BLANK] * width for _ in range(height)]
        self.changed: set[int] = set()
        self.column = 0
        self.row = 0
        self.pen = PLAIN

    def feed(self, output: str, control: Callable[[str], None]) -> None:
        """Take a piece of Textual's output; what is not text, style or place goes to `control`."""
        for token in _TOKEN.finditer(output):
            kind = token.lastgroup
            if kind == "text":
                self._write(token["text"])
            elif kind == "style":
                self.pen = style_of(token["style"])
            elif kind == "move":
                self.column, self.row = (0, self.row) if token["move"] == "\r" else (0, self.row + 1)
            elif kind == "control":
                if not token["control"].startswith(_DROPPED):
                    control(token["control"])
            else:
                self.row, self.column = int(token["row"] or 1) - 1, int(token["column"] or 1) - 1

    def _write(self, text: str) -> None:
        if not 0 <= self.row < self.height:
            return
        row = self.rows[self.row]
        self.changed.add(self.row)
        if text.isascii():
            self._write_ascii(row, text[: max(0, self.width - self.column)])
            return
        column = self.column
        for character, cells in _measured(text):
            if cells == 0:
                self._combine(row, column - 1, character)
            elif column + cells > self.width:
                break
            else:
                self._put(row, column, character, cells)
                column += cells
        self.column = column

    def _write_ascii(self, row: list[Cell], text: str) -> None:
        """All at once: most of what is said is blanks and figures."""
        if not text:
            return
        column, after, pen = self.column, self.column + len(text), self.pen
        blank = Cell(" ", blank_of(pen))
        self._halve(row, column, after)
        row[column:after] = [blank if character == " " else Cell(character, pen) for character in text]
        self.column = after

    def _halve(self, row: list[Cell], column: int, after: int) -> None:
        """What is about to be written on cells `column` to `after` leaves no half of a wide character."""
        if row[column].text == RIGHT_HALF and column:
            row[column - 1] = Cell(" ", blank_of(row[column - 1].style))
        if after < self.width and row[after].text == RIGHT_HALF:
            row[after] = Cell(" ", blank_of(row[after].style))

    def _combine(self, row: list[Cell], column: int, mark: str) -> None:
        """A mark joins the character before it; on a blank the ink is seen again."""
        if column > 0 and row[column].text == RIGHT_HALF:
            column -= 1
        if column >= 0:
            before = row[column]
            row[column] = Cell(before.text + mark, self.pen if before.text == " " else before.style)

    def _put(self, row: list[Cell], column: int, character: str, cells: int) -> None:
        self._halve(row, column, column + cells)
        row[column] = Cell(character, blank_of(self.pen) if character == " " else self.pen)
        if cells == 2:
            row[column + 1] = Cell(RIGHT_HALF, self.pen)
