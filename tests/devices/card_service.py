"""The system's own card service with a virtual reader, started privately: own socket, own port, no root.

What systemd does for a socket is done by hand: the socket is bound here and handed over as descriptor 3.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

HANDED_OVER: Final = """
import os, sys, socket
s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(16)
os.dup2(s.fileno(), 3); os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], [sys.argv[2], "-f", "-c", sys.argv[3], "--force-reader-polling"])
"""
START_WITHIN_S: Final = 10


def what_is_missing() -> str:
    """The package that these tests want and the machine has not; empty if nothing is missing."""
    if pcscd_path() is None:
        return "pcscd is not installed"
    return "" if driver_path() else "vsmartcard-vpcd is not installed"


def pcscd_path() -> str | None:
    return shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")


def driver_path() -> Path | None:
    found = sorted(Path("/usr/lib/pcsc/drivers").rglob("libifdvpcd.so*"))
    return found[0] if found else None


def free_port() -> int:
    """One with a free neighbour: the virtual reader has two slots."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            try:
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


class CardService:
    """pcscd in `folder`; `port` is where a virtual card connects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "pcscd.comm"
        self.config = folder / "readers"
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, reader: bool = True) -> None:
        """With the virtual reader plugged in, or with none."""
        self.config.mkdir(exist_ok=True)
        described = (
            f'FRIENDLYNAME "Virtual PCD"\nDEVICENAME /dev/null:{self.port:#x}\n'
            f"LIBPATH {driver_path()}\nCHANNELID {self.port:#x}\n"
        )
        (self.config / "vpcd").write_text(described if reader else "", "ascii")
        self.socket.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-c", HANDED_OVER, str(self.socket), str(pcscd_path()), str(self.config)],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "pcscd.log").open("ab"),
        )
        self._until_it_listens(reader)

    def stop(self) -> None:
        """As an update of the system stops it."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
            self.process = None
        self.socket.unlink(missing_ok=True)

    def restart(self, *, reader: bool = True) -> None:
        self.stop()
        self.start(reader=reader)

    def _until_it_listens(self, reader: bool) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            if self.socket.exists() and (not reader or self._takes_cards()):
                return
            time.sleep(0.01)
        raise TimeoutError((self.folder / "pcscd.log").read_text("utf-8", "replace"))

    def _takes_cards(self) -> bool:
        """Somebody listens on the port; a connection would be a card."""
        wanted = f":{self.port:04X} 00000000:0000 0A "
        return any(wanted in Path(f"/proc/net/{family}").read_text("ascii") for family in ("tcp", "tcp6"))
