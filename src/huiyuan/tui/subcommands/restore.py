"""`huiyuan restore`: a backup into an empty database, and whether it is the ledger that was backed up."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Restore a backup into an empty database (with the owner's address)")
WRONG: Final = 1


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """The file, and the keys that no backup holds."""
    parser.add_argument("file", type=Path, help=tr(msg("File that `huiyuan backup` wrote")))
    parser.add_argument(
        "--keys", type=Path, metavar="FOLDER", help=tr(msg("Folder that `huiyuan keys export` wrote"))
    )


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Restore and compare; 1 if the restored ledger is another one."""
    from huiyuan.repositories.backup import restore
    from huiyuan.repositories.secrets import copy_keys
    from huiyuan.tui.database import admin_database

    context.start_logs()
    with admin_database(context) as owner_url:
        done = restore(owner_url, arguments.file)
        if arguments.keys is not None:
            copy_keys(arguments.keys, context.paths.keys)
    facts = {
        "documents": done.found.documents,
        "found": done.found.digest[:16] or "-",
        "expected": done.expected.digest[:16] or "-",
    }
    if done.same:
        same = msg("{documents} documents are restored; the digest of heads {found} is the one backed up.")
        context.say(context.tr(same).format(**facts))
        return 0
    other = msg(
        "What was restored is not what was backed up: digest of heads {found} instead of {expected}."
        " Do not sell with it; look for an older backup."
    )
    context.say(context.tr(other).format(**facts))
    return WRONG
