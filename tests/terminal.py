"""The program in a real pseudo-terminal, and what a person would see on it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyte

# pyte prints what it does not know; these only negotiate with terminals that answer.
UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[?>=<][0-9;]*[u$pcm]|\x1b\[\?[0-9;]*\$p|\x1b\[>[0-9;]*[a-z]")
MAIN = "import sys; from huiyuan.tui.cli import main; sys.exit(main(sys.argv[1:]))"


class Terminal:
    """A process behind a terminal of 80x24."""

    def __init__(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        *,
        program: str = MAIN,
        command: list[str] | None = None,
        pass_fds: tuple[int, ...] = (),
    ) -> None:
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.received = b""
        self.seen: list[str] = []
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))

        def own_the_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command or [sys.executable, "-c", program, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **environment},
            preexec_fn=own_the_terminal,  # noqa: PLW1509  (a controlling terminal is what is tried here)
            close_fds=True,
            pass_fds=pass_fds,
        )
        os.close(slave)

    @property
    def text(self) -> str:
        """The screen as it stands; a wide character takes its two cells once."""
        rows = (self.screen.buffer[y] for y in range(self.screen.lines))
        return "\n".join("".join(row[x].data for x in range(self.screen.columns)).rstrip() for row in rows)

    def send(self, keys: str | bytes) -> None:
        """Bytes as a terminal would send them."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)

    def read(self, for_s: float) -> None:
        """Take what comes within `for_s` seconds."""
        until = time.monotonic() + for_s
        while (left := until - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                return
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            if not data:
                return
            self.received += data
            self.take(data)

    def take(self, data: bytes) -> None:
        """What came at once, onto the screen."""
        self.stream.feed(UNKNOWN_TO_PYTE.sub(b"", data))
        self.seen.append(self.text)

    def wait_for(self, *parts: str, within_s: float = 20) -> str:
        """Until all `parts` stand on the screen; fails with the screen if they do not come."""
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            self.read(0.05)
            if all(part in self.text for part in parts):
                return self.text
            if self.process.poll() is not None:
                break
        raise AssertionError(f"{parts} did not come (exit {self.process.poll()}):\n{self.text}")

    def ended(self, within_s: float = 20) -> int:
        """The exit code; fails if the process is still there after `within_s`."""
        until = time.monotonic() + within_s
        while time.monotonic() < until and self.process.poll() is None:
            self.read(0.05)
        code = self.process.poll()
        assert code is not None, f"still running:\n{self.text}"
        return code

    def hang_up(self) -> None:
        """The line is gone, as when a window is closed."""
        os.close(self.master)
        self.master = -1

    def close(self) -> None:
        """Leave nothing behind."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
        if self.process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)


@contextmanager
def counter_in_terminal(url: str, home: Path, *, lang: str = "zh_CN") -> Iterator[Terminal]:
    """`huiyuan run` on the database at `url`, with its files in `home`."""
    environment = {"HUIYUAN_DATABASE_URL": url, "HUIYUAN_HOME": str(home), "HUIYUAN_LANG": lang}
    terminal = Terminal(["run"], environment)
    try:
        yield terminal
    finally:
        terminal.close()
