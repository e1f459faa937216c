"""`huiyuan backup`: the whole database in one file, and beside it the digest that a restore is held to."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Back up the database (with the owner's address)")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """The file."""
    parser.add_argument("file", type=Path, help=tr(msg("File to write; it must not exist yet")))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Back up while tills go on selling, and say what is in it."""
    from huiyuan.repositories.backup import back_up
    from huiyuan.tui.database import admin_database, refuse_without_data

    context.start_logs()
    refuse_without_data(context)
    with admin_database(context) as owner_url:
        done = back_up(owner_url, arguments.file)
    sentence = msg(
        "{documents} documents are backed up in {file} ({bytes} bytes), digest of heads {digest}."
        " Keep {file}.json beside it."
    )
    context.say(
        context.tr(sentence).format(
            documents=done.contents.documents,
            file=done.file,
            bytes=done.bytes,
            digest=done.contents.digest[:16] or "-",
        )
    )
    return 0
