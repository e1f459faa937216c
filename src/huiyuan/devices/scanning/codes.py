"""Codes out of a scanner's bytes: framed by its prefix and suffix, decoded, doubled ones dropped.

Always true: nothing longer than `CODE_MOST` is kept; what is no text is no code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CODE_MOST: Final = 512
ENDS: Final = b"\r\n\t"


@dataclass(frozen=True, slots=True)
class Framing:
    """How a scanner was programmed.

    Attributes:
        prefix: What it sends before each code; empty: nothing.
        repeat_ms: The same code within so many milliseconds is the same scan; 0: never.
    """

    prefix: str = ""
    repeat_ms: int = 0


class Codes:
    """Codes of one scanner, in order."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._held = b""
        self._overrun = False
        self._last = ("", -1)
        self.without_prefix = 0

    def feed(self, heard: bytes, *, at_ms: int) -> Iterator[str]:
        """The codes that are complete with `heard`, which came at `at_ms` of any steady clock."""
        for byte in heard:
            if byte not in ENDS:
                if len(self._held) < CODE_MOST:
                    self._held += bytes([byte])
                else:
                    self._overrun = True
                continue
            held, self._held = self._held, b""
            overrun, self._overrun = self._overrun, False
            code = "" if overrun else self._unframed(decoded(held))
            if code and not self._doubled(code, at_ms):
                yield code

    def _unframed(self, code: str) -> str:
        """Without the prefix. A code that lost it is taken as it is, and counted."""
        prefix = self._framing.prefix
        if not prefix or not code:
            return code
        self.without_prefix += not code.startswith(prefix)
        return code.removeprefix(prefix)

    def _doubled(self, code: str, at_ms: int) -> bool:
        before, before_ms = self._last
        self._last = (code, at_ms)
        return code == before and before_ms >= 0 and at_ms - before_ms < self._framing.repeat_ms


def decoded(raw: bytes) -> str:
    """UTF-8 if it is that, else GBK, as scanners made for China send; empty if it is neither, or steers."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding).strip()
        except UnicodeDecodeError:
            continue
        return text if text.isprintable() else ""
    return ""
