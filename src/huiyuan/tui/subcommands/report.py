"""`huiyuan report`: figures for the command line, with their definition and the stores they cover."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused, complain
from huiyuan.tui.staff_login import read_pin, reader_of_host, terminal_of_host

if TYPE_CHECKING:
    from huiyuan.domain.model.report import ReportTable
    from huiyuan.domain.model.stock import StockAsked
    from huiyuan.domain.model.turnover import TurnoverAsked
    from huiyuan.repositories.report_desk import Connection
    from huiyuan.screens.wording import Wording

HELP = msg("Print a report or write it to a file")

REPORTS: Final = ("turnover", "stock", "till_events")
FORMATS: Final = ("table", "json", "csv", "xlsx")
SPLITS: Final = "store,day,week,month,quarter,year,tender,member,category"


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Which report, of what, for whom, in which form."""
    parser.add_argument(
        "report", choices=REPORTS, nargs="?", default="turnover", help=tr(msg("Which report"))
    )
    parser.add_argument(
        "--from",
        dest="first",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help=tr(msg("First business day; without it, the last 7 days")),
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
        "--by", default="day", metavar=SPLITS, help=tr(msg("What the rows are split by, in this order"))
    )
    parser.add_argument(
        "--apart", action="store_true", help=tr(msg("Show what was sold and what was returned, too"))
    )
    parser.add_argument(
        "--search", default="", metavar="WORDS", help=tr(msg("Stock: only goods found by this"))
    )
    parser.add_argument(
        "--category", default="", metavar="CODE", help=tr(msg("Stock: only of this category"))
    )
    parser.add_argument(
        "--only", choices=("all", "negative", "zero"), default="all", help=tr(msg("Stock: only such rows"))
    )
    parser.add_argument(
        "--format", choices=FORMATS, help=tr(msg("Form of the output; without it, by the file's name"))
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=tr(msg("Write it to this file")))
    parser.add_argument(
        "--staff", metavar="NUMBER", help=tr(msg("Sign in as this member of staff; the PIN is asked for"))
    )
    parser.add_argument(
        "--pin-fd", type=int, metavar="N", help=tr(msg("Read the PIN from this open file instead"))
    )
    parser.add_argument(
        "--terminal", metavar="ROLE", help=tr(msg("Which enrolled terminal or reader to use"))
    )


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in where the login is a terminal's, ask, write."""
    from uuid import uuid4

    from huiyuan.domain.model.errors import Refused
    from huiyuan.repositories.report_desk import reading_at

    context.start_logs()
    form = _form(context, arguments)
    read = partial(read_pin, context, arguments.pin_fd, context.tr(msg("PIN: ")))
    try:
        asked = _stock(arguments) if arguments.report == "stock" else _asked(context, arguments)
        with (
            _login(context, arguments) as url,
            reading_at(url, staff_number=arguments.staff, read_pin=read, attempt=uuid4()) as (line, person),
        ):
            table = _ask(line, arguments.report, asked, person, apart=arguments.apart)
    except Refused as refused:
        raise CommandRefused(_refusal(context, refused.code, dict(refused.facts))) from None
    _write(context, table, form, arguments.output)
    return 0


@contextlib.contextmanager
def _login(context: CommandContext, arguments: argparse.Namespace) -> Iterator[str]:
    """URL of a reader of this host where nobody signs in, else of a terminal."""
    if arguments.staff is None:
        with reader_of_host(context, arguments.terminal) as url:
            if url is not None:
                yield url
                return
    with terminal_of_host(context, arguments.terminal) as (url, _, _):
        yield url


def _form(context: CommandContext, arguments: argparse.Namespace) -> str:
    named = "" if arguments.output is None else arguments.output.suffix.removeprefix(".").lower()
    form = str(arguments.format or (named if named in FORMATS else "table"))
    if form == "xlsx" and arguments.output is None:
        raise CommandRefused(context.tr(msg("A workbook needs a file: add -o FILE.")))
    return form


