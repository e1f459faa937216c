"""Pictures for a printer of dots: GS v 0, a row of bits after the other, the highest bit leftmost.

Always true: no byte of a picture is one with which a command begins. Such a byte gets one more dot, which
nobody sees; a printer that lost its place within a picture (a cut line, its power) would else take dots for a
pulse to the drawer, and some look for their real-time commands inside of pictures, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

DOTS_A_CELL: Final = 12
BAND_ROWS: Final = 255
HEAD: Final = b"\x1dv0"
COMMANDS_BEGIN: Final = frozenset({0x10, 0x1B, 0x1C, 0x1D, 0x1F})
MORE_INK: Final = bytes(each | 0x20 if each in COMMANDS_BEGIN else each for each in range(256))


def paper_bytes(columns: int) -> int:
    """Bytes of a row over the whole width of the paper."""
    return columns * DOTS_A_CELL // 8


def picture(rows: Sequence[bytes], *, double_height: bool = False) -> bytes:
    """The command that prints `rows`, all of one length; nothing for no row or an empty one.

    The paper is moved by the height of the picture and no further.
    """
    wide = len(rows[0]) if rows else 0
    if not wide:
        return b""
    parts = []
    for at in range(0, len(rows), BAND_ROWS):  # small printers have no memory for more
        band = rows[at : at + BAND_ROWS]
        head = HEAD + bytes([double_height]) + wide.to_bytes(2, "little") + len(band).to_bytes(2, "little")
        parts.append(head + b"".join(band).translate(MORE_INK))
    return b"".join(parts)
