"""A slip as the bytes of an ESC/POS printer.

Always true: of what a line holds, nothing below 0x20 reaches the printer and nothing that it could take for a
command; every command is written here, in `dots`, `qr_code` or `bar_code`; in the Chinese encodings a line
has exactly as many bytes as cells (ASCII one, everything else two), so that columns stay columns.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

from huiyuan.devices.printing.bar_code import bars, bars_dots
from huiyuan.devices.printing.profile import Code, Drawer, Encoding
from huiyuan.devices.printing.qr_code import qr, qr_dots
from huiyuan.domain.model.devices import TRIED_ENCODINGS, TRIED_TEXTS
from huiyuan.domain.model.receipt import Receipt

INITIALISE: Final = b"\x1b@"
CHINESE_ON: Final = b"\x1c&"
CHINESE_OFF: Final = b"\x1c."
TALL_ON: Final = b"\x1d!\x01"
TALL_OFF: Final = b"\x1d!\x00"
FEED_AND_CUT: Final = b"\x1dVB\x00"
FEED: Final = b"\x1bd\x04"
DRAWER_NOW: Final = b"\x10\x14\x01\x00\x01"  # real time, pin 2, 100 ms: at once or never
DRAWER_QUEUED: Final = b"\x1bp\x00\x19\xfa"  # pin 2, 50 ms on, 500 ms off: in its turn
NOTHING: Final = "？"
LEFT_OUT: Final = "？＝本机无此字 not in the font"
"""Below a slip on which one stands for a character: nobody takes it for the name."""
DRAWN_INSTEAD: Final[Encoding] = "gb18030"
"""Of a line that should have been drawn and cannot be."""
Draw = Callable[[str, int, bool], bytes]

# Signs that people type and printers lack in their Chinese fonts, and the one that stands for each.
SAME_SIGN: Final = {
    "\u00a5": "￥",
    "\u2022": "·",
    "\u301c": "～",
    "\u2014": "—",
    "\u2013": "—",
    "\u00a0": "  ",
}
OF_GB2312: Final = {"·": b"\xa1\xa4", "—": b"\xa1\xaa"}
"""Signs that Python knows there under another number: a printer's font has them."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is printed as dots.

    Attributes:
        line: draws a text on so many cells, tall or not; None where nothing can be drawn.
        missing: how many characters of a text it would leave out.
        logo: stands above the slip.
    """

    line: Draw | None = None
    logo: bytes = b""
    missing: Callable[[str], int] = lambda _: 0


def encode_line(text: str, encoding: Encoding) -> bytes:
    """One line without its end; what the printer cannot draw becomes a full-width question mark."""
    return b"".join(_encode_char(char, encoding) for char in text)


def missing(text: str, encoding: Encoding) -> int:
    """How many characters of `text` have no code in `encoding`, marks that it would leave out among them."""
    nothing = _encode_wide(NOTHING, encoding)
    return sum(_encode_char(char, encoding) in {b"", nothing} for char in text if char != NOTHING)


def _encode_char(char: str, encoding: Encoding) -> bytes:
    if " " <= char <= "~":
        return char.encode("ascii")
    category = unicodedata.category(char)
    if category in {"Mn", "Me"}:  # it has no cell of its own
        return b""
    if category[0] in "CZ" and char not in SAME_SIGN and char != "\u3000":
        return b"?" if char.isascii() else _encode_wide(NOTHING, encoding)
    same = SAME_SIGN.get(char, char)
    return same.encode("ascii") if same.isascii() else _encode_wide(same, encoding)


def _encode_wide(char: str, encoding: Encoding) -> bytes:
    if encoding == "utf-8":
        return char.encode("utf-8")
    name = DRAWN_INSTEAD if encoding == "raster" else encoding
    if name == "gb2312" and char in OF_GB2312:
        return OF_GB2312[char]
    try:
        code = char.encode(name)
    except UnicodeEncodeError:
        code = b""
    # Four-byte codes are in no printer's font: it would draw two wrong characters and shift the rest.
    return code if len(code) == 2 else NOTHING.encode(name)


def encode_trials(columns: int, *, cuts: bool, drawn: Drawn | None = None) -> bytes:
    """A page with a numbered line in each encoding, to be looked at; the last one is drawn, if it can be."""
    parts = [INITIALISE, b"-" * columns + b"\n"]
    for number, name in enumerate(TRIED_ENCODINGS, start=1):
        encoding = cast(Encoding, name)
        label = f"{number} {name:8}"
        if encoding == "raster":
            draw = drawn.line if drawn else None
            parts.append(draw(label + TRIED_TEXTS[name], columns, False) if draw else label.encode() + b"-\n")
            continue
        parts.append(CHINESE_OFF if encoding == "utf-8" else CHINESE_ON)
        parts.append(label.encode("ascii") + encode_line(TRIED_TEXTS[name], encoding) + b"\n")
    return b"".join([*parts, INITIALISE, FEED_AND_CUT if cuts else FEED])


def encode_slip(
    receipt: Receipt,
    encoding: Encoding,
    *,
    cuts: bool,
    drawer: Drawer = "none",
    code: Code = "native",
    drawn: Drawn | None = None,
) -> bytes:
    """The whole job: mode, lines, code, feed or cut. The queued drawer pulse comes first, if it is wanted.

    Args:
        drawn: draws the lines of which `encoding` has fewer characters, or all where it is `raster`.
    """
    opens = receipt.opens_drawer and not receipt.is_copy
    if not receipt.lines:
        return DRAWER_QUEUED if opens and drawer == "queued" else b""
    parts = [INITIALISE]
    if opens and drawer == "queued":
        parts.append(DRAWER_QUEUED)
    if encoding != "utf-8":
        parts.append(CHINESE_ON)
    parts.append(drawn.logo if drawn else b"")
    draw, left_out = drawn.line if drawn else None, 0
    for index, line in enumerate(receipt.lines):
        tall, own = index in receipt.tall, missing(line, encoding)
        theirs = drawn.missing(line) if drawn and draw and (own or encoding == "raster") else own
        if draw is not None and (encoding == "raster" or theirs < own):
            parts.append(draw(line, receipt.columns, tall))
            left_out += theirs
            continue
        left_out += own
        text = encode_line(line, encoding) + b"\n"
        parts.append(TALL_ON + text + TALL_OFF if tall else text)
    if left_out:
        parts.append(encode_line(LEFT_OUT, encoding) + b"\n")
    if receipt.code and code != "none":
        parts.append(qr(receipt.code) if code == "native" else qr_dots(receipt.code, receipt.columns))
    if receipt.bars and code != "none":
        parts.append((bars if code == "native" else bars_dots)(receipt.bars, receipt.columns))
    parts.append(FEED_AND_CUT if cuts else FEED)
    return b"".join(parts)
