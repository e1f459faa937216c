"""`huiyuan migrate`: bring a database to this program's schema, with its owner's address."""

from __future__ import annotations

import argparse

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Bring the database to this program's version (with the owner's address)")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Nothing but the shared arguments."""


def run(context: CommandContext, arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Migrate, and say from where to where."""
    from huiyuan.repositories.migrate import migrate
    from huiyuan.tui.database import admin_database

    context.start_logs()
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
