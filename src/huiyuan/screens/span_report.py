"""Days as they are typed, and what reports of a span of days have in common.

Always true: the usual spans are a key each, any other is typed; another span asks anew, from its first page.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, ClassVar, Protocol

from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.codes import read_codes
from huiyuan.domain.model.report import ReportScope, ReportTable
from huiyuan.domain.model.turnover import Period, TurnoverAsked
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.paged import PAGE_ROWS
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.sheet import FieldSheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose


def read_day(text: str, year: int) -> date | None:
    """`2026-03-01`, `20260301`, `3-1`, `0301`: the year may be left out; None where it is no day."""
    digits = [part for part in text.replace("/", "-").replace(".", "-").split("-") if part]
    plain = "".join(digits)
    if not (plain.isascii() and plain.isdigit()):
        return None
    if len(digits) == 1 and len(plain) in {4, 8}:
        digits = [plain[:-4], plain[-4:-2], plain[-2:]] if len(plain) == 8 else [plain[:2], plain[2:]]
    if len(digits) == 2:
        digits = [str(year), *digits]
    try:
        return date(*(int(part) for part in digits)) if len(digits) == 3 else None
    except ValueError:
        return None


def month_before(today: date) -> tuple[date, date]:
    """First and last day of the whole month before this one."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


@dataclass(frozen=True, slots=True)
class SpanTyped:
    """What the sheet hands back; `stores` are codes, none means all."""

    first: date
    last: date
    stores: tuple[str, ...] = ()


class DaysSheet(FieldSheet[SpanTyped]):
    """From and to; what is shown stands in them until something is typed."""

    TITLE: ClassVar[str] = msg("Days")
    ABOUT: ClassVar[str] = msg("Days as 2026-03-01 or 3-1. Empty: as it is.")
    FIELDS: ClassVar[tuple[tuple[str, str], ...]] = (("first", msg("From")), ("last", msg("To")))

    def __init__(self, shop: Shop, first: date | None, last: date | None, today: date) -> None:
        super().__init__(shop, shop.say(self.TITLE))
        self.shown = {"first": first, "last": last}
        self.today = today

    def body(self) -> ComposeResult:
        """A field each."""
        yield Prose(self.say(self.ABOUT))
        for name, label in self.FIELDS:
            yield Field(self.say(label), id=name, placeholder=str(self.shown.get(name) or ""))

    def on_mount(self) -> None:
        """The first field."""
        self.query_one("#first", Input).focus()

    def day(self, name: str) -> date | None:
        """As typed, or as it is shown; None where it is no day."""
        text = self.typed(name)
        return read_day(text, self.today.year) if text else self.shown[name]

    def take(self) -> None:
        """The span, if it is one."""
        first, last = self.day("first"), self.day("last")
        if first is None or last is None:
            self.tell(self.say(msg("That is no day. Type it as 2026-03-01.")), "error")
        elif first > self.today:
            self.tell(self.say(msg("That day has not come yet.")), "error")
        elif first > last:
            self.tell(self.say(msg("The first day lies after the last.")), "error")
        else:
            self.dismiss(SpanTyped(first, last, self.stores()))

    def stores(self) -> tuple[str, ...]:
        """Codes of stores; none where they are not asked."""
        return ()


class SpanSheet(DaysSheet):
    """From, to, stores."""

    TITLE = msg("Days and stores")
    ABOUT = msg("Days as 2026-03-01 or 3-1, stores by code with commas. Empty: as it is, and all stores.")
    FIELDS = (*DaysSheet.FIELDS, ("stores", msg("Stores")))

    def stores(self) -> tuple[str, ...]:
        """As typed."""
        return read_codes(self.typed("stores"))


class Spanned(Protocol):
    """A page of a report of a span of days."""

    @property
    def scope(self) -> ReportScope: ...
    @property
    def following(self) -> Any: ...
    def table(self) -> ReportTable: ...


class SpanReport(ReportScreen):
    """A screen says how its pages are read, and which days are asked for.

    Attributes:
        ANSWER: the message that a page of it comes in.
        SPLITS: what a row may stand for, and its name; empty where that is no choice.
    """

    ANSWER: ClassVar[type[Any]]
    SPLITS: ClassVar[Sequence[tuple[tuple[Any, ...], str]]] = ()

    @property
    @abstractmethod
    def span(self) -> TurnoverAsked:
        """The days and stores that are asked for."""

    @abstractmethod
    def show_span(self, span: TurnoverAsked) -> None:
        """Ask for other ones; the rows stand for the same."""

    @abstractmethod
    def reading(self) -> Callable[[Any, int], Spanned]:
        """What reads so many rows behind a key, in a thread, as this screen asks now."""

    def ask_page(self, after: Any) -> None:
        """A page."""
        read = self.reading()
        self.count(lambda: read(after, PAGE_ROWS), self.ANSWER)

    def pages_of_export(self) -> Callable[[Any], Page]:
        """The whole span."""
        read = self.reading()

        def page(after: Any) -> Page:
            found = read(after, EXPORT_ROWS)
            return found.table(), found.following

        return page

    # Days

    def period(self, period: Period) -> None:
        """Another span for the same rows."""
        self.show_span(replace(self.span, period=period, first=None, last=None))

    def action_today(self) -> None:
        """F2."""
        self.period(Period.TODAY)

    def action_yesterday(self) -> None:
        """F3."""
        self.period(Period.YESTERDAY)

    def action_last_days(self) -> None:
        """The days that are shown at first."""
        self.period(Period.LAST_DAYS)

    def action_week(self) -> None:
        """F4: from Monday on."""
        self.period(Period.WEEK)

    def action_month(self) -> None:
        """F5: from the first on."""
        self.period(Period.MONTH)

    def type_span(self, scope: ReportScope, today: date) -> None:
        """Ask which days and stores."""

        def take(typed: SpanTyped | None) -> None:
            if typed is not None:
                span = replace(self.span, period=Period.DAYS, first=typed.first, last=typed.last)
                self.show_span(replace(span, stores=typed.stores))

        self.app.push_screen(SpanSheet(self.shop, scope.first, scope.last, today), take)

    # Rows

    def tell_span(self, scope: ReportScope, by: tuple[Any, ...]) -> None:
        """Which days are shown, and what a row stands for, beside the title."""
        split = next((self.say(label) for known, label in self.SPLITS if known == by), "")
        self.aside(f"{scope.first} - {scope.last}  {split}")

    def choose_split(self, by: tuple[Any, ...], take: Callable[[tuple[Any, ...]], None]) -> None:
        """Ask what a row shall stand for; `by` is what it stands for now."""
        known = [each for each, _ in self.SPLITS]

        def chosen(index: int | None) -> None:
            if index is not None:
                take(known[index])

        options = [self.say(label) for _, label in self.SPLITS]
        mark = known.index(by) if by in known else 0
        self.app.push_screen(Choice(self.shop, self.say(msg("Rows")), options, mark=mark), chosen)
