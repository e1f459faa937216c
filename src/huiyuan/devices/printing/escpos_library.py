"""python-escpos, loaded when a printer first needs it, without what its import does beside.

Always true: importing it adds no handler to the log (it calls `logging.basicConfig`, and a warning would then
stand on the screen), and leaves no temporary folder behind (its cache goes to a folder of ours).
"""

from __future__ import annotations

import logging
import os
import threading
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
    with _loading:
        root = logging.getLogger()
        handlers, level = list(root.handlers), root.level
        try:
            cache.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.environ.setdefault(CACHE_VARIABLE, str(cache))
        except OSError:
            pass  # then it keeps its table nowhere of ours
        try:
            import escpos.printer
        finally:
            for handler in [each for each in root.handlers if each not in handlers]:
                root.removeHandler(handler)
            root.setLevel(level)
        return escpos.printer  # type: ignore[no-any-return]
