"""A strict reader of ESC/POS, written from printers' manuals: bytes in, lines and a picture out.

It shares nothing with the encoder. A byte sequence that it does not know, a code without a character in the
printer's font, a line wider than the paper: each is an error, because a real printer would not refuse it but
print rubbish, cut, or open the drawer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Final

CELL: Final = 12
LINE: Final = 30


class Misprint(Exception):
    """What a real printer would have made of it, it is not what was meant."""


@dataclass
class PaperView:
    """Paper of `columns` cells under a printer whose Chinese characters are in `encoding`."""

    columns: int
    encoding: str = "gb18030"
    lines: list[str] = field(default_factory=list)
    tall: list[int] = field(default_factory=list)
    cuts: int = 0
    queued_pulses: int = 0
    questions: int = 0
    codes: list[str] = field(default_factory=list)
    bars: list[tuple[str, str]] = field(default_factory=list)
    pictures: list[tuple[int, bytes, int]] = field(default_factory=list)
    _stored: bytes = b""
    _row: str = ""
    _width: int = 0
    _high: bool = False
    _chinese: bool = False

    def feed(self, data: bytes) -> PaperView:
        """Read all of `data`. Raises Misprint."""
        at = 0
        while at < len(data):
            at += self._one(data, at)
        if self._row:
            raise Misprint(f"a line without an end: {self._row!r}")
        return self

    def _one(self, data: bytes, at: int) -> int:
        byte = data[at]
        if byte == 0x0A:
            return self._end_line()
        if byte < 0x20:
            return self._command(data, at)
        if byte < 0x7F:
            return self._put(chr(byte), 1, 1)
        if self.encoding == "utf-8":
            length = (
                2 if byte >> 5 == 0b110 else 3 if byte >> 4 == 0b1110 else 4 if byte >> 3 == 0b11110 else 0
            )
            return self._put(self._decoded(data[at : at + length]), 2, length)
        if not self._chinese:
            raise Misprint(f"{byte:02x} outside the Chinese mode")
        pair = data[at : at + 2]
        if len(pair) < 2 or not (0x40 <= pair[1] <= 0xFE and pair[1] != 0x7F):
            raise Misprint(f"no pair: {pair.hex()}")
        return self._put(self._decoded(pair), 2, 2)

    def _decoded(self, code: bytes) -> str:
        try:
            char = code.decode(self.encoding)
        except UnicodeDecodeError:
            raise Misprint(f"no character: {code.hex()}") from None
        if len(char) != 1:
            raise Misprint(f"no character: {code.hex()}")
        return char

    def _put(self, char: str, wide: int, length: int) -> int:
        self._row += char
        self._width += wide
        if self._width > self.columns:
            raise Misprint(f"wider than the paper: {self._row!r}")
        return length

    def _end_line(self) -> int:
        if self._high:
            self.tall.append(len(self.lines))
        self.lines.append(self._row)
        self._row, self._width = "", 0
        return 1

    def _command(self, data: bytes, at: int) -> int:
        head, n = data[at : at + 2], data[at + 2 : at + 5]
        if head == b"\x1b@":
            self._high = self._chinese = False
            return 2
        if head == b"\x1c&":
            self._chinese = True
            return 2
        if head == b"\x1d!" and n[:1] in (b"\x00", b"\x01"):
            self._high = n[0] == 1
            return 3
        if head == b"\x1bd" and n:
            return 3
        if head == b"\x1dV" and len(n) >= 2 and n[0] == 66:
            self.cuts += 1
            return 4
        if head == b"\x1bp" and len(n) == 3 and n[0] in (0, 1):
            self.queued_pulses += 1
            return 5
        if head == b"\x1ba" and n[:1] in (b"\x00", b"\x01"):
            return 3
        if head == b"\x1d(" and n[:1] == b"k":
            return self._two_dimensional(data[at + 3 : at + 5], data[at + 5 :])
        if head in (b"\x1dH", b"\x1dh", b"\x1dw") and n:
            return self._bars_set(head[1:], n[0])
        if head == b"\x1dk" and n[:1] in (b"\x43", b"\x49"):
            return self._bars(n[0], data[at + 4 : at + 4 + data[at + 3]], data[at + 3])
        if head == b"\x1dv" and n[:1] == b"0":
            return self._picture(data[at + 3 :])
        if head == b"\x1dr" and n[:1] == b"\x01":
            self.questions += 1
            return 3
        raise Misprint(f"unknown at {at}: {data[at : at + 6].hex()}")

    def _two_dimensional(self, size: bytes, rest: bytes) -> int:
        length = int.from_bytes(size, "little")
        told = rest[:length]
        if len(size) < 2 or len(told) < length or told[:1] != b"1":
            raise Misprint(f"no code: {told[:8].hex()}")
        kind, told = told[1], told[2:]
        if kind == 0x50 and told[:1] == b"0":
            self._stored = told[1:]
        elif kind == 0x51 and told == b"0" and self._stored:
            self.codes.append(self._stored.decode("utf-8"))
        elif not (
            (kind == 0x41 and told in (b"1\x00", b"2\x00"))
            or (kind == 0x43 and len(told) == 1 and 1 <= told[0] <= 16)
            or (kind == 0x45 and len(told) == 1 and 0x30 <= told[0] <= 0x33)
        ):
            raise Misprint(f"no function of a code: {kind:02x} {told.hex()}")
        return 5 + length

    def _bars_set(self, what: bytes, n: int) -> int:
        """Figures below (0 to 3), height in dots (above 0), dots of a module (2 to 6)."""
        if not {b"H": n <= 3, b"h": n >= 1, b"w": 2 <= n <= 6}[what]:
            raise Misprint(f"no measure of bars: {what!r} {n}")
        return 3

    def _bars(self, kind: int, told: bytes, length: int) -> int:
        """EAN-13 takes twelve or thirteen figures, Code 128 begins with its set and has a brace twice."""
        if self._row or len(told) < length:
            raise Misprint("bars within a line, or cut")
        if kind == 0x43:
            if len(told) not in (12, 13) or not told.isdigit():
                raise Misprint(f"no EAN-13: {told!r}")
            self.bars.append(("ean13", told.decode("ascii")))
        else:
            if told[:2] not in (b"{A", b"{B", b"{C") or b"{" in told[2:].replace(b"{{", b""):
                raise Misprint(f"no Code 128: {told!r}")
            self.bars.append(("code128", told[2:].replace(b"{{", b"{").decode("ascii")))
        return 4 + length

    def _picture(self, rest: bytes) -> int:
        mode, wide, high = rest[0], int.from_bytes(rest[1:3], "little"), int.from_bytes(rest[3:5], "little")
        dots = rest[5 : 5 + wide * high]
        if mode not in (0, 1) or not wide or not high or len(dots) < wide * high:
            raise Misprint(f"no picture: {rest[:5].hex()}")
        if wide * 8 > -(-self.columns * CELL // 8) * 8:
            raise Misprint(f"a picture wider than the paper: {wide}")
        if any(byte in dots for byte in (0x10, 0x1B, 0x1C, 0x1D)):
            raise Misprint("a printer that lost its place finds a command in this picture")
        if self._row:
            raise Misprint("a picture within a line")
        self.pictures.append((wide, dots, 2 if mode else 1))
        return 8 + len(dots)

    def svg(self) -> str:
        """The paper as a picture: every character in its cells, as the printer would set it."""
        y, drawn = 20, []
        for index, line in enumerate(self.lines):
            high = 2 if index in self.tall else 1
            y += LINE * high
            x = 0
            for char in line:
                wide = 1 if char.isascii() else 2
                if char != " ":
                    place = f'x="{16 + x * CELL}" y="{y // high}" textLength="{wide * CELL}"'
                    scale = ' transform="scale(1,2)"' if high == 2 else ""
                    drawn.append(
                        f'<text {place} lengthAdjust="spacingAndGlyphs"{scale}>{escape(char)}</text>'
                    )
                x += wide
        width, height = 32 + self.columns * CELL, y + 40
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">'
            f'<rect width="{width}" height="{height}" fill="#fdfcf8"/>'
            '<g font-family="Noto Sans Mono CJK SC, Sarasa Mono SC, monospace" font-size="21" fill="#222">'
            + "\n".join(drawn)
            + f'</g><path d="M0 {height - 12}H{width}" stroke="#999" stroke-dasharray="6 4"/></svg>\n'
        )
