"""`huiyuan demo`: make the demo chain, or with --reset throw it away and make it anew."""

from __future__ import annotations

import argparse
import sys

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused

HELP = msg("Make the demo chain (or make it anew)")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--reset`, `--small`, and `--yes` where nobody can be asked."""
    parser.add_argument(
        "--reset", action="store_true", help=tr(msg("Throw the demo chain away and make it anew"))
    )
    parser.add_argument(
        "--small", action="store_true", help=tr(msg("Only two stores, forty products and no past sales"))
    )
    parser.add_argument("--yes", action="store_true", help=tr(msg("Do not ask before throwing it away")))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Make it, and say with which numbers one signs in."""
    from huiyuan.repositories import demo
    from huiyuan.repositories.migrate import migrate
    from huiyuan.tui.database import admin_database

    context.start_logs()
    with admin_database(context) as admin_url:
        if arguments.reset:
            if not arguments.yes:
                _ask(context)
            demo.reset(admin_url, whole=not arguments.small)
            made = True
        else:
            migrate(admin_url)
            made = demo.seed(admin_url, whole=not arguments.small)
    words = (
        msg("The demo chain is ready.")
        if made
        else msg("The demo chain is there already; nothing was changed.")
    )
    context.say(context.tr(words))
    for person in demo.STAFF:
        sentence = context.tr(msg("  sign in: {number}  PIN {pin}  {name} ({duty})"))
        context.say(sentence.format(number=person.number, pin=person.pin, name=person.name, duty=person.duty))
    with_pin = [card for card in demo.CARDS if card.pin]
    without = [card.number for card in demo.CARDS if card.state == "active" and not card.pin]
    sentence = context.tr(msg("  cards: {numbers} (PIN {pin}); without a PIN: {others}"))
    context.say(
        sentence.format(
            numbers=" ".join(card.number for card in with_pin), pin=with_pin[0].pin, others=" ".join(without)
        )
    )
    return 0


def _ask(context: CommandContext) -> None:
    """Raises CommandRefused unless a person agrees."""
    if not sys.stdin.isatty():
        raise CommandRefused(
            context.tr(
                msg("Nobody can be asked here. With --yes the demo chain is thrown away without asking.")
            )
        )
    question = context.tr(
        msg("Everything in the demo chain is lost, and open counters are cut off. Type yes to go on: ")
    )
    sys.stdout.write(question)
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() not in {"yes", "是"}:
        raise CommandRefused(context.tr(msg("Nothing was changed.")))
