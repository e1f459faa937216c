"""`huiyuan migrate`: bring a database to this program's schema, with its owner's address."""

from __future__ import annotations

import argparse

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused

HELP = msg("Bring the database to this program's version (with the owner's address)")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--unsent`."""
    parser.add_argument(
        "--unsent", action="store_true", help=tr(msg("Go on although a counter here has sales to send"))
    )


def refuse_unsent(context: CommandContext) -> None:
    """What waits on this machine is sent before anything under it changes.

    Raises:
        CommandRefused: A counter of this machine has documents without an answer.
    """
    from huiyuan.repositories.counter.journal import unsent_in

    folders = sorted(context.paths.counter.iterdir()) if context.paths.counter.is_dir() else []
    waiting = {each.name: count for each in folders if each.is_dir() and (count := unsent_in(each))}
    if waiting:
        text = msg(
            "{count} documents of this machine's counters are not sent yet ({seats}). Nothing was changed."
            " Start the counter, let it send them (^O), then update; --unsent goes on all the same."
        )
        raise CommandRefused(context.tr(text).format(count=sum(waiting.values()), seats=", ".join(waiting)))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Migrate, and say from where to where."""
    from huiyuan.repositories.migrate import migrate
    from huiyuan.tui.database import admin_database

    context.start_logs()
    if not arguments.unsent:
        refuse_unsent(context)
    with admin_database(context) as admin_url:
        result = migrate(admin_url)
    if result.was is None:
        context.say(
            context.tr(msg("The database was empty and is now at version {now}.")).format(now=result.now)
        )
    elif result.was == result.now:
        context.say(
            context.tr(msg("The database is at version {now}; its functions were renewed.")).format(
                now=result.now
            )
        )
    else:
        sentence = context.tr(msg("The database was at version {was} and is now at version {now}."))
        context.say(sentence.format(was=result.was, now=result.now))
    return 0
