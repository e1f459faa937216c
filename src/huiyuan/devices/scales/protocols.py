"""What serial scales say, read into thousandths of a kilogram.

Three ways of speaking: `sics` (asked with S, answers a line: Mettler Toledo and many after them), `ad` (lines
such as `ST,GS,+0000.735kg`, asked with Q or unasked: A&D, CAS and most weighing heads), and `toledo` (frames
of seventeen or eighteen bytes without end).

Always true: a weight is taken only if the scale calls it stable and it is above nothing; whatever cannot be
read is no weight.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

Reading = int | str
"""Grams, or why there are none: `unsteady`, `overload`, `empty`, `garbled`; `` means: not yet all of it."""

STX: Final = 0x02
FRAME: Final = 17
GRAMS: Final = {"kg": 3, "g": 0}
_SICS: Final = re.compile(r"S\s+([SDI+-])(?:\s+(-?[0-9]+(?:\.[0-9]+)?)\s*(kg|g))?")
_AD: Final = re.compile(
    r"(ST|US|OL)(?:,(?:GS|NT|TR|G|N))?,\s*([+-]?)\s*([0-9]*\.?[0-9]*)\s*(kg|g)?", re.IGNORECASE
)
_STABLE_NEEDED: Final = {"S": "", "D": "unsteady", "I": "unsteady", "+": "overload", "-": "empty"}


def read_sics(heard: bytes) -> Reading:
    """The last whole line."""
    found = _said(_SICS, heard)
    if isinstance(found, str):
        return found
    return _STABLE_NEEDED[found[1]] or _grams(found[2], found[3])


def read_ad(heard: bytes) -> Reading:
    """The last whole line."""
    found = _said(_AD, heard)
    if isinstance(found, str):
        return found
    if found[1].upper() != "ST":
        return "overload" if found[1].upper() == "OL" else "unsteady"
    return "empty" if found[2] == "-" else _grams(found[3], (found[4] or "kg").lower())


def read_toledo(heard: bytes) -> Reading:
    """The last whole frame: STX, three bytes of status, six digits of weight, six of tare, CR."""
    at = heard.rfind(STX)
    while at >= 0 and len(heard) - at < FRAME:
        at = heard.rfind(STX, 0, at)
    if at < 0:
        return ""
    frame = heard[at : at + FRAME]
    digits = frame[4:10].replace(b" ", b"0")
    if frame[16] != 0x0D or not digits.isdigit():
        return "garbled"
    status = frame[2]
    if status & 0x04:
        return "overload"
    if status & 0x08:
        return "unsteady"
    places = (frame[1] & 0x07) - 2
    if not status & 0x10 or places < 0:  # pounds, or a scale that counts in tens
        return "garbled"
    grams = int(digits) * 1000 // 10**places
    return "empty" if status & 0x02 or grams == 0 else grams


def _said(line_of: re.Pattern[str], heard: bytes) -> re.Match[str] | str:
    """The last whole line as such a scale says it, or why it is no weight."""
    line = _last_line(heard)
    return (line_of.fullmatch(line) or "garbled") if line else ""


def _last_line(heard: bytes) -> str:
    lines = heard.replace(b"\r", b"\n").split(b"\n")[:-1]
    whole = [line for line in lines if line.strip()]
    return whole[-1].decode("ascii", "replace").strip() if whole else ""


def _grams(figure: str | None, unit: str | None) -> Reading:
    if not figure or unit is None:
        return "garbled"
    whole, _, rest = figure.partition(".")
    places = GRAMS[unit]
    if whole.startswith("-"):
        return "empty"
    if len(rest) > places and rest[places:].strip(
        "0"
    ):  # finer than a gram: cut, as a scale's own display does
        rest = rest[:places]
    digits = (whole or "0") + rest[:places].ljust(places, "0")
    if not digits.isdigit():
        return "garbled"
    return int(digits) or "empty"


READERS: Final[dict[str, tuple[bytes, Callable[[bytes], Reading]]]] = {
    "sics": (b"S\r\n", read_sics),
    "ad": (b"Q\r\n", read_ad),
    "toledo": (b"", read_toledo),
}
"""What a scale is asked with (nothing, if it speaks unasked), and how it is understood."""
