"""`huiyuan keys`: the chain's keys lie in files, and in no backup of the database."""

from __future__ import annotations

import argparse
from pathlib import Path

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Copy the chain's keys to a safe place")


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """One action and a folder."""
    parser.add_argument("action", choices=["export"], help=tr(msg("What to do")))
    parser.add_argument("folder", type=Path, help=tr(msg("Folder to copy them to; it must hold none yet")))


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Copy both keys, readable by their owner only."""
    from huiyuan.repositories.secrets import copy_keys

    context.start_logs()
    copy_keys(context.paths.keys, arguments.folder)
    sentence = msg("The keys are in {folder}. Whoever has them can tell cards and phone numbers apart.")
    context.say(context.tr(sentence).format(folder=arguments.folder))
    return 0
