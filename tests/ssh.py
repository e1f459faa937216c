"""A real ssh server of our own on loopback, and the slow line before it."""

from __future__ import annotations

import contextlib
import grp
import os
import pty
import queue
import shlex
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.terminal import MAIN, Terminal

_CONFIG = """\
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
PrintMotd no
LogLevel ERROR
"""
PRIVILEGE_SEPARATION = Path("/run/sshd")


def missing() -> str:
    """What this machine lacks for a real ssh, as a sentence; empty if nothing."""
    absent = [name for name in ("ssh", "ssh-keygen") if shutil.which(name) is None]
    if _sshd() is None:
        absent.append("sshd")
    if absent:
        return f"{', '.join(absent)} missing (Debian: apt-get install openssh-server)"
    return "" if _hands_out_terminals() else "only root's sshd can hand out terminals on this machine"


def _hands_out_terminals() -> bool:
    """Whether sshd of this account may give a terminal the group it must have."""
    if os.geteuid() == 0:
        return True
    master, slave = pty.openpty()
    try:
        return os.fstat(slave).st_gid == grp.getgrnam("tty").gr_gid
    except KeyError:
        return True  # there is no such group, so it is not asked for
    finally:
        os.close(master)
        os.close(slave)


def _sshd() -> str | None:
    # It has to be started by its full path, and an ordinary user's PATH has no sbin.
    return shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class SlowLine:
    """Carries TCP both ways with a delay and, if set, a rate; it can be cut, and counts what comes back.

    Attributes:
        delay_s: One way.
        bytes_per_s: For each direction; 0 is as fast as it goes.
    """

    target: int
    delay_s: float = 0.0
    bytes_per_s: float = 0.0
    bytes_down: int = 0
    _listener: socket.socket = field(default_factory=socket.socket)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    def listen(self) -> None:
        """Take connections until `close`."""
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.target))
            for each in (near, far):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open += [near, far]
            self._carry(near, far, down=False)
            self._carry(far, near, down=True)

    def _carry(self, source: socket.socket, sink: socket.socket, *, down: bool) -> None:
        waiting: queue.Queue[tuple[float, bytes]] = queue.Queue()

        def take() -> None:
            with contextlib.suppress(OSError):
                while data := source.recv(4096):
                    waiting.put((time.monotonic() + self.delay_s, data))
            waiting.put((time.monotonic() + self.delay_s, b""))

        def give() -> None:
            with contextlib.suppress(OSError):
                while True:
                    due, data = waiting.get()
                    time.sleep(max(0.0, due - time.monotonic()))
                    if not data:
                        sink.shutdown(socket.SHUT_WR)
                        return
                    if self.bytes_per_s:
                        time.sleep(len(data) / self.bytes_per_s)
                    sink.sendall(data)
                    self.bytes_down += len(data) if down else 0

        for work in (take, give):
            threading.Thread(target=work, daemon=True).start()

    def cut(self) -> None:
        """Both ends lose the connection at once."""
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()

    def close(self) -> None:
        """Nothing is carried any more."""
        self._listener.close()
        self.cut()


@dataclass(frozen=True)
class Branch:
    """Another branch: an ssh server here, reached over `line`."""

    folder: Path
    line: SlowLine

    def terminal(self, environment: Mapping[str, str], *options: str) -> Terminal:
        """`huiyuan run` over there, on a terminal of 80x24 over here; `options` go to ssh."""
        settings = [f"{name}={value}" for name, value in environment.items()]
        over_there = shlex.join(["env", "PYTHONUTF8=1", *settings, sys.executable, "-c", MAIN, "run"])
        quiet = [
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
        ]
        command = [
            "ssh",
            "-tt",
            "-F",
            "none",
            *quiet,
            "-i",
            f"{self.folder}/client",
            "-p",
            f"{self.line.port}",
        ]
        return Terminal([], {}, command=[*command, *options, "127.0.0.1", over_there])


@contextmanager
def branch(folder: Path) -> Iterator[Branch]:
    """An ssh server with keys of its own, for this account only, and the line to it."""
    folder.mkdir(mode=0o700)
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    port = _free_port()
    (folder / "sshd_config").write_text(_CONFIG.format(port=port, folder=folder))
    if os.geteuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    sshd = _sshd()
    assert sshd is not None
    server = subprocess.Popen([sshd, "-D", "-e", "-f", folder / "sshd_config"], stderr=subprocess.PIPE)
    line = SlowLine(port)
    try:
        _wait_for(port, server)
        line.listen()
        yield Branch(folder, line)
    finally:
        line.close()
        server.terminate()
        server.communicate(timeout=10)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if server.poll() is not None:
            raise AssertionError(f"sshd ended: {server.communicate()[1].decode(errors='replace')}")
        time.sleep(0.05)
    raise AssertionError("sshd does not listen")
