"""The report of a crash: where in the program, never with what.

Always true: no local variable, no argument and no message of an error goes into it, because any of them may
hold a PIN, a token or a name; the kind of the error, the places in the code and the version do.
"""

from __future__ import annotations

import contextlib
import os
import threading
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from huiyuan import __version__

CHAIN_MOST = 8


def report_lines(error: BaseException) -> list[str]:
    """The report of `error` and of what it came from."""
    lines = [f"huiyuan {__version__}"]
    for each in _chain(error):
        lines.append(f"{type(each).__module__}.{type(each).__qualname__}")
        frames = traceback.extract_tb(each.__traceback__)
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}: {frame.line or ''}" for frame in frames]
    return lines


def _chain(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    for _ in range(CHAIN_MOST):
        if following is None:
            return
        yield following
        following = following.__cause__ or following.__context__


@contextlib.contextmanager
def threads_watched(tell: Callable[[BaseException], None]) -> Iterator[None]:
    """Until the block ends, an error that ends a thread goes to `tell`: Python would print it, with its
    message, over the screen, and a counter without that thread would look as if it worked."""

    def ended(thread: threading.ExceptHookArgs) -> None:
        if thread.exc_value is not None and thread.exc_type is not SystemExit:
            tell(thread.exc_value)

    before, threading.excepthook = threading.excepthook, ended
    try:
        yield
    finally:
        threading.excepthook = before


def write_report(error: BaseException, folder: Path, *, at: datetime) -> str:
    """Write the report (0600) and return its path; where it cannot be written, say so instead."""
    path = folder / f"crash-{at:%Y%m%d-%H%M%S}-{os.getpid()}.txt"
    text = "\n".join([at.isoformat(), *report_lines(error)]) + "\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return "-"
    return str(path)