def _asked(context: CommandContext, arguments: argparse.Namespace) -> TurnoverAsked:
    from huiyuan.domain.model.turnover import Period, TurnoverAsked, parse_by

    words = [word.strip() for word in arguments.by.split(",") if word.strip()]
    stores = tuple(str(code).upper() for code in arguments.store)
    asked = TurnoverAsked(Period.LAST_DAYS, stores=stores, by=parse_by(words))
    if arguments.first is None and arguments.last is None:
        return asked
    if arguments.first and arguments.last and arguments.first > arguments.last:
        raise CommandRefused(context.tr(msg("The first day lies after the last.")))
    first = arguments.first or arguments.last
    return replace(asked, period=Period.DAYS, first=first, last=arguments.last)


def _stock(arguments: argparse.Namespace) -> StockAsked:
    from huiyuan.domain.model.stock import EVERYTHING, StockAsked, StockOnly

    return StockAsked(
        stores=tuple(str(code).upper() for code in arguments.store),
        words=arguments.search,
        category=arguments.category,
        only=StockOnly(arguments.only),
        most=EVERYTHING,
    )


def _ask(
    line: Connection, name: str, asked: TurnoverAsked | StockAsked, person: str | None, *, apart: bool
) -> ReportTable:
    from huiyuan.domain.model.stock import StockAsked
    from huiyuan.repositories.report_desk import on_hand, till_events, turnover

    if isinstance(asked, StockAsked):
        return on_hand(line, asked, asked_by=person).table()
    if name == "till_events":
        return till_events(line, asked, asked_by=person).table()
    return turnover(line, asked, asked_by=person).table(apart=apart)


def _refusal(context: CommandContext, code: str, facts: dict[str, Any]) -> str:
    from huiyuan.tui.sentences import SENTENCES

    sentences = {
        "wrong_pin": msg("That PIN is not right ({tries_left} tries left)."),
        "locked": msg("Too many wrong PINs: wait {minutes} minutes."),
        "store_out_of_reach": msg(
            "The rows of store {store} may not be read here, or there is no such store."
        ),
        "not_signed_in": msg("Name yourself with --staff NUMBER (the PIN is asked for), or enrol a reader."),
        "unknown_terminal": msg("This login is no enrolled terminal."),
        "unknown_split": SENTENCES["unknown_split"],
    }
    sentence = sentences.get(code, msg("The database refused: {code}."))
    blank = {"code": code, "tries_left": 0, "minutes": 0, "store": "", "split": ""}
    return context.tr(sentence).format(**(blank | facts))


def _write(context: CommandContext, table: ReportTable, form: str, output: Path | None) -> None:
    from huiyuan.repositories.exports import WRITERS, write_whole
    from huiyuan.screens.report_words import paper_of
    from huiyuan.screens.wording import Wording

    scope = table.scope
    say = Wording(context.tr, context.lang, scope.currency, scope.minor_digits, scope.time_zone)
    paper = paper_of(say, table)
    if form == "table" and output is None:
        for line in (paper.definition, paper.scope, *_lines(say, table)):
            context.say(line)
        return
    if form == "table":
        lines = (paper.definition, paper.scope, *_lines(say, table))
        content = ("\n".join(lines) + "\n").encode("utf-8", "replace")
    else:
        content = WRITERS[form](paper)
    if form == "csv":
        complain(paper.definition)  # beside the file, so that the file is rows and nothing else
        complain(paper.scope)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return
    try:
        write_whole(output, content)
    except OSError as error:
        sentence = context.tr(msg("The file {path} cannot be written: {problem}. Nothing was left there."))
        raise CommandRefused(sentence.format(path=output, problem=error.strerror)) from None
    context.say(context.tr(msg("Written: {path}")).format(path=output))


def _lines(say: Wording, table: ReportTable) -> list[str]:
    from huiyuan.domain.model.report import Measure
    from huiyuan.screens.report_words import cell_text, heading, total_texts
    from huiyuan.screens.widgets.plain import visible
    from huiyuan.tui.report_formats import as_table

    rows = [
        [visible(cell_text(say, column, cell)) for column, cell in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    if total := total_texts(say, table):
        rows.append(list(total))
    right = [column.measure is not Measure.TEXT for column in table.columns]
    return as_table([heading(say, column) for column in table.columns], rows, right=right)
