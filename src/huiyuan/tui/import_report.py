"""What an import tells about single rows: in words, by file and line, in a file of its own.

Always true: nothing is overwritten; what the rows say is personal and only their owner may read it.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused, complain

if TYPE_CHECKING:
    from huiyuan.repositories.importers.outcome import BadRow

NOTICE: Final = "not_listed"
PROGRESS_EVERY_S: Final = 1

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
    "number_rounded": msg("holds a number that the spreadsheet has rounded; make the column a text"),
    "unknown_store": msg("names a store that this chain does not have"),
    "unknown_tier": msg("names a tier that this chain does not have"),
    "unknown_pass": msg("names a pass that is not published"),
    "malformed": msg("names a type or a state that a card cannot have"),
    "no_card": msg("this member has no card and none is named, so nothing can lie on it"),
    NOTICE: msg("is in no list; it went in with its number for a name"),
}
CELL: Final = msg("{column} cannot be used")


def new_report(context: CommandContext, source: str, wanted: Path | None) -> Path:
    """Where findings go. Raises CommandRefused if the file named is there already."""
    if wanted is None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
        return Path(context.paths.home / "imports" / f"{source}-{stamp}-{os.getpid()}.csv")
    if os.path.lexists(wanted):
        sentence = context.tr(msg("{file} exists and is not overwritten. Choose another name."))
        raise CommandRefused(sentence.format(file=wanted))
    return wanted


def tell_findings(context: CommandContext, report: Path, rows: Sequence[BadRow]) -> None:
    """List `rows` in `report` and say how many there are; nothing if there are none."""
    if not rows:
        return
    from huiyuan.config.logs import one_line
    from huiyuan.repositories.importers.findings import write_findings

    listed = [(row.file, row.line, _reason(context, row.code), one_line(row.shown)) for row in rows]
    try:
        write_findings(report, listed)
    except OSError as error:
        sentence = context.tr(msg("{file} cannot be written ({problem})."))
        complain(sentence.format(file=report, problem=error.strerror))
        return
    sentence = context.tr(msg("{count} rows need a look: {file}"))
    context.say(sentence.format(count=len(rows), file=report))


def _reason(context: CommandContext, code: str) -> str:
    known = REASONS.get(code)
    return context.tr(known) if known else context.tr(CELL).format(column=code)


def add_reading_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """How files from outside are read, and where is told what needs a look."""
    parser.add_argument(
        "--encoding",
        choices=["utf-8", "gb18030"],
        default="utf-8",
        help=tr(msg("Of files that do not say it themselves")),
    )
    parser.add_argument(
        "--errors", type=Path, metavar="FILE", help=tr(msg("Where rows that need a look are listed (CSV)"))
    )


def progress_of(context: CommandContext, stages: Mapping[str, str]) -> Callable[[str, int, int], None]:
    """What tells how far each of `stages` is: when it is done, and at most once a second before."""
    last_said = 0.0

    def progress(stage: str, done: int, everything: int) -> None:
        nonlocal last_said
        if done >= everything or time.monotonic() - last_said >= PROGRESS_EVERY_S:
            last_said = time.monotonic()
            complain(context.tr(stages[stage]).format(done=done, all=everything))

    return progress
