"""`huiyuan report`: figures for the command line, with their definition and the stores they cover."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused, complain
from huiyuan.tui.staff_login import read_pin, terminal_of_host

if TYPE_CHECKING:
    from huiyuan.domain.model.turnover import By, Turnover, TurnoverRow

HELP = msg("Print a report")

DEFINITION: Final = msg(
    "Turnover: sales less returns and reversals, tax included, on the business day; what is paid with stored"
    " value counts, top-ups and fees do not."
)
SCOPE: Final = msg(
    "{chain}: stores {stores} ({seen} of {all}), {first} to {last}, {currency}, amounts in cents"
)
DEMO_MARK: Final = msg("DEMO")
DAYS: Final = 7


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Which report, of what, for whom, in which form."""
    parser.add_argument(
        "report", choices=["turnover"], nargs="?", default="turnover", help=tr(msg("Which report"))
    )
    parser.add_argument(
        "--from",
        dest="first",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help=tr(msg("First business day; without it, the last {days} days")).format(days=DAYS),
    )
    parser.add_argument(
        "--to",
        dest="last",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help=tr(msg("Last business day, included; without it, today")),
    )
    parser.add_argument(
        "--store",
        action="append",
        default=[],
        metavar="CODE",
        help=tr(msg("Only this store (may be given again); without it, all that may be read")),
    )
    parser.add_argument(
        "--by",
        default="day,tender",
        metavar="day,store,tender",
        help=tr(msg("What the rows are split by, in this order")),
    )
    parser.add_argument(
        "--format", choices=["table", "json", "csv"], default="table", help=tr(msg("Form of the output"))
    )
    parser.add_argument(
        "--staff", metavar="NUMBER", help=tr(msg("Sign in as this member of staff; the PIN is asked for"))
    )
    parser.add_argument(
        "--pin-fd", type=int, metavar="N", help=tr(msg("Read the PIN from this open file instead"))
    )


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in where the login is a terminal's, ask, print."""
    from huiyuan.domain.model.errors import Refused
    from huiyuan.repositories.reports import signed_in_reader, today_of, turnover

    context.start_logs()
    by = _split(context, arguments.by)
    read = partial(read_pin, context, arguments.pin_fd, context.tr(msg("PIN: ")))
    try:
        with (
            terminal_of_host(context, None) as (url, _, _),
            signed_in_reader(url, staff_number=arguments.staff, read_pin=read, attempt=uuid4()) as reader,
        ):
            last = arguments.last or today_of(reader, datetime.now(UTC))
            first = arguments.first or last - timedelta(days=DAYS - 1)
            if first > last:
                raise CommandRefused(context.tr(msg("The first day lies after the last.")))
            found = turnover(reader, first=first, last=last, stores=arguments.store, by=by)
    except Refused as refused:
        raise CommandRefused(_refusal(context, refused.code, dict(refused.facts))) from None
    _print(context, arguments.format, by, found)
    return 0


def _split(context: CommandContext, words: str) -> tuple[By, ...]:
    from huiyuan.domain.model.turnover import By

    names = [word.strip() for word in words.split(",") if word.strip()]
    if not set(names) <= {each.value for each in By} or len(set(names)) != len(names):
        raise CommandRefused(
            context.tr(msg("--by takes day, store and tender, each once, with commas between."))
        )
    return tuple(By(name) for name in names)


def _refusal(context: CommandContext, code: str, facts: dict[str, Any]) -> str:
    sentences = {
        "wrong_pin": msg("That PIN is not right ({tries_left} tries left)."),
        "locked": msg("Too many wrong PINs: wait {minutes} minutes."),
        "wrong_store": msg("The rows of store {store} may not be read here, or there is no such store."),
        "not_signed_in": msg("Name yourself with --staff NUMBER; the PIN is asked for."),
        "unknown_terminal": msg("This login is no enrolled terminal."),
    }
    sentence = sentences.get(code, msg("The database refused: {code}."))
    return context.tr(sentence).format(**({"code": code, "tries_left": 0, "minutes": 0, "store": ""} | facts))


def _print(context: CommandContext, form: str, by: tuple[By, ...], found: Turnover) -> None:
    from huiyuan.tui.report_formats import as_csv, as_json, as_table

    columns = [*(each.value for each in by), "documents", "sold_cents", "returned_cents", "turnover_cents"]
    rows = [_cells(row, by) for row in found.rows]
    scope, definition = _scope_line(context, found), context.tr(DEFINITION)
    if form == "json":
        head = {
            "report": "turnover",
            "definition": definition,
            "scope": scope,
            "demo": found.scope.demo,
            "stores": list(found.scope.stores),
            "stores_of_chain": found.scope.stores_of_chain,
            "first": found.first.isoformat(),
            "last": found.last.isoformat(),
            "currency": found.scope.currency,
        }
        sys.stdout.write(as_json(head, columns, rows) + "\n")
    elif form == "csv":
        complain(definition)  # beside the file, so that the file is rows and nothing else
        complain(scope)
        sys.stdout.write(as_csv(columns, rows))
    else:
        context.say(definition)
        context.say(scope)
        total = ["" for _ in by]
        if total:
            total[0] = context.tr(msg("total"))
        total += ["", *(str(sum(int(row[place] or 0) for row in rows)) for place in (-3, -2, -1))]
        shown = [[str(cell if cell is not None else "") for cell in row] for row in rows]
        for line in as_table(columns, [*shown, total], numbers_from=len(by)):
            context.say(line)


def _cells(row: TurnoverRow, by: tuple[By, ...]) -> list[str | int | None]:
    split = {"day": row.day.isoformat() if row.day else None, "store": row.store, "tender": row.tender}
    amounts = [row.documents, row.sold_minor, row.returned_minor, row.turnover_minor]
    return [*(split[each.value] for each in by), *amounts]


def _scope_line(context: CommandContext, found: Turnover) -> str:
    line = context.tr(SCOPE).format(
        chain=found.scope.chain,
        stores=", ".join(found.scope.stores),
        seen=len(found.scope.stores),
        all=found.scope.stores_of_chain,
        first=found.first.isoformat(),
        last=found.last.isoformat(),
        currency=found.scope.currency,
    )
    return f"{context.tr(DEMO_MARK)} {line}" if found.scope.demo else line
