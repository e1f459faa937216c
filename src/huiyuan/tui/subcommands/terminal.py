"""`huiyuan terminal`: seats of the chain and logins that only report, enrolled or blocked by a manager."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.arguments import shared_by_actions
from huiyuan.tui.context import CommandContext
from huiyuan.tui.seat_folder import add_seat_arguments, plan_seat, write_planned_reader, write_planned_seat
from huiyuan.tui.staff_login import SignedInStaff, add_login_arguments, say_rows, signed_in

if TYPE_CHECKING:
    from huiyuan.repositories.secrets import IndexKey

HELP = msg("Enrol a terminal or a reader of reports, block a stolen one, or list them")


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
    add_seat_arguments(enrol, tr)
    summary = tr(msg("Make a login that only reads reports, and the folder its machine needs"))
    reader = actions.add_parser("reader", help=summary, description=summary, parents=shared)
    reader.add_argument("role", metavar="ROLE", help=tr(msg("Login role: r_ and up to 40 of a-z, 0-9 and _")))
    reader.add_argument(
        "--units",
        required=True,
        nargs="+",
        metavar="CODE",
        help=tr(msg("Stores, regions or headquarters whose figures it may read")),
    )
    add_seat_arguments(reader, tr)
    summary = tr(msg("Shut out a stolen terminal or reader at once"))
    block = actions.add_parser("block", help=summary, description=summary, parents=shared)
    block.add_argument("role", metavar="ROLE", help=tr(msg("Its login role")))
    listed = actions.add_parser("list", help=tr(msg("List the terminals")), parents=shared)
    for action in (enrol, reader, block, listed):
        add_login_arguments(action, tr)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in, do one thing, say it."""
    context.start_logs()
    with signed_in(context, arguments) as here:
        if arguments.action == "enrol":
            _enrol(context, here, arguments)
        elif arguments.action == "reader":
            _enrol_reader(context, here, arguments)
        elif arguments.action == "block":
            _block(context, here, arguments.role)
        else:
            _list(context, here)
    return 0


def _enrol(context: CommandContext, here: SignedInStaff, arguments: argparse.Namespace) -> None:
    from huiyuan.repositories import staff

    plan = plan_seat(context, arguments, role=arguments.role, url=None if here.embedded else here.url)
    index_key = _index_key(context, here)
    made = staff.enrol_terminal(
        here.connection,
        role=arguments.role,
        store=arguments.store,
        code=arguments.code,
        drawer=arguments.drawer,
        verifier=plan.verifier,
    )
    sentence = msg("{role} is enrolled: store {store}, code {code}. What its counter needs is in {folder}.")
    context.say(
        context.tr(sentence).format(role=made.role, store=made.store, code=made.code, folder=plan.folder)
    )
    write_planned_seat(
        context,
        arguments,
        plan,
        role=made.role,
        store=made.store,
        code=made.code,
        index_key=index_key,
        authority=_authority(here),
    )


def _enrol_reader(context: CommandContext, here: SignedInStaff, arguments: argparse.Namespace) -> None:
    from huiyuan.repositories import readers

    url = None if here.embedded else here.url
    plan = plan_seat(context, arguments, role=arguments.role, url=url, reader=True)
    made = readers.enrol_reader(
        here.connection, role=arguments.role, units=arguments.units, verifier=plan.verifier
    )
    sentence = msg("{role} may read the reports of {units}, and nothing else. Its login is in {folder}.")
    context.say(context.tr(sentence).format(role=made.role, units=", ".join(made.units), folder=plan.folder))
    write_planned_reader(context, arguments, plan, role=made.role, authority=_authority(here))


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
    from huiyuan.repositories import readers, staff

    block = readers.block_reader if role.startswith("r_") else staff.block_terminal
    ended = block(here.connection, role=role)
    sentence = msg("{role} is blocked: {ended} connections were ended, and none can begin.")
    context.say(context.tr(sentence).format(role=role, ended=ended))


def _list(context: CommandContext, here: SignedInStaff) -> None:
    from huiyuan.repositories import readers, staff

    blocked, reads = context.tr(msg("blocked")), context.tr(msg("reads reports"))
    rows: list[tuple[object, ...]] = [
        (each.role, each.store, each.code, each.drawer, "" if each.active else blocked)
        for each in staff.listed_terminals(here.connection)
    ]
    rows += [
        (each.role, ",".join(each.units), "", reads, "" if each.active else blocked)
        for each in readers.listed_readers(here.connection)
    ]
    say_rows(context, rows)
