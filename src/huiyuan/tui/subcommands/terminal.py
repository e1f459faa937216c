"""`huiyuan terminal`: seats of the chain, enrolled or blocked by a manager who signs in."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.arguments import shared_by_actions
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.staff_login import SignedInStaff, add_login_arguments, say_rows, signed_in

if TYPE_CHECKING:
    from huiyuan.repositories.enrol import Server
    from huiyuan.repositories.secrets import IndexKey

HELP = msg("Enrol a terminal, block a stolen one, or list them")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """One action, and what it needs."""
    actions = parser.add_subparsers(dest="action", metavar=tr(msg("ACTION")), required=True)
    shared = [shared_by_actions(tr, argparse.ArgumentParser)]
    summary = tr(msg("Make a seat and the folder its counter needs"))
    enrol = actions.add_parser("enrol", help=summary, description=summary, parents=shared)
    enrol.add_argument("role", metavar="ROLE", help=tr(msg("Login role: t_ and up to 40 of a-z, 0-9 and _")))
    enrol.add_argument("--store", required=True, metavar="CODE", help=tr(msg("Code of the store")))
    enrol.add_argument("--code", required=True, metavar="N", help=tr(msg("1 to 3 digits on every receipt")))
    enrol.add_argument(
        "--drawer", type=int, metavar="ID", help=tr(msg("Share this drawer; without it, a new one"))
    )
    enrol.add_argument(
        "--folder", type=Path, help=tr(msg("Write the seat here, for another counter; without it, for this"))
    )
    enrol.add_argument("--certificate", action="store_true", help=tr(_CERTIFICATE_HELP))
    enrol.add_argument("--host", help=tr(msg("The server's name as that counter reaches it")))
    enrol.add_argument("--port", type=int, help=tr(msg("The server's port as that counter reaches it")))
    enrol.add_argument("--ca", type=Path, metavar="FILE", help=tr(_AUTHORITY_HELP))
    summary = tr(msg("Shut out a stolen terminal at once"))
    block = actions.add_parser("block", help=summary, description=summary, parents=shared)
    block.add_argument("role", metavar="ROLE", help=tr(msg("Its login role")))
    listed = actions.add_parser("list", help=tr(msg("List the terminals")), parents=shared)
    for action in (enrol, block, listed):
        add_login_arguments(action, tr)


_CERTIFICATE_HELP = msg("Log in by a certificate: writes a key and its request instead of a password")
_AUTHORITY_HELP = msg("Certificate of the authority that signed the server's; without it, this seat's")


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in, do one thing, say it."""
    context.start_logs()
    with signed_in(context, arguments) as here:
        if arguments.action == "enrol":
            _enrol(context, here, arguments)
        elif arguments.action == "block":
            _block(context, here, arguments.role)
        else:
            _list(context, here)
    return 0


def _enrol(context: CommandContext, here: SignedInStaff, arguments: argparse.Namespace) -> None:
    from huiyuan.repositories import enrol, staff

    server = _server_of(context, here, arguments)
    folder = arguments.folder or context.paths.counter / arguments.role
    if (folder / enrol.TERMINAL_FILE).exists():
        raise enrol.SeatRefused("seat_exists", folder=str(folder))
    index_key = _index_key(context, here)
    password = None if server is None or arguments.certificate else enrol.new_password()
    made = staff.enrol_terminal(
        here.connection,
        role=arguments.role,
        store=arguments.store,
        code=arguments.code,
        drawer=arguments.drawer,
        verifier=None if password is None else enrol.scram_verifier(password),
    )
    seat = enrol.write_seat(
        folder,
        role=made.role,
        store=made.store,
        code=made.code,
        server=server,
        index_key=index_key,
        password=password,
        authority=arguments.ca or _authority(here),
    )
    sentence = msg("{role} is enrolled: store {store}, code {code}. What its counter needs is in {folder}.")
    context.say(context.tr(sentence).format(role=made.role, store=made.store, code=made.code, folder=folder))
    if arguments.certificate and server is not None:
        request = enrol.make_request(seat)
        asked = msg("Have {request} signed and put the certificate beside it as {name}.")
        context.say(context.tr(asked).format(request=request, name=enrol.CERTIFICATE_FILE))
    if arguments.folder is not None:
        moved = msg("Copy that folder to the counter, as counter/{role} in its HUIYUAN_HOME.")
        context.say(context.tr(moved).format(role=made.role))


def _server_of(context: CommandContext, here: SignedInStaff, arguments: argparse.Namespace) -> Server | None:
    """Where the new seat's counter finds the server: as this one does, unless something else was said."""
    from huiyuan.repositories.enrol import Server, server_of

    if here.embedded:
        if arguments.host or arguments.port or arguments.folder:
            sentence = msg("This machine's own server is reached from this machine only.")
            raise CommandRefused(context.tr(sentence))
        return None
    found = server_of(here.url)
    return Server(arguments.host or found.host, arguments.port or found.port, found.dbname, found.sslmode)


def _index_key(context: CommandContext, here: SignedInStaff) -> IndexKey:
    from huiyuan.repositories.demo import DEMO_INDEX_KEY
    from huiyuan.repositories.demo_data import CHAIN_UID
    from huiyuan.repositories.secrets import INDEX_KEY_FILE, IndexKey

    if here.chain == CHAIN_UID:
        return DEMO_INDEX_KEY
    if here.seat is not None:
        return here.seat.index_key()
    return IndexKey.load(context.paths.keys / INDEX_KEY_FILE)


def _authority(here: SignedInStaff) -> Path | None:
    from huiyuan.repositories.enrol import AUTHORITY_FILE

    own = None if here.seat is None else here.seat.folder / AUTHORITY_FILE
    return own if own is not None and own.exists() else None


def _block(context: CommandContext, here: SignedInStaff, role: str) -> None:
    from huiyuan.repositories import staff

    ended = staff.block_terminal(here.connection, role=role)
    sentence = msg("{role} is blocked: {ended} connections were ended, and none can begin.")
    context.say(context.tr(sentence).format(role=role, ended=ended))


def _list(context: CommandContext, here: SignedInStaff) -> None:
    from huiyuan.repositories import staff

    blocked = context.tr(msg("blocked"))
    say_rows(
        context,
        [
            (each.role, each.store, each.code, each.drawer, "" if each.active else blocked)
            for each in staff.listed_terminals(here.connection)
        ],
    )
