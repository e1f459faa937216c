"""`huiyuan import`: a chain's past from files, into a chain that was set up.

Always true: it goes in batches, each one transaction, so a run that was killed leaves whole documents and the
same run again does the rest; rows that did not go in are listed by file and line in a report of its own.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused, complain

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
PROGRESS_EVERY_S: Final = 1
NOTICE: Final = "not_listed"

STAGES: Final[Mapping[str, str]] = {
    "stores": msg("stores: {done} of {all}"),
    "products": msg("products: {done} of {all}"),
    "members": msg("members: {done} of {all}"),
    "sales": msg("sales: {done} of {all}"),
}
REASONS: Final[Mapping[str, str]] = {
    "row_width": msg("has more or fewer cells than the header"),
    "not_readable": msg("holds characters that cannot be read"),
    "listed_twice": msg("is listed twice; the first row counts"),
    "unclean_text": msg("holds hidden or control characters"),
    "basket_differs": msg("names another store, household or time than its basket's first row"),
    "basket_held_back": msg("basket held back whole, because one of its rows cannot be used"),
    "already_used": msg("this number belongs to another member's card"),
    "unknown_tax": msg("the chain lacks the tax code that goods of this source need (free)"),
    "total_differs": msg("lines and discounts do not add up"),
    "unbalanced": msg("lines and discounts do not add up"),
    "id_reused": msg("stands already, with other content; what was posted stays"),
    "number_used": msg("this number stands already in this store"),
    "arithmetic": msg("lines and discounts do not add up"),
    NOTICE: msg("is in no list; it went in with its number for a name"),
}
CELL: Final = msg("{column} cannot be used")


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
    parser.add_argument(
        "--encoding",
        choices=["utf-8", "gb18030"],
        default="utf-8",
        help=tr(msg("Of files that do not say it themselves")),
    )
    parser.add_argument(
        "--errors", type=Path, metavar="FILE", help=tr(msg("Where rows that need a look are listed (CSV)"))
    )


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Import, tell how it goes, and list what needs a look; 1 if something stayed out."""
    from huiyuan.repositories.importers.outcome import Outcome

    context.start_logs()
    report = _report_path(context, arguments)
    outcome = Outcome()
    began = time.monotonic()
    interrupted = False
    try:
        _import(context, arguments, outcome)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        if outcome.bad_rows:
            _write_report(context, report, outcome)
    _tell(context, outcome, time.monotonic() - began)
    if outcome.bad_rows:
        sentence = context.tr(msg("{count} rows need a look: {file}"))
        context.say(sentence.format(count=len(outcome.bad_rows), file=report))
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
    last_said = 0.0

    def progress(stage: str, done: int, everything: int) -> None:
        nonlocal last_said
        if done >= everything or time.monotonic() - last_said >= PROGRESS_EVERY_S:
            last_said = time.monotonic()
            complain(context.tr(STAGES[stage]).format(done=done, all=everything))

    with admin_database(context) as admin_url, history_entry(admin_url) as entry:
        import_retail(
            entry,
            arguments.folder,
            time_zone=arguments.timezone,
            currency=arguments.currency.upper(),
            index_key=lambda: IndexKey.load(context.paths.keys / INDEX_KEY_FILE),
            outcome=outcome,
            progress=progress,
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


def _report_path(context: CommandContext, arguments: argparse.Namespace) -> Path:
    """Raises CommandRefused if the file named is there already: nothing is overwritten."""
    if arguments.errors is None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        return Path(context.paths.home / "imports" / f"{arguments.source}-{stamp}-{os.getpid()}.csv")
    wanted = Path(arguments.errors)
    if os.path.lexists(wanted):
        sentence = context.tr(msg("{file} exists and is not overwritten. Choose another name."))
        raise CommandRefused(sentence.format(file=wanted))
    return wanted


def _write_report(context: CommandContext, path: Path, outcome: Outcome) -> None:
    from huiyuan.config.logs import one_line
    from huiyuan.repositories.importers.findings import write_findings

    rows = [(row.file, row.line, _reason(context, row.code), one_line(row.shown)) for row in outcome.bad_rows]
    try:
        write_findings(path, rows)
    except OSError as error:
        sentence = context.tr(msg("{file} cannot be written ({problem})."))
        complain(sentence.format(file=path, problem=error.strerror))


def _reason(context: CommandContext, code: str) -> str:
    known = REASONS.get(code)
    return context.tr(known) if known else context.tr(CELL).format(column=code)
