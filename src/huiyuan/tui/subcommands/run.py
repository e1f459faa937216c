"""`huiyuan run`: the counter.

It sits down at the address given, else at the shared server that this host was enrolled at, else at a server
that it brings along, with a demo chain at first.

Always true: however it ends, this process has left the server before it is gone; a later start finds
everything in place and does no set-up work; a shared database is never migrated from here.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

if TYPE_CHECKING:
    from huiyuan.repositories.embedded import EmbeddedServer

HELP = msg("Start the counter")
READY_NOTE = "huiyuan.ready"
M_ARENA_MAX = -8
"""Of mallopt(3)."""
ARENAS = 2


@dataclass(frozen=True, slots=True)
class Seat:
    """A terminal that this host may sit at: its login role, and how it reaches the database."""

    role: str
    url: str
    revive: Callable[[], None] | None = None


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--terminal` chooses a seat."""
    parser.add_argument("--terminal", metavar="ROLE", help=tr(msg("Which enrolled terminal to sit at")))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Draw the sign-in, start what is needed behind it, and return the app's exit code."""
    from huiyuan.tui.terminal_gate import need_terminal

    need_terminal(context)
    _few_arenas()
    gc.disable()  # nothing made before the first frame is garbage, and looking for it is a tenth of the wait
    from huiyuan.tui.wiring import run_counter

    with _ends_in_order():
        return int(run_counter(context, partial(_wanted_seats, context, arguments)))


def _few_arenas() -> None:
    """Each thread that asks for memory would get a heap of its own; ten half-empty ones are 2 MB more."""
    with contextlib.suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, ARENAS)


def _wanted_seats(
    context: CommandContext,
    arguments: argparse.Namespace,
    opened: contextlib.ExitStack,
    tell: Callable[[str], None],
) -> list[Seat]:
    wanted = arguments.terminal or context.settings.terminal.terminal
    return [seat for seat in find_seats(context, opened, tell) if wanted in {None, seat.role}]


def find_seats(
    context: CommandContext, opened: contextlib.ExitStack, tell: Callable[[str], None]
) -> list[Seat]:
    """The seats that this host may sit at; a server that was started for them is left by `opened`.

    Raises:
        CommandRefused: A setting cannot be used.
        EmbeddedServerError: This machine's own server cannot run.
        MigrationRefused: The database is newer than this program.
    """
    if context.database_url is not None:
        role = unquote(urlsplit(context.database_url).username or "")
        return [Seat(role, context.database_url)]
    from huiyuan.repositories.enrol import find_seats as enrolled_here
    from huiyuan.repositories.health import enrolled_roles
    from huiyuan.tui.database import embedded_server

    shared = [seat for seat in enrolled_here(context.paths.counter) if seat.server is not None]
    if shared:  # this host was enrolled at a shared server
        return [Seat(seat.role, seat.url()) for seat in shared]
    tell(context.tr(msg("Starting the database of this machine ...")))
    server = opened.enter_context(embedded_server(context))
    prepare(context, server, tell)
    return [Seat(role, server.url(role), _reviver(server)) for role in enrolled_roles(server.admin_url())]


def _reviver(server: EmbeddedServer) -> Callable[[], None]:
    """What a line calls when this machine's own server does not answer: it may have been killed."""
    from huiyuan.domain.model.errors import Unreachable
    from huiyuan.repositories.embedded_binaries import EmbeddedServerError

    def revive() -> None:
        try:
            server.revive()
        except EmbeddedServerError:
            raise Unreachable from None

    return revive


def prepare(context: CommandContext, server: EmbeddedServer, tell: Callable[[str], None]) -> None:
    """Bring this machine's own database to this program, and at the first start make the demo chain.

    A note beside the data says for which SQL all of that was done. It is written last, so a start that was
    killed is completed by the next; a chain that somebody set up is left alone.

    Raises:
        MigrationRefused: The database is newer than this program.
    """
    from huiyuan.repositories.migrate import migrate, sql_fingerprint

    note = server.data / READY_NOTE
    fingerprint = sql_fingerprint()
    if note.exists() and note.read_text() == fingerprint:
        return
    from huiyuan.repositories import demo

    tell(context.tr(msg("Setting up the database in {folder} ...")).format(folder=server.root))
    migrate(server.admin_url())
    if not note.exists():
        with contextlib.suppress(demo.DemoRefused):
            demo.seed(server.admin_url(), whole=True)
    note.write_text(fingerprint)


@contextlib.contextmanager
def _ends_in_order() -> Iterator[None]:
    """A closed terminal or a `kill` ends this block like an exception, so that the server is left."""

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
