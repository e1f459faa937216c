"""The folder of a login, as `setup`, `terminal enrol` and `terminal reader` write it: where, which proof."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused

if TYPE_CHECKING:
    from huiyuan.repositories.enrol import Login, Server
    from huiyuan.repositories.secrets import IndexKey

READERS_FOLDER: Final = "readers"


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """Where a seat goes. `server` is None for this machine's own; `password` is None where none is needed."""

    folder: Path
    server: Server | None
    password: str | None

    @property
    def verifier(self) -> str | None:
        """What the server keeps of the password."""
        from huiyuan.repositories.enrol import scram_verifier

        return None if self.password is None else scram_verifier(self.password)


def add_seat_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--folder`, `--host`, `--port`, `--certificate` and `--ca`."""
    parser.add_argument(
        "--folder", type=Path, help=tr(msg("Write the seat here, for another counter; without it, for this"))
    )
    parser.add_argument("--host", help=tr(msg("The server's name as that counter reaches it")))
    parser.add_argument("--port", type=int, help=tr(msg("The server's port as that counter reaches it")))
    parser.add_argument(
        "--certificate",
        action="store_true",
        help=tr(msg("Log in by a certificate: writes a key and its request instead of a password")),
    )
    parser.add_argument(
        "--ca",
        type=Path,
        metavar="FILE",
        help=tr(msg("Certificate of the authority that signed the server's")),
    )


def plan_seat(
    context: CommandContext,
    arguments: argparse.Namespace,
    *,
    role: str,
    url: str | None,
    reader: bool = False,
) -> SeatPlan:
    """Decide before anything is made.

    Args:
        reader: It is no seat but a login that only reports.
        url: Address of the shared server as this command reaches it; None for this machine's own.

    Raises:
        CommandRefused: The embedded server cannot be reached from elsewhere.
        SeatRefused: seat_exists.
    """
    from huiyuan.repositories import enrol, readers

    home, marker = context.paths.counter, enrol.TERMINAL_FILE
    if reader:
        home, marker = readers_of(context), readers.READER_FILE
    folder = arguments.folder or home / role
    if (folder / marker).exists():
        raise enrol.SeatRefused("seat_exists", folder=str(folder))
    if url is None:
        if arguments.host or arguments.port or arguments.folder:
            sentence = msg("This machine's own server is reached from this machine only.")
            raise CommandRefused(context.tr(sentence))
        return SeatPlan(folder, None, None)
    found = enrol.server_of(url)
    sslmode = None if arguments.host else found.sslmode
    server = enrol.Server(arguments.host or found.host, arguments.port or found.port, found.dbname, sslmode)
    return SeatPlan(folder, server, None if arguments.certificate else enrol.new_password())


def write_planned_seat(
    context: CommandContext,
    arguments: argparse.Namespace,
    plan: SeatPlan,
    *,
    role: str,
    store: str,
    code: str,
    index_key: IndexKey,
    authority: Path | None = None,
) -> None:
    """Write the folder of a seat that the server knows by now, and say what is left to do.

    Args:
        authority: The server's authority where `--ca` names none.
    """
    from huiyuan.repositories import enrol

    seat = enrol.write_seat(
        plan.folder,
        role=role,
        store=store,
        code=code,
        server=plan.server,
        index_key=index_key,
        password=plan.password,
        authority=arguments.ca or authority,
    )
    _say_what_is_left(context, arguments, seat, place=f"counter/{role}")


def write_planned_reader(
    context: CommandContext,
    arguments: argparse.Namespace,
    plan: SeatPlan,
    *,
    role: str,
    authority: Path | None = None,
) -> None:
    """As `write_planned_seat`, for a login that only reports."""
    from huiyuan.repositories import readers

    login = readers.write_reader(
        plan.folder,
        role=role,
        server=plan.server,
        password=plan.password,
        authority=arguments.ca or authority,
    )
    _say_what_is_left(context, arguments, login, place=f"{READERS_FOLDER}/{role}")


def readers_of(context: CommandContext) -> Path:
    """Where the readers of this host have their folders."""
    return context.paths.home / READERS_FOLDER


def _say_what_is_left(
    context: CommandContext, arguments: argparse.Namespace, login: Login, *, place: str
) -> None:
    from huiyuan.repositories import enrol

    if arguments.certificate and login.server is not None:
        request = enrol.make_request(login)
        asked = msg("Have {request} signed and put the certificate beside it as {name}.")
        context.say(context.tr(asked).format(request=request, name=enrol.CERTIFICATE_FILE))
    if login.needs_authority and not (login.folder / enrol.AUTHORITY_FILE).exists():
        needed = msg("Put the certificate of the authority that signed the server's into {file}.")
        context.say(context.tr(needed).format(file=login.folder / enrol.AUTHORITY_FILE))
    if arguments.folder is not None:
        moved = msg("Copy that folder to the machine it is for, as {place} in its HUIYUAN_HOME.")
        context.say(context.tr(moved).format(place=place))
