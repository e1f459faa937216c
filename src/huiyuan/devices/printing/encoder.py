"""A slip as the bytes of an ESC/POS printer.

Always true: of what a line holds, nothing below 0x20 reaches the printer and nothing that it could take for a
command; every command is written here; in the Chinese encodings a line has exactly as many bytes as cells
(ASCII one, everything else two), so that columns stay columns.
"""

from __future__ import annotations

import unicodedata
from typing import Final, cast

from huiyuan.devices.printing.profile import Drawer, Encoding
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

# Signs that people type and printers lack in their Chinese fonts, and the one that stands for each.
SAME_SIGN: Final = {
    "\u00a5": "￥",
    "\u2022": "·",
    "\u301c": "～",
    "\u2014": "—",
    "\u2013": "—",
    "\u00a0": "  ",
}


def encode_line(text: str, encoding: Encoding) -> bytes:
    """One line without its end; what the printer cannot draw becomes a full-width question mark."""
    return b"".join(_encode_char(char, encoding) for char in text)


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
    try:
        code = char.encode(encoding)
    except UnicodeEncodeError:
        code = b""
    # Four-byte codes are in no printer's font: it would draw two wrong characters and shift the rest.
    return code if len(code) == 2 else NOTHING.encode(encoding)


def encode_trials(columns: int, *, cuts: bool) -> bytes:
    """A page with a numbered line in each encoding, to be looked at."""
    parts = [INITIALISE, b"-" * columns + b"\n"]
    for number, name in enumerate(TRIED_ENCODINGS, start=1):
        encoding = cast(Encoding, name)
        parts.append(CHINESE_OFF if encoding == "utf-8" else CHINESE_ON)
        parts.append(f"{number} {name:8}".encode("ascii") + encode_line(TRIED_TEXTS[name], encoding) + b"\n")
    return b"".join([*parts, INITIALISE, FEED_AND_CUT if cuts else FEED])


def encode_slip(receipt: Receipt, encoding: Encoding, *, cuts: bool, drawer: Drawer = "none") -> bytes:
    """The whole job: mode, lines, feed or cut. The queued drawer pulse comes first, if it is wanted."""
    opens = receipt.opens_drawer and not receipt.is_copy
    parts = [INITIALISE]
    if opens and drawer == "queued":
        parts.append(DRAWER_QUEUED)
    if encoding != "utf-8":
        parts.append(CHINESE_ON)
    for index, line in enumerate(receipt.lines):
        text = encode_line(line, encoding) + b"\n"
        parts.append(TALL_ON + text + TALL_OFF if index in receipt.tall else text)
    parts.append(FEED_AND_CUT if cuts else FEED)
    return b"".join(parts)
