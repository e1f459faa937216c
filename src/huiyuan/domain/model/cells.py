"""Cells of text on paper: what a receipt printer in its Chinese mode makes of each character.

Always true: an ASCII character is one cell, a combining mark none, everything else two, because a printer
draws every two-byte code as wide as a Chinese character (an é too, where a screen gives it one cell); what
comes out of `plain` holds no control character, so outside text cannot open a drawer.
"""

from __future__ import annotations

import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_COMBINING = frozenset({"Mn", "Me"})
REPLACEMENT = "?"


def char_cells(char: str) -> int:
    """0 for combining marks, 1 for ASCII, else 2."""
    if char.isascii():
        return 1
    return 0 if unicodedata.category(char) in _COMBINING else 2


def cells(text: str) -> int:
    """The width of `text` in cells."""
    return sum(map(char_cells, text))


def plain(text: str) -> str:
    """Outside text made fit for paper: controls, overrides and invisible characters become `?`."""
    return "".join(
        REPLACEMENT if unicodedata.category(char) in _INVISIBLE else char
        for char in unicodedata.normalize("NFC", text)
    )


def cut(text: str, columns: int) -> str:
    """The longest start of `text` that fits `columns` cells."""
    width = 0
    for i, char in enumerate(text):
        width += char_cells(char)
        if width > columns:
            return text[:i]
    return text


def wrap(text: str, columns: int) -> list[str]:
    """Lines of at most `columns` cells, broken anywhere; an empty text is one empty line.

    Raises ValueError if `columns` is below 2, where a wide character would never fit.
    """
    if columns < 2:
        raise ValueError("a line holds at least one wide character")
    lines = []
    while cells(text) > columns:
        start = cut(text, columns)
        lines.append(start)
        text = text[len(start) :]
    return [*lines, text]


def centre(text: str, columns: int) -> str:
    """Cut or set in the middle; no spaces behind."""
    start = cut(text, columns)
    return " " * ((columns - cells(start)) // 2) + start


def spread(left: str, right: str, columns: int) -> list[str]:
    """`left` and `right` at both ends of one line, or of two if they do not fit one."""
    gap = columns - cells(left) - cells(right)
    if gap >= 1:
        return [left + " " * gap + right]
    tail = cut(right, columns)
    return [*wrap(left, columns), " " * (columns - cells(tail)) + tail]
