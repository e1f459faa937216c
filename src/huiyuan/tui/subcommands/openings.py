"""`huiyuan openings`: members, their cards and what lies on them, from a list of another system.

Always true: without a signature nothing is kept; what is tried is the very run that would be booked.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.import_report import add_reading_arguments, new_report, progress_of, tell_findings

if TYPE_CHECKING:
    from huiyuan.repositories.importers.openings import Opening
    from huiyuan.repositories.importers.outcome import Outcome

HELP = msg("Open members' balances from a list (.xlsx, .csv)")
EPILOG: Final = msg(
    "First without --sign: everything is tried, nothing is kept, and the totals come with a code. Compare"
    " them with the old system, then again with --sign CODE --by STAFF. Columns (one row a member): member,"
    " name, phone, tier, store, joined, card, card_type, card_state, principal, bonus, points, and pass:NAME"
    " for the uses of a pass."
)
INCOMPLETE: Final = 1
STAGES: Final[Mapping[str, str]] = {
    "members": msg("members: {done} of {all}"),
    "openings": msg("balances: {done} of {all}"),
}


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Which list, of what moment, whose store, and who signs."""
    parser.epilog = tr(EPILOG)
    parser.add_argument("file", type=Path, metavar="FILE", help=tr(msg("The list: .xlsx, .csv or .csv.gz")))
    parser.add_argument(
        "--at",
        required=True,
        metavar="DAY",
        help=tr(msg("Day whose closing balances these are (2026-10-31)")),
    )
    parser.add_argument(
        "--timezone", default="Asia/Shanghai", metavar="ZONE", help=tr(msg("Time zone of that day"))
    )
    parser.add_argument(
        "--currency", required=True, metavar="CODE", help=tr(msg("Currency of the amounts; the chain's"))
    )
    parser.add_argument(
        "--store", required=True, metavar="CODE", help=tr(msg("Store of members whose row names none"))
    )
    parser.add_argument("--sign", metavar="CODE", help=tr(msg("The code that the try printed: book it")))
    parser.add_argument(
        "--by", metavar="STAFF", help=tr(msg("Number of the person who stands for the totals"))
    )
    add_reading_arguments(parser, tr)


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Try or book, tell the totals, list what needs a look; 1 if a row stayed out."""
    from huiyuan.repositories.importers.outcome import Outcome

    context.start_logs()
    if (arguments.sign is None) != (arguments.by is None):
        raise CommandRefused(context.tr(msg("--sign and --by go together: a code, and who stands for it.")))
    report = new_report(context, "openings", arguments.errors)
    outcome = Outcome()
    began = time.monotonic()
    try:
        opening = _import(context, arguments, outcome)
    finally:
        tell_findings(context, report, outcome.bad_rows)
    _tell(context, opening, outcome, time.monotonic() - began, arguments.sign is not None)
    return INCOMPLETE if outcome.bad_rows else 0


def _end_of(context: CommandContext, day: str, zone: str) -> datetime:
    """The last second of `day` there. Raises CommandRefused."""
    try:
        return datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=ZoneInfo(zone))
    except (ValueError, ZoneInfoNotFoundError):
        sentence = context.tr(msg("{day} in {zone} is no day; one is 2026-10-31 in Asia/Shanghai."))
        raise CommandRefused(sentence.format(day=day, zone=zone)) from None


def _import(context: CommandContext, arguments: argparse.Namespace, outcome: Outcome) -> Opening:
    from huiyuan.repositories.importers.history import history_entry
    from huiyuan.repositories.importers.openings import Keys, import_openings
    from huiyuan.repositories.sealing import Sealer
    from huiyuan.repositories.secrets import DATA_KEY_FILE, INDEX_KEY_FILE, DataKey, IndexKey
    from huiyuan.tui.database import admin_database, refuse_without_data

    refuse_without_data(context)
    at = _end_of(context, arguments.at, arguments.timezone)
    keys = Keys(
        lambda: IndexKey.load(context.paths.keys / INDEX_KEY_FILE),
        Sealer(lambda: DataKey.load(context.paths.keys / DATA_KEY_FILE)),
    )
    with admin_database(context) as admin_url, history_entry(admin_url) as entry:
        return import_openings(
            entry,
            arguments.file,
            currency=arguments.currency.upper(),
            at=at,
            store=arguments.store,
            keys=keys,
            outcome=outcome,
            progress=progress_of(context, STAGES),
            encoding=arguments.encoding,
            signed=None if arguments.sign is None else (arguments.sign, arguments.by),
        )


def _tell(context: CommandContext, opening: Opening, outcome: Outcome, seconds: float, booked: bool) -> None:
    totals = opening.totals
    lines = [
        context.tr(msg("Members {members}, cards {cards}")).format(
            members=totals.members, cards=totals.cards
        ),
        context.tr(msg("Principal {principal}, bonus {bonus}, points {points}")).format(
            principal=_money(totals.principal_minor, opening.minor_digits),
            bonus=_money(totals.bonus_minor, opening.minor_digits),
            points=totals.points,
        ),
    ]
    lines += [
        context.tr(msg("Pass {name}: {uses} uses")).format(name=name, uses=uses)
        for name, uses in sorted(totals.passes.items())
    ]
    if booked:
        sentence = msg("Booked: {posted} openings, {known} stood already, {refused} refused; {seconds} s.")
    elif not outcome.posted:
        sentence = msg(
            "Tried, nothing was kept: nothing of it is new, {known} stand already, {refused} are refused;"
            " {seconds} s. There is nothing to book."
        )
    else:
        sentence = msg(
            "Tried, nothing was kept: {posted} openings would be new, {known} stand already, {refused} are"
            " refused; {seconds} s. If the totals are right: --sign {code} --by STAFF"
        )
    lines.append(
        context.tr(sentence).format(
            posted=outcome.posted,
            known=outcome.known,
            refused=outcome.refused,
            seconds=f"{seconds:.1f}",
            code=opening.code,
        )
    )
    for line in lines:
        context.say(line)


def _money(minor: int, digits: int) -> str:
    whole, part = divmod(minor, 10**digits)
    return f"{whole:,}.{part:0{digits}}" if digits else f"{whole:,}"
