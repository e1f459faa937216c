"""`huiyuan doctor`: is the database in reach, of the right version, and do the clocks agree?

`huiyuan doctor terminal` looks at the terminal instead, `huiyuan doctor gateway` asks the payment gateway
about a number that nobody ever charged, `huiyuan doctor devices` asks printer, drawer, display and reader.

It changes nothing: where there is no database yet it says so instead of making one.
"""

from __future__ import annotations

import argparse
from typing import Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Look at the database, its version and the clock, or at the terminal")

CLOCK_DIFFERENCE_MS_MAX: Final = 60_000
"""Nothing is booked by the counter's clock, but a minute off makes every slip look wrong to a customer."""

WRONG: Final = 1
PARTS: Final = ("database", "terminal", "gateway", "devices")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """What to look at."""
    parser.add_argument(
        "part",
        nargs="?",
        choices=PARTS,
        default=PARTS[0],
        help=tr(msg("what to look at: {parts}")).format(parts=", ".join(PARTS)),
    )
    from huiyuan.tui.device_check import add_device_arguments

    add_device_arguments(parser, tr)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Say a line for each thing; 0 if all is well, 1 if one of them is not."""
    if arguments.part == "terminal":
        from huiyuan.tui.terminal_check import check_terminal

        return 0 if check_terminal(context) else WRONG
    if arguments.part == "devices":
        from huiyuan.tui.device_check import check_devices

        return 0 if check_devices(context, arguments) else WRONG
    if arguments.part == "gateway":
        from huiyuan.tui.payments import check_gateway

        return 0 if check_gateway(context) else WRONG
    return _look_at_database(context)


def _look_at_database(context: CommandContext) -> int:
    from huiyuan.repositories.enrol import find_seats
    from huiyuan.repositories.health import look
    from huiyuan.tui.database import admin_database

    context.start_logs()
    shared = [seat for seat in find_seats(context.paths.counter) if seat.server is not None]
    if context.database_url is None and shared:  # this host was enrolled at a shared server
        health = look(shared[0].url())
    elif context.database_url is None and not (context.paths.postgres / "data").exists():
        sentence = context.tr(msg("There is no database in {folder} yet; `huiyuan run` makes one."))
        context.say(sentence.format(folder=context.paths.postgres))
        return WRONG
    else:
        with admin_database(context) as url:
            health = look(url)
    sentence = context.tr(msg("Database: PostgreSQL {server} answers in {ms} ms."))
    context.say(sentence.format(server=health.server, ms=health.answer_ms))
    fits = _say_schema(context, health.schema)
    return 0 if _say_clock(context, health.clock_ahead_ms) and fits else WRONG


def _say_schema(context: CommandContext, found: int | None) -> bool:
    from huiyuan.repositories.migrate import SCHEMA_VERSION, SchemaRefused, check_version
    from huiyuan.tui.sentences import sentence_for

    try:
        check_version(found)
    except SchemaRefused as refused:
        context.say(context.tr(msg("Schema: {sentence}")).format(sentence=sentence_for(refused, context)))
        return False
    sentence = context.tr(msg("Schema: version {found}; this program knows {known}."))
    context.say(sentence.format(found=found, known=SCHEMA_VERSION))
    return True


def _say_clock(context: CommandContext, ahead_ms: int) -> bool:
    seconds = f"{abs(ahead_ms) // 1000}.{abs(ahead_ms) % 1000 // 100}"
    if abs(ahead_ms) <= CLOCK_DIFFERENCE_MS_MAX:
        context.say(context.tr(msg("Clock: {seconds} s apart from the server's.")).format(seconds=seconds))
        return True
    sentence = context.tr(
        msg(
            "Clock: this machine's is {seconds} s apart from the server's. Set it;"
            " bookings go by the server's anyway."
        )
    )
    context.say(sentence.format(seconds=seconds))
    return False
