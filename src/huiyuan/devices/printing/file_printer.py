"""A printer that is a folder: every slip becomes a text file, whole or not at all.

Always true: a file that is there is complete (written beside, flushed, then renamed); nothing is overwritten,
a copy gets a number of its own; the name is made of letters, digits and dashes only.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

from huiyuan.devices.printing.watched_state import WatchedState
from huiyuan.domain.model.errors import OutOfPaper, PrinterUnavailable
from huiyuan.domain.model.printing import PrinterState
from huiyuan.domain.model.receipt import Receipt

COPIES_MAX: Final = 999
_DISK_FULL: Final = frozenset({28, 122})  # ENOSPC, EDQUOT


class FilePrinter(WatchedState):
    """Fills the port ReceiptPrinter. The folder is made at the first slip, 0700."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def check(self) -> PrinterState:
        """Whether the folder is there or can be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            return self._stands(PrinterState.UNREACHABLE)
        return self._stands(PrinterState.READY)

    def print_receipt(self, receipt: Receipt) -> bool:
        """Write one slip; a file is its own proof.

        Raises:
            OutOfPaper: The disk is full.
            PrinterUnavailable: The folder cannot be written, or a slip was printed 999 times.
        """
        if not receipt.lines:  # a drawer that opens; there is none here
            return True
        text = "\n".join(receipt.lines) + "\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(text, _plain_name(receipt.number))
        except OSError as error:
            if error.errno in _DISK_FULL:
                self._stands(PrinterState.NO_PAPER)
                raise OutOfPaper from None
            self._stands(PrinterState.UNREACHABLE)
            raise PrinterUnavailable from None
        self._stands(PrinterState.READY)
        return True

    def _write(self, text: str, name: str) -> None:
        descriptor, path = tempfile.mkstemp(prefix=".slip-", dir=self.folder)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            for count in range(COPIES_MAX):
                target = self.folder / (f"{name}.txt" if not count else f"{name}-{count}.txt")
                with contextlib.suppress(FileExistsError):
                    os.link(path, target)
                    return
            raise PrinterUnavailable
        finally:
            os.unlink(path)  # noqa: PTH108  (a name, not a Path)


def _plain_name(number: str) -> str:
    """A file name from a receipt number: nothing in it can leave the folder."""
    return re.sub(r"[^0-9A-Za-z-]", "_", number)[:64] or "slip"
