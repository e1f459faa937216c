"""python-escpos, loaded when a printer first needs it, without what its import does beside.

Always true: importing it adds no handler to the log (it calls `logging.basicConfig`, and a warning would then
stand on the screen), and leaves no temporary folder behind (its cache goes to a folder of ours).
"""

from __future__ import annotations

import contextlib
import logging
import os
import pickle
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

CACHE_VARIABLE: Final = "ESCPOS_CAPABILITIES_PICKLE_DIR"

_loading = threading.Lock()


def escpos_printers(cache: Path) -> ModuleType:
    """The module `escpos.printer`; a third of a second at the first call, nothing afterwards.

    Args:
        cache: a private folder for its table of printers; made 0700 where missing.
    """
    with _loading, _as_it_was(cache):
        try:
            import escpos.printer
        except (EOFError, pickle.UnpicklingError):  # the app died while the table was written
            for table in cache.glob("*.pickle"):
                table.unlink(missing_ok=True)
            import escpos.printer
        return escpos.printer  # type: ignore[no-any-return]


@contextlib.contextmanager
def _as_it_was(cache: Path) -> Iterator[None]:
    """Undo what the import does to the log, and clear away the empty folder that it makes each time."""
    root = logging.getLogger()
    handlers, level, folder = list(root.handlers), root.level, tempfile.tempdir
    before = os.environ.get(CACHE_VARIABLE)
    with contextlib.suppress(OSError):  # then its table is kept nowhere
        cache.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.environ[CACHE_VARIABLE] = str(cache)
        tempfile.tempdir = str(cache)
    try:
        yield
    finally:
        tempfile.tempdir = folder
        os.environ.pop(CACHE_VARIABLE, None)
        if before is not None:
            os.environ[CACHE_VARIABLE] = before
        for handler in [each for each in root.handlers if each not in handlers]:
            root.removeHandler(handler)
        root.setLevel(level)
        for left in cache.glob("tmp*"):
            with contextlib.suppress(OSError):
                left.rmdir()
