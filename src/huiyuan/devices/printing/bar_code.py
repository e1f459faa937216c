"""A barcode on a label: drawn by the printer itself, or as dots for one that cannot.

Always true: a till reads it back as the text it was made of; thirteen digits that end well are an EAN-13, all
else is Code 128; what has no such code, or does not fit the paper, makes none and no error.
"""

from __future__ import annotations

import re
from typing import Any, Final

from huiyuan.devices.printing.dots import paper_bytes, picture
from huiyuan.domain.model.barcode import EAN_DIGITS, wrong_ean

BARS_MOST: Final = 32
MODULE_DOTS: Final = 2
"""Even, as is the margin: so no byte of the dots is one with which a command begins, and none is changed."""
HEIGHT_DOTS: Final = 64
QUIET_MODULES: Final = 10
CENTRE: Final = b"\x1ba\x01"
LEFT: Final = b"\x1ba\x00"
_NO_FIGURES: Final = b"\x1dH\x00"
_HEIGHT: Final = b"\x1dh" + bytes([HEIGHT_DOTS])
_WIDTH: Final = b"\x1dw" + bytes([MODULE_DOTS])
_EAN_13: Final = b"\x1dk\x43"
_CODE_128: Final = b"\x1dk\x49"
_SET_B: Final = b"{B"
_PLAIN: Final = re.compile(r"[ -z]+")  # of set B what no printer takes for the brace of its own commands


def bars(text: str, columns: int) -> bytes:
    """The commands by which a printer draws `text` as bars in the middle of paper of `columns` cells."""
    if not _modules(text, columns):
        return b""
    data = text.encode("ascii")
    told = (_EAN_13, data) if _is_ean(text) else (_CODE_128, _SET_B + data)
    drawn = told[0] + bytes([len(told[1])]) + told[1]
    return CENTRE + _NO_FIGURES + _HEIGHT + _WIDTH + drawn + LEFT


def bars_dots(text: str, columns: int) -> bytes:
    """The same bars as a picture."""
    modules = _modules(text, columns)
    if not modules:
        return b""
    margin = (paper_bytes(columns) * 8 - len(modules) * MODULE_DOTS) // 2 & ~1
    bits = "0" * margin + "".join(bit * MODULE_DOTS for bit in modules)
    wide = -(-len(bits) // 8)
    return picture([int(bits.ljust(wide * 8, "0"), 2).to_bytes(wide, "big")] * HEIGHT_DOTS)


def _is_ean(text: str) -> bool:
    return len(text) == EAN_DIGITS and text.isdecimal() and wrong_ean(text) is None


def _modules(text: str, columns: int) -> str:
    """Ones for ink, noughts for paper; empty where `text` has no bars on such paper."""
    if not _PLAIN.fullmatch(text) or len(text) > BARS_MOST:
        return ""
    import barcode  # loads its tables, so not before a label is due

    made: Any = barcode.EAN13(text[:-1]) if _is_ean(text) else barcode.Code128(text)
    modules: str = made.build()[0]
    fits = (len(modules) + 2 * QUIET_MODULES) * MODULE_DOTS <= paper_bytes(columns) * 8
    return modules if fits else ""
