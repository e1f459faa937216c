"""A QR code on a slip: drawn by the printer itself, or as dots for one that cannot.

Always true: a text that no reader of such codes should get (a control character, too long) makes no code and
no error; the slip goes out without one.
"""

from __future__ import annotations

from typing import Any, Final

from huiyuan.devices.printing.dots import paper_bytes, picture

CODE_MOST: Final = 512
MODULE_DOTS: Final = 6
QUIET_MODULES: Final = 4
CENTRE: Final = b"\x1ba\x01"
LEFT: Final = b"\x1ba\x00"
_FUNCTION: Final = b"\x1d(k"
_MODEL_2: Final = b"1A2\x00"
_ROBUST: Final = b"1E1"  # level M: a crease or a wet thumb leaves it readable
_STORE: Final = b"1P0"
_PRINT: Final = b"1Q0"


def qr(text: str) -> bytes:
    """The commands by which a printer draws `text` as a code in the middle of a line of its own."""
    data = _printable(text)
    if not data:
        return b""
    size = b"1C" + bytes([MODULE_DOTS])
    return CENTRE + b"".join(map(_function, (_MODEL_2, size, _ROBUST, _STORE + data, _PRINT))) + LEFT


def qr_dots(text: str, columns: int) -> bytes:
    """The same code as a picture in the middle of paper of `columns` cells; nothing where it is too wide."""
    data = _printable(text)
    if not data:
        return b""
    modules = _matrix(data)
    width = len(modules) + 2 * QUIET_MODULES
    paper = paper_bytes(columns) * 8
    size = min(MODULE_DOTS, paper // width)
    if size < 2:
        return b""
    left = (paper - len(modules) * size) // 2
    rows = []
    for line in modules:
        bits = "0" * left + "".join(("1" if dark else "0") * size for dark in line)
        row = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
        rows += [row] * size
    return picture(rows)


def _printable(text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    return data if text.isprintable() and len(data) <= CODE_MOST else b""


def _function(rest: bytes) -> bytes:
    return _FUNCTION + len(rest).to_bytes(2, "little") + rest


def _matrix(data: bytes) -> list[list[bool]]:
    import qrcode  # loads Pillow, so not before a code is due

    made: Any = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=0)
    made.add_data(data)
    made.make(fit=True)
    modules: list[list[bool]] = made.get_matrix()
    return modules
