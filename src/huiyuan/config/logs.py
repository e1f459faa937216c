"""The log: one file, rotated, one line an event, without secrets.

Always true of what is written: no password of a URL or DSN, no PIN, no token, no whole card number; control
and direction characters are escaped, so that text from outside can neither forge a line nor move a cursor.
Writing never fails loudly: a full disk must not stop a sale, and standard error belongs to the screen.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import logging.handlers
import os
import re
import time
import unicodedata
from pathlib import Path

BYTES_MAX = 1_000_000
FILES_KEPT = 5
HIDDEN = "***"

_URL_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@]*@", re.IGNORECASE)
_NAMED_SECRET = re.compile(
    r"""(\b(?:\w*password|\w*passwd|pin|\w*_pin|new_pin|secret|token|pepper|\w*key)["']?\s*[=:]\s*)"""
    r"""(?:b?'(?:[^'\\]|\\.)*'|b?"(?:[^"\\]|\\.)*"|[^\s,;)}\]&]+)""",
    re.IGNORECASE,
)
_NAMED_CARD = re.compile(
    r"""(\bcard(?:_?(?:no|number))?["']?\s*[=:]\s*["']?)\d+(?=\d{4}(?!\d))""", re.IGNORECASE
)
_LONG_NUMBER = re.compile(r"(?<![0-9A-Fa-f.-])(?:\d[ -]?){8,15}(\d{4})(?![0-9A-Fa-f]|-[0-9A-Fa-f])")


def redact(text: str) -> str:
    """`text` without passwords, PINs, tokens and all but the last four digits of card numbers."""
    text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    text = _NAMED_SECRET.sub(rf"\1{HIDDEN}", text)
    text = _NAMED_CARD.sub(rf"\1{HIDDEN}", text)
    return _LONG_NUMBER.sub(rf"{HIDDEN}\1", text)


def one_line(text: str) -> str:
    """`text` with every character escaped that would end the line, steer a terminal or turn the text."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} else _escaped(char)
        for char in text
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", errors="surrogatepass").decode("ascii")


class LineFormatter(logging.Formatter):
    """UTC time, process, level, room, sentence and traceback: all on one line."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ [%(process)d] %(levelname)s %(name)s: %(message)s")
        self.datefmt = "%Y-%m-%dT%H:%M:%S"
        self.converter = time.gmtime

    def format(self, record: logging.LogRecord) -> str:
        return one_line(redact(super().format(record)))


class SharedLogFile(logging.handlers.WatchedFileHandler):
    """One file that several processes of one home write and whichever finds it full rotates, under a lock."""

    def emit(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(OSError):  # a line in a long file is worth more than a line lost
            self._rotate_when_full()
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (the name is logging's)
        """Say nothing: standard error is the cashier's screen."""

    def _rotate_when_full(self) -> None:
        path = Path(self.baseFilename)
        if not path.exists() or path.stat().st_size < BYTES_MAX:
            return
        with Path(f"{path}.lock").open("a") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            if path.stat().st_size < BYTES_MAX:  # another process was faster
                return
            for number in range(FILES_KEPT - 1, 0, -1):
                older = Path(f"{path}.{number}")
                if older.exists():
                    older.rename(f"{path}.{number + 1}")
            path.rename(f"{path}.1")


def set_up_logs(path: Path, *, level: int = logging.INFO) -> None:
    """Send everything that is logged to `path` (0600), and nothing to the screen.

    A folder that cannot be written is no reason not to start: then nothing is logged.
    """
    root = logging.getLogger()
    for old in list(root.handlers):
        if isinstance(old, SharedLogFile | logging.NullHandler):
            root.removeHandler(old)
            old.close()
    logging.raiseExceptions = False
    handler: logging.Handler
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        handler = SharedLogFile(path, encoding="utf-8", errors="backslashreplace")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(LineFormatter())
    root.addHandler(handler)
    root.setLevel(level)
