"""Recharges and consumption on the screen: rows by store, person, rule or day, and the slips behind each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.report import Measure
from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.domain.model.value_report import ValueAsked, ValueBy, ValueFigures, ValueReport, ValueSlip
from huiyuan.screens.document_page import DocumentList
from huiyuan.screens.paged import ASKED
from huiyuan.screens.report_words import cell_text, heading
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import SpanReport
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

SPLITS: Final = (
    ((ValueBy.STORE,), msg("by store")),
    ((ValueBy.STORE, ValueBy.STAFF), msg("by store and person")),
    ((ValueBy.STAFF,), msg("by person")),
    ((ValueBy.RULE,), msg("by rule")),
    ((ValueBy.STORE, ValueBy.RULE), msg("by store and rule")),
    ((ValueBy.DAY,), msg("by day")),
    ((ValueBy.MONTH,), msg("by month")),
    ((ValueBy.STORE, ValueBy.DAY), msg("by store and day")),
)
FIGURES: Final = (
    (msg("Recharged"), 12),
    (msg("Granted"), 10),
    (msg("Consumed"), 12),
    (msg("Refunded"), 10),
    (msg("Other"), 10),
)


@dataclass(eq=False, repr=False)
class ValueReportRead(Message):
    report: ValueReport


def figures_told(say: Wording, found: ValueFigures) -> tuple[str, ...]:
    """In the order of FIGURES; nothing for nothing."""
    amounts = (
        found.recharged_minor, found.granted_minor, found.consumed_minor, found.refunded_minor,
        found.other_minor,
    )  # fmt: skip
    return tuple(say.figure(amount) if amount else "" for amount in amounts)


class ValueReportScreen(SpanReport):
    """Rows, their sum, what they mean; Enter opens the slips of a row."""

    SCOPE = "stored"
    TITLE_TEXT = msg("Recharges and consumption")
    ANSWER = ValueReportRead
    SPLITS = SPLITS

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.asked = ValueAsked()
        self.report: ValueReport | None = None

    def body(self) -> ComposeResult:
        """One list."""
        yield RowList([], id="rows", empty=self.say(msg("No stored value moved in these days.")))
        yield Prose("", id="sums")
        yield from self.words()

    @property
    def span(self) -> TurnoverAsked:
        """Apart from what the rows stand for."""
        return self.asked.span

    def show_span(self, span: TurnoverAsked) -> None:
        """Other days, the same rows."""
        self.asked = replace(self.asked, span=span)
        self.look()

    def reading(self) -> Callable[[Any, int], ValueReport]:
        """What reads so many rows behind a key."""
        reports, asked, who = self.shop.reports, self.asked, self.shop.person.staff.name

        def read(after: Any, most: int) -> ValueReport:
            span = replace(asked.span, after=after, most=most)
            return reports.value(replace(asked, span=span), asked_by=who)

        return read

    @on(ValueReportRead)
    def show_report(self, message: ValueReportRead) -> None:
        """Rows, sums, words."""
        say, report, rows = self.say, message.report, self.query_one(RowList)
        self.report = report
        table = report.table()
        self.counted(table)
        keys = table.columns[: len(report.by)]
        rows.columns = [
            *(Column(heading(say, each), 8 if n < len(keys) - 1 else 0) for n, each in enumerate(keys)),
            *(Column(say(title), width, "right", 100 if place > 2 and len(keys) > 1 else 0)
              for place, (title, width) in enumerate(FIGURES)),
        ]  # fmt: skip
        rows.show_rows(
            [
                (*(cell_text(say, column, key) for column, key in zip(keys, row, strict=True)),
                 *figures_told(say, figures))
                for row, figures in report.rows
            ],
            mark=self.page_here(report.following),
        )  # fmt: skip
        self.query_one("#sums", Prose).show(self.sums(report.total))
        self.tell_span(report.scope, report.by)
        self.refresh_bindings()

    def sums(self, total: ValueFigures) -> str:
        """All rows together, and by how much more is owed than before."""
        say = self.say
        return "\n".join(
            (
                say(
                    msg("Recharged {recharged}, granted {granted}, refunded {refunded}; {count} documents"),
                    recharged=say.money(total.recharged_minor),
                    granted=say.money(total.granted_minor),
                    refunded=say.money(total.refunded_minor),
                    count=total.documents,
                ),
                say(
                    msg("Consumed {consumed}: principal {principal}, bonus {bonus}. On cards {net}"),
                    consumed=say.money(total.consumed_minor),
                    principal=say.money(total.principal_minor),
                    bonus=say.money(total.bonus_minor),
                    net=("+" if total.net_minor > 0 else "") + say.money(total.net_minor),
                ),
            )
        )

    def applies(self, action: str) -> bool:
        """Slips need a row."""
        if action == "open":
            return self.report is not None and bool(self.report.rows) and self.counting is None
        if action == "days":
            return self.report is not None
        return super().applies(action)

    @on(RowList.Chosen)
    def open_row(self, message: RowList.Chosen) -> None:
        """Enter: the documents behind it."""
        message.stop()
        report = self.report
        if report is not None and self.counting is None:
            row, _ = report.rows[message.index]
            only = tuple(zip(report.by, row, strict=True))
            self.app.push_screen(ValueSlipsScreen(self.shop, replace(self.asked, only=only), report))

    def action_days(self) -> None:
        """F6: typed."""
        if self.report is not None:
            self.type_span(self.report.scope, self.report.today)

    def action_split(self) -> None:
        """F7: what a row stands for."""
        self.choose_split(self.asked.by, self.show_by)

    def show_by(self, by: tuple[ValueBy, ...]) -> None:
        """Ask again."""
        self.asked = replace(self.asked, by=by)
        self.look()


class ValueSlipsScreen(DocumentList[ValueSlip]):
    """The documents behind a row; Enter opens one."""

    SCOPE = "stored_slips"
    TITLE_TEXT = msg("Slips behind it")

    DEFAULT_CSS = """
    ValueSlipsScreen #marked { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, shop: Shop, asked: ValueAsked, report: ValueReport) -> None:
        super().__init__(shop)
        span = replace(asked.span, period=Period.DAYS, first=report.scope.first, last=report.scope.last)
        self.asked, self.report = replace(asked, span=span), report

    def body(self) -> ComposeResult:
        """One list with the report's own figures, and the receipt of the marked row."""
        say = self.say
        yield RowList(
            [Column(say(msg("Booked at")), 16), Column(say(msg("Kind"))),
             Column(say(msg("Receipt")), 14, from_width=100),
             *(Column(say(title), 10, "right", 100 if place > 3 else 0)
               for place, (title, _) in enumerate(FIGURES))],
            id="slips",
            empty=say(msg("No slip in these days.")),
        )  # fmt: skip
        yield Prose("", id="marked")

    def show_marked(self) -> None:
        """What 80 cells have no column for."""
        super().show_marked()
        row, say, told = self.marked(), self.say, []
        if row is not None:
            told.append(say(msg("Receipt {receipt}"), receipt=row.receipt))
            if row.figures.other_minor:
                told.append(f"{say(msg('Other'))} {say.figure(row.figures.other_minor)}")
        self.query_one("#marked", Prose).show("  ".join(told))

    def begin(self) -> None:
        """The newest page."""
        columns = self.report.table().columns
        names = [
            cell_text(self.say, column, key)
            for column, (_, key) in zip(columns, self.asked.only, strict=False)
            if column.measure is Measure.TEXT
        ]
        self.aside("  ".join(names))
        super().begin()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[ValueSlip]]:
        """The slips behind one."""
        reports, asked = self.shop.reports, self.asked
        return lambda: reports.value_slips(asked, after=after, most=ASKED)

    def cells_of(self, row: ValueSlip) -> tuple[str, ...]:
        """Nothing for nothing."""
        say = self.say
        return (say.moment(row.at), say.kind(row.kind), row.receipt, *figures_told(say, row.figures))
