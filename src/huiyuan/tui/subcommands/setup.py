"""`huiyuan setup`: the first day of a chain, with the owner's address or on this machine's own server."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext
from huiyuan.tui.staff_login import ask_line, read_new_pin

if TYPE_CHECKING:
    from huiyuan.repositories.setup import FirstDay

HELP = msg("Set up a chain: its first store, manager and terminal")

QUESTIONS: Final = (  # attribute, option, question
    ("chain", "--chain", msg("Name of the chain: ")),
    ("store", "--store", msg("Code of the first store (letters and digits, such as A01): ")),
    ("store_name", "--store-name", msg("Name of the first store: ")),
    ("manager", "--manager", msg("Staff number of the first manager (2 to 8 digits): ")),
    ("manager_name", "--manager-name", msg("Name of the first manager: ")),
)


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """What a person decides; names that are missing are asked for."""
    for attribute, option, question in QUESTIONS:
        parser.add_argument(option, dest=attribute, help=tr(question).rstrip(":： "))
    parser.add_argument("--currency", default="CNY", help=tr(msg("Currency of the chain, three letters")))
    parser.add_argument(
        "--zone", default="Asia/Shanghai", metavar="ZONE", help=tr(msg("Time zone of the chain"))
    )
    parser.add_argument("--terminal", metavar="ROLE", help=tr(msg("Login role of the first terminal")))
    parser.add_argument("--code", default="1", metavar="N", help=tr(msg("1 to 3 digits on every receipt")))
    parser.add_argument(
        "--pin-fd", type=int, metavar="N", help=tr(msg("Read the PIN from this open file instead"))
    )
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


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Ask what is missing, make the chain, its keys and the folder of its first seat."""
    from huiyuan.repositories import enrol
    from huiyuan.repositories.migrate import migrate
    from huiyuan.repositories.secrets import make_keys
    from huiyuan.repositories.setup import set_up
    from huiyuan.tui.database import admin_database

    context.start_logs()
    day = _first_day(context, arguments)
    folder = context.paths.counter / day.terminal_role
    if (folder / enrol.TERMINAL_FILE).exists():
        raise enrol.SeatRefused("seat_exists", folder=str(folder))
    pin = read_new_pin(context, arguments.pin_fd)
    with admin_database(context) as admin_url:
        server = None if context.database_url is None else enrol.server_of(admin_url)
        password = None if server is None or arguments.certificate else enrol.new_password()
        verifier = None if password is None else enrol.scram_verifier(password)
        migrate(admin_url)
        set_up(admin_url, day, manager_pin=pin, terminal_verifier=verifier)
        seat = enrol.write_seat(
            folder,
            role=day.terminal_role,
            store=day.store_code,
            code=day.terminal_code,
            server=server,
            index_key=make_keys(context.paths.keys),
            password=password,
            authority=arguments.ca,
        )
    made = msg("{chain} is set up. {manager} may sign in as {number} at {role}: `huiyuan run`.")
    context.say(
        context.tr(made).format(
            chain=day.chain, manager=day.manager, number=day.manager_number, role=day.terminal_role
        )
    )
    if arguments.certificate and server is not None:
        asked = msg("Have {request} signed and put the certificate beside it as {name}.")
        request = enrol.make_request(seat)
        context.say(context.tr(asked).format(request=request, name=enrol.CERTIFICATE_FILE))
    kept = msg("No backup holds the keys in {folder}: keep a copy elsewhere (`huiyuan keys export`).")
    context.say(context.tr(kept).format(folder=context.paths.keys))
    return 0


def _first_day(context: CommandContext, arguments: argparse.Namespace) -> FirstDay:
    from huiyuan.repositories.setup import FirstDay

    given = {
        attribute: getattr(arguments, attribute) or ask_line(context, context.tr(question), option)
        for attribute, option, question in QUESTIONS
    }
    store = given["store"].upper()
    return FirstDay(
        chain=given["chain"],
        currency=arguments.currency.upper(),
        time_zone=arguments.zone,
        store_code=store,
        store=given["store_name"],
        manager_number=given["manager"],
        manager=given["manager_name"],
        terminal_role=arguments.terminal or f"t_{store.lower()}_{arguments.code}",
        terminal_code=arguments.code,
        lang=context.lang,
    )
