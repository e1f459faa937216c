"""What a device was told and said at a shop, from a report, played into the simulator: does it do the same?

Always true: only this machine's simulators are spoken to; a report is text from outside, of which nothing but
hexadecimal bytes under a known heading is taken.
"""

from __future__ import annotations

import contextlib
import os
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from huiyuan.devices.cards.formats import formats_of, read_card
from huiyuan.devices.scales.protocols import READERS
from huiyuan.devices.scanning.codes import Codes, Framing
from huiyuan.devices.simulators.customer_display import SimulatedDisplay
from huiyuan.devices.simulators.network_printer import NetworkPrinter
from huiyuan.domain.model.devices import BytePiece

REPORT_MOST: Final = 4_000_000
ANSWER_WITHIN_S: Final = 5.0
SILENT_S: Final = 0.02
DONE_WITHIN_S: Final = 5.0
NOT_THERE: Final = b"\x6a\x82"
ATR_BEGINS: Final = (0x3B, 0x3F)
_HEADING: Final = re.compile(r"bytes ([a-z]+), oldest first")
_PIECE: Final = re.compile(r"\S+ ([<>]) ((?:[0-9a-f]{2} ?)+)")


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of the bytes of one device.

    Attributes:
        asked: how many answers the device gave at the shop.
        same: how many of them the simulator gave, too.
        differs: the others, first to last: then and now.
        result: what came of it: rows on the display, a weight, codes, a card; of a printer nothing.
        on_paper: bytes that the printer printed.
        pulses: how often the drawer sprang open.
    """

    kind: str
    asked: int
    same: int
    differs: tuple[tuple[bytes, bytes], ...]
    result: str
    on_paper: int = 0
    pulses: int = 0


def read_report(text: str) -> dict[str, tuple[BytePiece, ...]]:
    """The bytes of each device in a report; empty if it is none."""
    found: dict[str, list[BytePiece]] = {}
    kind = ""
    for line in text[:REPORT_MOST].splitlines():
        heading = _HEADING.match(line)
        if heading:
            kind = heading[1]
            continue
        piece = _PIECE.fullmatch(line.strip())
        if piece and kind:
            data = bytes.fromhex(piece[2])
            found.setdefault(kind, []).append(BytePiece(0, piece[1] == ">", data))
    return {each: tuple(pieces) for each, pieces in found.items() if each in _PLAYERS}


def replay(kind: str, pieces: Sequence[BytePiece]) -> Replayed:
    """Play the bytes of a device of `kind`, one of those that `read_report` finds."""
    return _PLAYERS[kind](pieces)


def _printer(pieces: Sequence[BytePiece]) -> Replayed:
    answered: list[tuple[bytes, bytes]] = []
    with NetworkPrinter() as device, socket.create_connection(("127.0.0.1", device.port)) as line:
        line.settimeout(ANSWER_WITHIN_S)
        for piece in pieces:
            if piece.out:
                line.sendall(piece.data)
            else:
                heard = _heard(line, len(piece.data))
                answered.append((piece.data, heard))
                if not heard:  # silent once: the rest is not waited for as long
                    line.settimeout(SILENT_S)
        line.settimeout(ANSWER_WITHIN_S)
        line.sendall(b"\x1dr\x01")
        _heard(line, 1)  # now everything before it is on paper
        on_paper, pulses = len(device.printed), device.pulses
    return replace(_compared("printer", answered, ""), on_paper=on_paper, pulses=pulses)


def _heard(line: socket.socket, most: int) -> bytes:
    heard = b""
    with contextlib.suppress(TimeoutError):
        while len(heard) < most and (part := line.recv(most - len(heard))):
            heard += part
    return heard


def _display(pieces: Sequence[BytePiece]) -> Replayed:
    told = b"".join(piece.data for piece in pieces)
    with SimulatedDisplay() as device:
        file = os.open(device.path, os.O_WRONLY | os.O_NOCTTY)
        try:
            os.write(file, told)
            until = time.monotonic() + DONE_WITHIN_S
            while device.taken < len(told) and time.monotonic() < until:
                time.sleep(0.01)
        finally:
            os.close(file)
        shown = " | ".join(filter(None, (*device.rows, device.lamp)))
        strange = device.strange.hex(" ")
    return Replayed("display", 0, 0, (), f"{shown} ({strange})" if strange else shown)


def _scale(pieces: Sequence[BytePiece]) -> Replayed:
    """Under each way of speaking: the one that reads a weight is the one to be set."""
    said = b"".join(piece.data for piece in pieces if not piece.out)
    return Replayed(
        "scale", 0, 0, (), ", ".join(f"{way}: {read(said)}" for way, (_, read) in READERS.items())
    )


def _scanner(pieces: Sequence[BytePiece]) -> Replayed:
    codes = Codes(Framing())
    found = [code for n, piece in enumerate(pieces) for code in codes.feed(piece.data, at_ms=n)]
    return Replayed("scanner", 0, 0, (), ", ".join(found))


def _reader(pieces: Sequence[BytePiece]) -> Replayed:
    """A card that answers as the one at the shop did, asked as we ask; a command of ours that was not asked
    there is answered with `not there`."""
    atr = next((each.data for each in pieces if not each.out and each.data[:1][0] in ATR_BEGINS), b"")
    answers = iter(_pairs(pieces))
    asked: list[tuple[bytes, bytes]] = []

    def transmit(command: bytes) -> bytes:
        then, answer = next(answers, (b"", NOT_THERE))
        asked.append((then[:2], command[:2]))
        return answer

    card = read_card(transmit, atr, formats_of("ndef,classic,uid"))
    return _compared("reader", asked, f"{card.technology} {' '.join(name for name, _ in card.readings)}")


def _pairs(pieces: Sequence[BytePiece]) -> Iterator[tuple[bytes, bytes]]:
    """A command and its answer; one that was never answered is left out."""
    command = b""
    for piece in pieces:
        if piece.out:
            command = piece.data
        elif command:
            yield command, piece.data
            command = b""


def _compared(kind: str, answered: Sequence[tuple[bytes, bytes]], result: str) -> Replayed:
    differs = tuple((then, now) for then, now in answered if then != now)
    return Replayed(kind, len(answered), len(answered) - len(differs), differs, result.strip())


_PLAYERS: Final[dict[str, Callable[[Sequence[BytePiece]], Replayed]]] = {
    "printer": _printer,
    "display": _display,
    "scale": _scale,
    "reader": _reader,
    "scanner": _scanner,
}
