"""A sub-command that acts as a person: which terminal it sits at, who signs in, and how the PIN gets here.

Always true: a PIN is typed without an echo or read from an open file, never taken from the command line;
the session ends with the sub-command.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.arguments import shared_by_actions
from huiyuan.tui.context import CommandContext, CommandRefused

if TYPE_CHECKING:
    from uuid import UUID

    from huiyuan.repositories.enrol import Seat
    from huiyuan.repositories.sign_in import Connection

PIN_BYTES_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class SignedInStaff:
    """The connection that a person is signed in on. `seat` is None for an address given as such.

    `url` is the terminal's own libpq URL; `embedded` is True on this machine's own server.
    """

    connection: Connection
    chain: UUID
    url: str
    seat: Seat | None
    embedded: bool


def add_login_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--staff`, `--pin-fd` and `--terminal`."""
    parser.add_argument("--staff", metavar="NUMBER", help=tr(msg("Staff number of who does this")))
    parser.add_argument(
        "--pin-fd", type=int, metavar="N", help=tr(msg("Read the PIN from this open file instead"))
    )
    parser.add_argument("--terminal", metavar="ROLE", help=tr(msg("Which enrolled terminal to sit at")))


def add_actions(
    parser: argparse.ArgumentParser, tr: Translator, by_name: Mapping[str, str]
) -> dict[str, argparse.ArgumentParser]:
    """An action each, done by whoever signs in; `by_name` says what it does. Answers their parsers."""
    actions = parser.add_subparsers(dest="action", metavar=tr(msg("ACTION")), required=True)
    shared = shared_by_actions(tr, argparse.ArgumentParser)
    made = {
        name: actions.add_parser(name, help=tr(summary), description=tr(summary), parents=[shared])
        for name, summary in by_name.items()
    }
    for action in made.values():
        add_login_arguments(action, tr)
    return made


@contextlib.contextmanager
def signed_in(context: CommandContext, arguments: argparse.Namespace) -> Iterator[SignedInStaff]:
    """Sign in as `--staff` at a terminal of this host, until the block ends.

    Raises:
        CommandRefused: There is no terminal here, or nobody can be asked for number or PIN.
        Refused: As `sign_in`.
    """
    from uuid import uuid4

    from huiyuan.repositories.sign_in import signed_in_at

    with terminal_of_host(context, arguments.terminal) as (url, seat, embedded):
        number = arguments.staff or ask_line(context, context.tr(msg("Staff number: ")), "--staff")
        read = partial(read_pin, context, arguments.pin_fd, context.tr(msg("PIN: ")))
        person = signed_in_at(url, attempt=uuid4(), staff_number=number, read_pin=read)
        with person as (connection, told):
            yield SignedInStaff(connection, told.chain.uid, url, seat, embedded)


@contextlib.contextmanager
def terminal_of_host(context: CommandContext, wanted: str | None) -> Iterator[tuple[str, Seat | None, bool]]:
    """URL of the address given, of a seat enrolled on this host, or of the embedded server's first one.

    Args:
        wanted: The role to sit at; None for the first.

    Yields:
        The URL, the seat's folder if there is one, and whether it is this machine's own server.

    Raises:
        CommandRefused: No such terminal, or this machine has no data yet.
    """
    from huiyuan.repositories.enrol import find_seats
    from huiyuan.repositories.health import enrolled_roles
    from huiyuan.tui.database import embedded_server, refuse_without_data

    if context.database_url is not None:
        yield context.database_url, None, False
        return
    seats = [seat for seat in find_seats(context.paths.counter) if seat.server is not None]
    if seats:
        chosen = [seat for seat in seats if wanted in {None, seat.role}]
        if not chosen:
            raise no_seat(context, wanted)
        yield chosen[0].url(), chosen[0], False
        return
    refuse_without_data(context)
    with embedded_server(context) as server:
        roles = [role for role in enrolled_roles(server.admin_url()) if wanted in {None, role}]
        if not roles:
            raise no_seat(context, wanted)
        yield server.url(roles[0]), None, True


@contextlib.contextmanager
def reader_of_host(context: CommandContext, wanted: str | None) -> Iterator[str | None]:
    """URL of a reader enrolled on this host; None where there is none, or an address is given as such.

    Args:
        wanted: The role to use; None for the first, the role of a terminal for none.
    """
    from huiyuan.repositories.readers import find_readers
    from huiyuan.tui.database import embedded_server
    from huiyuan.tui.seat_folder import readers_of

    readers = () if context.database_url is not None else find_readers(readers_of(context))
    chosen = [reader for reader in readers if wanted in {None, reader.role}]
    if not chosen:
        yield None
    elif chosen[0].server is not None:
        yield chosen[0].url()
    else:
        with embedded_server(context) as server:
            yield server.url(chosen[0].role)


def no_seat(context: CommandContext, wanted: str | None) -> CommandRefused:
    """No terminal of this host fits."""
    sentence = msg("No terminal {role} is enrolled on this machine. See `huiyuan terminal enrol --help`.")
    return CommandRefused(context.tr(sentence).format(role=wanted or ""))


def read_pin(context: CommandContext, descriptor: int | None, prompt: str) -> str:
    """The PIN from a file that is open already, or typed without an echo.

    Raises:
        CommandRefused: The file cannot be read, or nobody can be asked.
    """
    if descriptor is None:
        if not sys.stdin.isatty():
            sentence = msg("Nobody can be asked for a PIN here; hand it in with --pin-fd.")
            raise CommandRefused(context.tr(sentence))
        import getpass

        return getpass.getpass(prompt)
    try:
        return os.read(descriptor, PIN_BYTES_MAX).decode("ascii", errors="replace").strip()
    except OSError as error:
        sentence = context.tr(msg("The PIN cannot be read from file {number}: {problem}."))
        raise CommandRefused(sentence.format(number=descriptor, problem=error.strerror)) from None


def read_new_pin(context: CommandContext, descriptor: int | None) -> str:
    """A PIN that somebody is to have: typed twice, or read from an open file once.

    Raises:
        CommandRefused: The two differ, or as `read_pin`.
    """
    pin = read_pin(context, descriptor, context.tr(msg("New PIN: ")))
    if descriptor is None and pin != read_pin(context, None, context.tr(msg("New PIN once more: "))):
        raise CommandRefused(context.tr(msg("The two PINs differ. Nothing was changed.")))
    return pin


def ask_line(context: CommandContext, prompt: str, option: str) -> str:
    """A line that a person types; `option` is what to give instead where nobody sits.

    Raises:
        CommandRefused: Nobody can be asked, or the answer was empty.
    """
    answer = input(prompt).strip() if sys.stdin.isatty() else ""
    if not answer:
        raise CommandRefused(context.tr(msg("{option} is missing.")).format(option=option))
    return answer


def say_rows(context: CommandContext, rows: list[tuple[Any, ...]]) -> None:
    """A plain table: one line a row, columns apart by two spaces, as wide as their widest cell."""
    from wcwidth import wcswidth

    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    widths = [max(wcswidth(row[place]) for row in cells) for place in range(len(cells[0]))] if cells else []
    for row in cells:
        padded = [cell + " " * (width - wcswidth(cell)) for cell, width in zip(row, widths, strict=True)]
        context.say("  ".join(padded).rstrip())
