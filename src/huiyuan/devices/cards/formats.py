"""Card formats as data: where on which card a member's number stands, how it is read and written.

A list such as `ndef,classic:4,uid` is tried from left to right. The keys of MIFARE Classic are no secret in
practice, so a number on a card identifies, and never proves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from huiyuan.devices.cards import ndef
from huiyuan.domain.model.presented import PresentedCard

Transmit = Callable[[bytes], bytes]
"""One command to the card; raises PcscFault."""

UID, NDEF, CLASSIC = "uid", "ndef", "classic"
GOOD: Final = b"\x90\x00"
FIRST_PAGE: Final = 4
PAGES_READ_MOST: Final = 64
BLOCK_BYTES: Final = 16
CLASSIC_1K_BLOCKS: Final = 64
FACTORY_KEY: Final = b"\xff" * 6
_RID: Final = b"\xa0\x00\x00\x03\x06"
_TECHNOLOGIES: Final = {1: "classic", 2: "classic", 3: "ntag", 0x26: "classic"}
_READS: Final = {NDEF: "ntag", CLASSIC: "classic"}
SECTOR_TRIES: Final = 4


class NotWritten(Exception):
    """The card refused, or holds something else than was written; `why` is for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class CardFormat:
    """One way to know a card. `block` and `key` (A) are of MIFARE Classic only."""

    kind: str
    block: int = FIRST_PAGE
    key: bytes = field(default=FACTORY_KEY, repr=False)

    def fits(self, technology: str) -> bool:
        """Whether cards of `technology` may have it."""
        return self.kind == UID or _READS[self.kind] == technology


def formats_of(text: str, key: bytes = FACTORY_KEY) -> tuple[CardFormat, ...]:
    """The formats that `text` lists.

    Raises:
        ValueError: One is unknown, or its block holds no data (block 0, and the last of each sector).
    """
    found: list[CardFormat] = []
    for part in filter(None, (each.strip().lower() for each in text.split(","))):
        kind, _, block = part.partition(":")
        if kind not in {UID, NDEF, CLASSIC} or (block and kind != CLASSIC):
            raise ValueError(part)
        number = int(block) if block else FIRST_PAGE
        if not 0 < number < CLASSIC_1K_BLOCKS or number % 4 == 3 or len(key) != len(FACTORY_KEY):
            raise ValueError(part)
        found.append(CardFormat(kind, number, key))
    if not found:
        raise ValueError(text)
    return tuple(found)


def technology_of(atr: bytes) -> str:
    """What a contactless card is, as the reader wrote it into the ATR."""
    at = atr.find(_RID)
    name = atr[at + len(_RID) + 1 : at + len(_RID) + 3] if at >= 0 else b""
    return _TECHNOLOGIES.get(int.from_bytes(name, "big"), "other") if len(name) == 2 else "other"


def read_card(transmit: Transmit, atr: bytes, formats: tuple[CardFormat, ...]) -> PresentedCard:
    """What the card may be known by, in the order of `formats`. A number that stands on a card is asked as
    what it was registered as, and as the number that is printed on it. Raises PcscFault."""
    technology = technology_of(atr)
    readings: list[tuple[str, str]] = []
    for each in formats:
        if each.fits(technology):
            readings += _READERS[each.kind](transmit, each)
    return PresentedCard(tuple(dict.fromkeys(readings)), technology)


def write_card(transmit: Transmit, atr: bytes, formats: tuple[CardFormat, ...], number: str) -> str:
    """Write `number` in the first format that the card can hold, and read it back; answers the technology.

    Raises:
        NotWritten: see there; `why` is `format` if the card can hold none.
        PcscFault: The card went away; what it holds is unknown.
    """
    technology = technology_of(atr)
    wanted = next((each for each in formats if each.kind != UID and each.fits(technology)), None)
    if wanted is None:
        raise NotWritten("format")
    before = read_uid(transmit)
    if wanted.kind == NDEF:
        _write_pages(transmit, ndef.text_bytes(number))
    else:
        _write_block(transmit, wanted, number)
    if number not in [text for _, text in _READERS[wanted.kind](transmit, wanted)]:
        raise NotWritten("read back")
    if read_uid(transmit) != before:
        raise NotWritten("another card")
    return technology


def read_uid(transmit: Transmit) -> str:
    """The card's own number in hex, empty if it tells none."""
    answer = transmit(b"\xff\xca\x00\x00\x00")
    return answer[:-2].hex().upper() if answer[-2:] == GOOD else ""


def _uid(transmit: Transmit, _format: CardFormat) -> list[tuple[str, str]]:
    uid = read_uid(transmit)
    return [("uid", uid)] if uid else []


def _ndef(transmit: Transmit, _format: CardFormat) -> list[tuple[str, str]]:
    memory = b""
    for page in range(FIRST_PAGE, FIRST_PAGE + PAGES_READ_MOST, 4):
        answer = transmit(bytes([0xFF, 0xB0, 0, page, BLOCK_BYTES]))
        if answer[-2:] != GOOD:
            break
        memory += answer[:-2]
        length = ndef.message_length(memory)
        if length is not None and len(memory) >= length:
            break
    text = ndef.read_text(memory)
    return [("ndef", text), ("number", text)] if text else []


def _classic(transmit: Transmit, wanted: CardFormat) -> list[tuple[str, str]]:
    answer = _in_sector(transmit, wanted, bytes([0xFF, 0xB0, 0, wanted.block, BLOCK_BYTES]))
    if answer is None or answer[-2:] != GOOD:
        return []
    raw = answer[:-2].rstrip(b"\0 ")
    plain = raw.isascii() and raw.decode("ascii", "replace").isprintable()
    return [("number", raw.decode("ascii"))] if raw and plain else []


_READERS: Final[dict[str, Callable[[Transmit, CardFormat], list[tuple[str, str]]]]] = {
    UID: _uid,
    NDEF: _ndef,
    CLASSIC: _classic,
}


def _in_sector(transmit: Transmit, wanted: CardFormat, command: bytes) -> bytes | None:
    """The answer to `command` within the sector of `wanted`; None if the key does not fit.

    The service may switch a card off and on between two commands, and the sector is closed then: again, and
    on a busy machine that happens more than once in a row.
    """
    answer = b""
    for _ in range(SECTOR_TRIES):
        if transmit(b"\xff\x82\x00\x00\x06" + wanted.key) != GOOD:
            return None
        if transmit(bytes([0xFF, 0x86, 0, 0, 5, 1, 0, wanted.block, 0x60, 0])) != GOOD:
            return None
        answer = transmit(command)
        if answer[-2:] == GOOD:
            break
    return answer


def _write_block(transmit: Transmit, wanted: CardFormat, number: str) -> None:
    data = number.encode("ascii", "replace")
    if len(data) > BLOCK_BYTES or not number.isascii():
        raise NotWritten("too long")
    command = bytes([0xFF, 0xD6, 0, wanted.block, BLOCK_BYTES]) + data.ljust(BLOCK_BYTES, b"\0")
    answer = _in_sector(transmit, wanted, command)
    if answer != GOOD:
        raise NotWritten("key" if answer is None else "refused")


def _write_pages(transmit: Transmit, message: bytes) -> None:
    """The first page last, so that a card taken away in between has the old text's head, or none."""
    padded = message + b"\0" * (-len(message) % 4)
    pages = [(FIRST_PAGE + at // 4, padded[at : at + 4]) for at in range(0, len(padded), 4)]
    for page, data in [*pages[1:], pages[0]]:
        if transmit(bytes([0xFF, 0xD6, 0, page, 4]) + data) != GOOD:
            raise NotWritten("refused")
