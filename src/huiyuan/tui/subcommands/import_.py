"""`huiyuan import`: a chain's past from files, into a chain that was set up.

Always true: it goes in batches, each one transaction, so a run that was killed leaves whole documents and the
same run again does the rest; rows that did not go in are listed by file and line in a report of its own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, complain
from huiyuan.tui.import_report import NOTICE, add_reading_arguments, new_report, progress_of, tell_findings

if TYPE_CHECKING:
    from huiyuan.repositories.importers.outcome import Outcome

HELP = msg("Load a chain's past sales from files")
EPILOG: Final = msg(
    "It loads into a chain that is there: `huiyuan setup --currency USD --zone America/New_York` makes one,"
    " in a home folder of its own (HUIYUAN_HOME=...), apart from the demo. Stores, members and cards that are"
    " missing are made with the source's own numbers. Broken off, it is completed by the same command again."
)
INTERRUPTED: Final = 130
INCOMPLETE: Final = 1

STAGES: Final[Mapping[str, str]] = {
    "stores": msg("stores: {done} of {all}"),
    "products": msg("products: {done} of {all}"),
    "members": msg("members: {done} of {all}"),
    "sales": msg("sales: {done} of {all}"),
}


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Which kind of source, where it lies, and what it does not say itself."""
    parser.epilog = tr(EPILOG)
    parser.add_argument("source", choices=["retail"], help=tr(msg("Kind of the source")))
    parser.add_argument(
        "folder",
        type=Path,
        metavar="DIR",
        help=tr(msg("Folder with households, products and transactions, .csv or .csv.gz")),
    )
    parser.add_argument(
        "--timezone", required=True, metavar="ZONE", help=tr(msg("Time zone of the stores, decides the days"))
    )
    parser.add_argument(
        "--currency", required=True, metavar="CODE", help=tr(msg("Currency of the amounts; the chain's"))
    )
    add_reading_arguments(parser, tr)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Import, tell how it goes, and list what needs a look; 1 if something stayed out."""
    from huiyuan.repositories.importers.outcome import Outcome

    context.start_logs()
    report = new_report(context, arguments.source, arguments.errors)
    outcome = Outcome()
    began = time.monotonic()
    interrupted = False
    try:
        _import(context, arguments, outcome)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        tell_findings(context, report, outcome.bad_rows)
    _tell(context, outcome, time.monotonic() - began)
    if interrupted:
        complain(context.tr(msg("Broken off. What went in stands; the same command again does the rest.")))
        return INTERRUPTED
    return INCOMPLETE if any(row.code != NOTICE for row in outcome.bad_rows) else 0


def _import(context: CommandContext, arguments: argparse.Namespace, outcome: Outcome) -> None:
    from huiyuan.repositories.importers.history import history_entry
    from huiyuan.repositories.importers.retail import import_retail
    from huiyuan.repositories.secrets import INDEX_KEY_FILE, IndexKey
    from huiyuan.tui.database import admin_database, refuse_without_data

    refuse_without_data(context)

    with admin_database(context) as admin_url, history_entry(admin_url) as entry:
        import_retail(
            entry,
            arguments.folder,
            time_zone=arguments.timezone,
            currency=arguments.currency.upper(),
            index_key=lambda: IndexKey.load(context.paths.keys / INDEX_KEY_FILE),
            outcome=outcome,
            progress=progress_of(context, STAGES),
            encoding=arguments.encoding,
        )


def _tell(context: CommandContext, outcome: Outcome, seconds: float) -> None:
    if not outcome.changed:
        sentence = context.tr(msg("Nothing new: {known} sales stand already. Nothing was changed."))
        context.say(sentence.format(known=outcome.known))
        return
    sentence = context.tr(
        msg(
            "New: {stores} stores, {products} products, {members} members, {posted} sales with {lines} lines"
            " ({known} stood already), {seconds} s, {rate} lines a second."
        )
    )
    context.say(
        sentence.format(
            stores=outcome.stores,
            products=outcome.products,
            members=outcome.members,
            posted=outcome.posted,
            lines=outcome.lines,
            known=outcome.known,
            seconds=f"{seconds:.1f}",
            rate=round(outcome.lines / max(seconds, 0.001)),
        )
    )
