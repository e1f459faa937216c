"""What a printer's status bytes mean (DLE EOT 1, 2 and 4, and GS r 1), and questions to ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.domain.model.printing import PrinterState

ASK_PRINTER: Final = 1
ASK_CAUSE: Final = 2
ASK_PAPER: Final = 4
ASKED: Final = (ASK_PRINTER, ASK_CAUSE, ASK_PAPER)
DRAWER_PIN: Final = 0x04
"""In the answer to question 1: the drawer's pin is high. Which level means open differs by drawer."""
BARRIER: Final = b"\x1dr\x01"
"""Answered in its turn, that is after everything before it was printed."""


def question(n: int) -> bytes:
    """DLE EOT n: answered at once, also by a printer that is stuck."""
    return b"\x10\x04" + bytes([n])


def is_status(byte: int) -> bool:
    """Whether a byte can be the answer to DLE EOT: its fixed bits say so."""
    return byte & 0x93 == 0x12


def is_barrier(byte: int) -> bool:
    """Whether a byte can be the answer to GS r 1."""
    return byte & 0x90 == 0


def state_of(answers: Mapping[int, int]) -> PrinterState:
    """How the printer stands by its answers to questions 1, 2 and 4; a missing one counts as fine."""
    printer, cause, paper = (answers.get(n, 0x12) for n in ASKED)
    if cause & 0x04:
        return PrinterState.COVER_OPEN
    if cause & 0x20 or paper & 0x60:
        return PrinterState.NO_PAPER
    if printer & 0x08 or cause & 0x40:
        return PrinterState.OFFLINE
    return PrinterState.PAPER_LOW if paper & 0x0C else PrinterState.READY
