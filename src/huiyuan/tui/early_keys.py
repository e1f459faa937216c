"""Keys pressed before the first frame: kept for the sign-in, and not echoed, since a PIN may be among them.

Always true: the terminal is left as it was found.
"""

from __future__ import annotations

import contextlib
import sys
import termios
from collections.abc import Iterator
from typing import Final

INPUT_FLAGS: Final = 0
LOCAL_FLAGS: Final = 3


@contextlib.contextmanager
def keys_kept() -> Iterator[None]:
    """From here on keys wait as they were pressed, Enter as Enter; Ctrl-C still ends the program."""
    source = sys.stdin.fileno()
    before = termios.tcgetattr(source)
    waiting = termios.tcgetattr(source)
    waiting[INPUT_FLAGS] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR)
    waiting[LOCAL_FLAGS] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(source, termios.TCSANOW, waiting)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error, OSError):  # a terminal that is gone
            termios.tcsetattr(source, termios.TCSANOW, before)
