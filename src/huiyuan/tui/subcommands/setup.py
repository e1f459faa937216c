"""`huiyuan setup`: the first day of a chain, with the owner's address or on this machine's own server."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext
from huiyuan.tui.seat_folder import add_seat_arguments, plan_seat, write_planned_seat
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
    add_seat_arguments(parser, tr)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Ask what is missing, make the chain, its keys and the folder of its first seat."""
    from huiyuan.repositories.migrate import migrate
    from huiyuan.repositories.secrets import make_keys
    from huiyuan.repositories.setup import set_up
    from huiyuan.tui.database import admin_database

    context.start_logs()
    day = _first_day(context, arguments)
    plan = plan_seat(context, arguments, role=day.terminal_role, url=context.database_url)
    pin = read_new_pin(context, arguments.pin_fd)
    with admin_database(context) as admin_url:
        migrate(admin_url)
        index_key = make_keys(context.paths.keys)
        set_up(admin_url, day, manager_pin=pin, terminal_verifier=plan.verifier)
    made = msg("{chain} is set up. {manager} may sign in as {number} at {role}: `huiyuan run`.")
    context.say(
        context.tr(made).format(
            chain=day.chain, manager=day.manager, number=day.manager_number, role=day.terminal_role
        )
    )
    write_planned_seat(
        context,
        arguments,
        plan,
        role=day.terminal_role,
        store=day.store_code,
        code=day.terminal_code,
        index_key=index_key,
    )
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
