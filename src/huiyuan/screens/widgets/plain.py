"""Text from outside, made harmless and cut to cells before a widget sees it.

Always true of what leaves here: no markup is interpreted (it is a `Text`, or goes into one), no control,
direction or invisible character reaches the terminal (each is shown as a visible mark), and a width is
counted in cells, so that a Chinese character is two. The cut is marked with two dots, because the usual
ellipsis is one cell on some terminals and two on others.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from rich.cells import cell_len, get_character_cell_size
from rich.text import Text

Align = Literal["left", "right"]
CUT: Final = ".."
CLOSING: Final = ",;:!?)%，。；：！？、）」』》”’"  # begins no line
OPENING: Final = "(（「『《“‘"  # ends none
MARKS_MAX: Final = 2  # combining marks that a letter may carry; more would climb over its neighbours

_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ALSO_HIDDEN: Final = frozenset("\u00ad\u115f\u1160\u3164\uffa0\u2800")


def _mark(char: str) -> str:
    """What stands for a character that must not be sent: ^[ for escape, <202E> for a direction mark."""
    code = ord(char)
    if code < 0x20:
        return "^" + chr(code + 0x40)
    if code == 0x7F:
        return "^?"
    return f"<{code:02X}>"


@lru_cache(maxsize=4096)
def visible(text: str) -> str:
    """`text` with every character that steers a terminal, turns text or hides shown as a mark."""
    if text.isascii() and text.isprintable():
        return text
    out: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in _HIDDEN_CATEGORIES or char in _ALSO_HIDDEN:
            out.append(_mark(char))
            marks = 0
        elif category in {"Mn", "Me"}:
            marks += 1
            if marks <= MARKS_MAX:
                out.append(char)
        else:
            out.append(" " if category == "Zs" and char != "\u3000" else char)
            marks = 0
    return "".join(out)


def plain(text: object, style: str = "") -> Text:
    """Outside text as a `Text` that cannot be markup, on one line."""
    return Text(visible(str(text)), style=style, no_wrap=True, overflow="crop", end="")


def cells(text: str) -> int:
    """How many cells the terminal gives to `text` once it is visible."""
    return cell_len(visible(text))


def fit(text: object, width: int, align: Align = "left") -> str:
    """`text` in exactly `width` cells: cut with two dots when longer, filled with spaces when shorter.

    A wide character that does not fit whole at the cut is left out, never halved.
    """
    if width <= 0:
        return ""
    shown = visible(str(text))
    length = cell_len(shown)
    if length > width:
        cut = CUT if width > len(CUT) else ""
        shown = _head(shown, width - len(cut)) + cut
        length = cell_len(shown)
    gap = " " * (width - length)
    return gap + shown if align == "right" else shown + gap


def _head(text: str, width: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += get_character_cell_size(char)
        if used > width:
            return text[:index]
    return text


def wrap(text: str, width: int, *, measure: Callable[[str], int] = cell_len) -> list[str]:
    """Break a sentence into lines of at most `width` cells: at spaces, and between wide characters."""
    if width <= 0:
        return []
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(visible(paragraph)):
            if line and measure(line + piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
                piece = piece.lstrip()
            while measure(piece.rstrip()) > width:
                head = _head(piece, width) or piece[:1]
                lines.append(head)
                piece = piece[len(head) :]
            line += piece
        lines.append(line.rstrip())
    return lines


def _pieces(text: str) -> list[str]:
    """Split into what may not be broken: words with the space after them, single wide characters.

    Closing punctuation stays with what stands before it, what opens with what follows.
    """
    pieces: list[str] = []
    for char in text:
        wide = get_character_cell_size(char) == 2
        glued = char in CLOSING or (char == " " and bool(pieces))
        if not pieces:
            pieces.append(char)
        elif glued or pieces[-1][-1] in OPENING:
            pieces[-1] += char
        elif wide or pieces[-1].endswith(" ") or get_character_cell_size(pieces[-1][-1]) == 2:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces
