"""Reports: the list of those a person may see, and what every report's screen has in common.

Always true: a report stands with its definition and its scope; while one is counted, the seconds are shown
and Esc gives it up, at the server too; an export says where it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.timer import Timer

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.report import ReportTable
from huiyuan.domain.ports.reports import Rows
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import EXPORT_FORMS, EXPORT_LABELS, Choice
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.paged import PagedScreen
from huiyuan.screens.report_words import DEFINITIONS, TITLES, definition, paper_of, scope_line
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.plain import cells
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

T = TypeVar("T")

REPORT: Final = "report"
COUNTING: Final = msg("Counting, {seconds} s so far. Esc gives it up.")
WRITING: Final = msg("Writing, {rows} rows so far. Esc gives it up.")
EXPORT_ROWS: Final = 500
"""What an export asks for at once."""
WHILE_WRITING: Final = frozenset({"back", "help"})
Page = tuple[ReportTable, Any]
"""A page's cells, and behind which row the next one begins; None on the last."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A report, the permission without which it is not shown, and how its screen is made."""

    name: str
    needs: str
    open: Callable[[Shop], ShopScreen[None]]


def _turnover(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.turnover import TurnoverScreen

    return TurnoverScreen(shop)


def _stock(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.stock import StockScreen

    return StockScreen(shop)


def _till_events(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.till_events import TillEventsScreen

    return TillEventsScreen(shop)


def _law(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.law import LawScreen

    return LawScreen(shop)


def _filing(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.filing import FilingScreen

    return FilingScreen(shop)


def _clearing(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.clearing import ClearingScreen

    return ClearingScreen(shop)


def _value(shop: Shop) -> ShopScreen[None]:
    from huiyuan.screens.value_report import ValueReportScreen

    return ValueReportScreen(shop)


REPORTS: Final = (
    Listed("turnover", "report", _turnover),
    Listed("till_events", "report", _till_events),
    Listed("stock", "", _stock),
    Listed("law", "", _law),
    Listed("filing", "report", _filing),
    Listed("clearing", "report", _clearing),
    Listed("stored_value", "report", _value),
)


@dataclass(slots=True)
class Export:
    """How far one is: who writes counts, the screen looks, and says when it is given up."""

    rows: int = 0
    given_up: bool = False

    def pages(self, page: Callable[[Any], Page], after: Any) -> Iterator[Rows]:
        """The rows of the pages behind `after`. Raises Refused: `superseded` once it was given up."""
        while after is not None:
            if self.given_up:
                raise Refused("superseded")
            table, after = page(after)
            self.rows += len(table.rows)
            yield table.rows


class ReportsScreen(ShopScreen[None]):
    """Which report."""

    SCOPE = "reports"
    TITLE_TEXT = msg("Reports")

    DEFAULT_CSS = """
    ReportsScreen #reports { height: 1fr; }
    ReportsScreen #meaning { height: auto; padding: 0 1; }
    """

    def body(self) -> ComposeResult:
        """Names above, what the marked one counts below."""
        empty = self.say(msg("There is no report that you may see."))
        yield RowList([Column("", 2, "right"), Column("")], id="reports", header=False, empty=empty)
        yield Prose("", id="meaning")

    def on_mount(self) -> None:
        """Fill it; nothing is asked of the server."""
        rows = [(str(n), self.say(TITLES[each.name])) for n, each in enumerate(self.listed(), start=1)]
        self.query_one(RowList).show_rows(rows)
        self.query_one(RowList).focus()
        self.show_meaning()

    def listed(self) -> list[Listed]:
        """What this person may see."""
        return [each for each in REPORTS if self.shop.may(each.needs)]

    @on(RowList.Marked)
    def show_meaning(self) -> None:
        """The definition of the marked report."""
        index = self.query_one(RowList).marked
        text = "" if index is None else self.say(DEFINITIONS[self.listed()[index].name])
        self.query_one("#meaning", Prose).show(text)

    @on(RowList.Chosen)
    def open_marked(self, message: RowList.Chosen) -> None:
        """Enter."""
        message.stop()
        self.open_at(message.index)

    def on_key(self, event: events.Key) -> None:
        """The digit that stands before it."""
        digit = event.character or ""
        if digit and digit in "123456789" and int(digit) <= len(self.listed()):
            event.stop()
            self.open_at(int(digit) - 1)

    def open_at(self, index: int) -> None:
        """Over the list."""
        self.app.push_screen(self.listed()[index].open(self.shop))


class ReportScreen(PagedScreen[None]):
    """A report's own screen: yields its list between `facts` above and `words` below."""

    TITLE_TEXT: ClassVar[str] = ""

    DEFAULT_CSS = """
    ReportScreen #words { height: auto; padding: 0 1; color: $text-muted; }
    ReportScreen #sums { height: auto; padding: 0 1; text-style: bold; }
    """

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.table: ReportTable | None = None
        self.wanted = 0
        self.fresh = True
        self.seconds = 0
        self.counting: Timer | None = None
        self.export: Export | None = None
        self.giving_up = False

    def on_mount(self) -> None:
        """The list has the focus, unless a screen says otherwise."""
        self.begin()

    def begin(self) -> None:
        """What is asked first."""
        self.query_one(RowList).focus()
        self.look()

    def words(self) -> ComposeResult:
        """Definition and scope, below the rows."""
        yield Prose("", id="words")

    def count(self, work: Callable[[], T], then: Callable[[T], Message]) -> None:
        """Ask for a report; the seconds run until its answer is here."""
        self.stop_counting()
        self.seconds = 0
        self.tell("")
        self.counting = self.set_interval(1, self.tick)
        self.refresh_bindings()
        ask(self, work, then=then, subject=REPORT)

    def read(self, at: int) -> None:
        """Page `at`, unless an answer is awaited: then nobody knows where it begins."""
        if self.counting is None:
            self.wanted = at
            self.ask_page(self.starts[at])

    def ask_page(self, after: Any) -> None:
        """Ask for the page behind `after`, by `count`."""

    def look(self) -> None:
        """Another question: from its first page, whatever is under way."""
        self.stop_counting()
        self.fresh = True
        self.starts, self.at, self.told_at = [None], 0, None
        self.read(0)

    def page_here(self, following: Any) -> int | None:
        """The page that was wanted is here; answers where the mark goes."""
        mark = self.turned(self.wanted, following)
        self.fresh, fresh = False, self.fresh
        return 0 if fresh else mark

    def tick(self) -> None:
        """One second more; for the first one nothing is said."""
        self.seconds += 1
        if self.export is not None:
            self.tell(self.say(WRITING, rows=self.export.rows), passing=True)
        else:
            self.tell(self.say(COUNTING, seconds=self.seconds), passing=True)

    def stop_counting(self) -> None:
        if self.counting is not None:
            self.counting.stop()
            self.counting = self.export = None
            self.giving_up = False
            self.refresh_bindings()

    def counted(self, table: ReportTable) -> None:
        """The answer is here: its words below the rows."""
        self.stop_counting()
        self.table = table
        text = scope_line(self.say, table) + "\n" + definition(self.say, table)
        self.query_one("#words", Prose).show(text)

    @on(messages.Overdue)
    def keep_counting(self, message: messages.Overdue) -> None:
        """A long report is no slow line; its seconds are shown already."""
        if message.ticket.subject == REPORT and self.counting is not None:
            message.stop()
            message.prevent_default()

    @on(messages.Refused)
    def gave_up(self, message: messages.Refused) -> None:
        """Given up by Esc: what was shown before stands."""
        if message.subject == REPORT:
            self.stop_counting()
        if message.error.code == "superseded":
            message.stop()
            message.prevent_default()
            self.tell(self.say(msg("Given up. What is shown was read before.")), "warn")

    @on(messages.NoLine)
    def lost_line(self, message: messages.NoLine) -> None:
        """No answer will come."""
        if message.subject == REPORT:
            self.stop_counting()

    def applies(self, action: str) -> bool:
        """Nothing read, nothing to write down; while that is done nothing else is asked."""
        if self.export is not None and action not in WHILE_WRITING:
            return False
        if action == "export":
            return self.table is not None and self.counting is None
        if action in {"older", "newer"} and self.counting is not None:
            return False
        return super().applies(action)

    def action_export(self) -> None:
        """F9: which form, then the file."""
        options = [self.say(label) for label in EXPORT_LABELS]
        self.app.push_screen(Choice(self.shop, self.say(msg("Export")), options), self.export_as)

    def export_as(self, index: int | None) -> None:
        """Write it, whole, page by page, into the counter's folder; not only the page that is shown."""
        if index is None or self.table is None or self.counting is not None:
            return
        say, files, form, page = self.say, self.shop.files, EXPORT_FORMS[index], self.pages_of_export()
        export = Export()

        def work() -> str:
            table, after = page(None)
            export.rows = len(table.rows)
            return files.save(paper_of(say, table), form, export.pages(page, after))

        self.count(work, messages.ReportSaved)
        self.export = export
        self.refresh_bindings()

    def pages_of_export(self) -> Callable[[Any], Page]:
        """What reads the page behind a key, in a thread, as this screen asks now; here all that is shown."""
        shown = self.table
        assert shown is not None
        return lambda _: (shown, None)

    @on(messages.ReportSaved)
    def say_where(self, message: messages.ReportSaved) -> None:
        """Where it lies."""
        self.stop_counting()
        sentence = self.say(msg("Written: {path}"), path=message.path)
        if cells(sentence) > self.size.width - 2:  # a path has no place to break at: its name was cut
            sentence = sentence.replace("/" + (name := Path(message.path).name), "/\n" + name)
        self.tell(sentence, "good")

    def action_back(self) -> None:
        """Esc while counting gives up the report, the second the screen: a line may be long in telling."""
        if self.counting is None or self.giving_up:
            self.stop_counting()
            self.go_back()
        else:
            self.giving_up = True
            if self.export is not None:
                self.export.given_up = True
            ask(self, self.shop.reports.cancel, then=lambda _: messages.GivenUp(), subject="cancel")

    def go_back(self) -> None:
        """Leave."""
        self.dismiss(None)
