"""The statement of a wallet for a span of days: what stood before, what moved, what stands after.

Always true: opening and what moved make the closing; the paper is of the whole span, not of the page shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.report import ReportScope
from huiyuan.domain.model.slip import SlipFacts
from huiyuan.domain.model.statement_slip import ROWS_MOST, render_statement
from huiyuan.domain.model.wallet_statement import Parts, WalletStatement
from huiyuan.screens.credit_words import due_facts
from huiyuan.screens.document_page import OpensDocuments
from huiyuan.screens.follows_paper import FollowsPaper
from huiyuan.screens.reports import EXPORT_ROWS, Page, ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import DaysSheet, SpanTyped, month_before
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

ROWS: Final = 12
"""What 80x24 shows between the balances and the words."""


@dataclass(eq=False, repr=False)
class WalletStatementRead(Message):
    statement: WalletStatement


@dataclass(eq=False, repr=False)
class WholeStatementRead(Message):
    """All of it, to be printed."""

    statement: WalletStatement


class WalletStatementScreen(ReportScreen, FollowsPaper[None], OpensDocuments[None]):
    """One wallet after the other; movements or sums by kind.

    Args:
        wallets: in the order in which they are shown; F6 goes to the next.
    """

    SCOPE = "period"
    TITLE_TEXT = msg("Statement for a period")

    DEFAULT_CSS = """
    WalletStatementScreen #marked { height: 1; padding: 0 1; color: $text-muted; }
    """

    def __init__(self, shop: Shop, wallets: Sequence[int]) -> None:
        super().__init__(shop)
        self.wallets = list(wallets)
        self.chosen = 0
        self.span: tuple[date | None, date | None] = (None, None)
        self.found: WalletStatement | None = None
        self.by_kind = False

    def body(self) -> ComposeResult:
        """Balances, one list, what the marked row is."""
        yield Pairs(id="sums")
        yield RowList([], id="rows", empty=self.say(msg("Nothing moved in these days.")))
        yield Prose("", id="marked")

    # Reading

    def ask_page(self, after: UUID | None) -> None:
        """A page, with the balances and sums of the whole span."""
        self.count(self.asking(after, ROWS), WalletStatementRead)

    def asking(self, after: UUID | None, most: int) -> Callable[[], WalletStatement]:
        """What asks for the rows behind a document, in a thread."""
        books, wallet, (first, last) = self.shop.books, self.wallets[self.chosen], self.span
        return lambda: books.statement(wallet, first=first, last=last, after=after, most=most)

    def pages_of_export(self) -> Callable[[Any], Page]:
        """The whole span."""
        books, wallet, scope, (first, last) = (
            self.shop.books, self.wallets[self.chosen], self.scope(), self.span,
        )  # fmt: skip

        def page(after: Any) -> Page:
            found = books.statement(wallet, first=first, last=last, after=after, most=EXPORT_ROWS)
            return found.table(replace(scope, first=found.first, last=found.last)), found.following

        return page

    def scope(self) -> ReportScope:
        """What a file says of it."""
        chain, found = self.shop.greeting.chain, self.found
        return ReportScope(
            chain=chain.name, currency=chain.currency, minor_digits=chain.minor_digits,
            time_zone=chain.time_zone, demo=chain.demo, stores=(self.shop.greeting.store.code,),
            stores_of_chain=1, asked_by=self.shop.person.staff.name,
            first=found.first if found else None, last=found.last if found else None,
        )  # fmt: skip

    @on(WalletStatementRead)
    def take(self, message: WalletStatementRead) -> None:
        """Show it."""
        found = self.found = message.statement
        self.stop_counting()
        self.table = found.table(self.scope())
        mark = self.page_here(found.following)
        self.aside(f"{found.member_name or ' '.join(found.cards[:1])}  {found.first} - {found.last}")
        self.query_one(Pairs).show(self.sums(found))
        self.show_rows(mark)

    def sums(self, found: WalletStatement) -> list[tuple[str, str]]:
        """Opening, what moved and closing; what of it has ended."""
        say = self.say
        told = [
            (say(msg("Opening")), found.opening),
            (say(msg("Moved")), found.closing - found.opening),
            (say(msg("Closing")), found.closing),
        ]
        if found.ended.bonus or found.ended.points:
            told.append((say(msg("of it ended")), found.ended))
        pairs = [pair for word, parts in told for pair in self.parts(word, parts)]
        return pairs + (due_facts(say, found.due) if found.due else [])

    def parts(self, word: str, parts: Parts) -> list[tuple[str, str]]:
        """Principal and bonus, and beside them both together and the points."""
        say = self.say
        points = f"{say(msg('Points'))} {parts.points:,}"
        return [
            (word, f"{say.figure(parts.principal)} + {say.figure(parts.bonus)}"),
            (say(msg("Both together")), f"{say.figure(parts.stored_minor)}  {points}"),
        ]

    # Showing

    def show_rows(self, mark: int | None) -> None:
        """Movements of this page, or the sums by kind."""
        say, found, rows = self.say, self.found, self.query_one(RowList)
        if found is None:
            return
        figures = [
            Column(say(msg("Principal")), 11, "right"), Column(say(msg("Bonus")), 10, "right"),
            Column(say(msg("Points")), 8, "right"),
        ]  # fmt: skip
        if self.by_kind:
            rows.columns = [Column(say(msg("Kind"))), Column(say(msg("Count")), 8, "right"), *figures]
            rows.show_rows(
                [(say.kind(each.kind), str(each.count), *self.moved(each.moved)) for each in found.kinds],
                mark=0,
            )
        else:
            rows.columns = [
                Column(say(msg("Time")), 16), Column(say(msg("Store")), 6), Column(say(msg("Kind"))),
                Column(say(msg("Receipt")), 16, from_width=100), *figures,
                Column(say(msg("Balance")), 11, "right"),
            ]  # fmt: skip
            rows.show_rows(
                [
                    (say.moment(row.at), row.store, say.kind(row.kind), row.receipt, *self.moved(row.moved),
                     say.figure(row.stored_minor))
                    for row in found.rows
                ],
                mark=mark,
            )  # fmt: skip
        self.other_row()

    def moved(self, parts: Parts) -> tuple[str, ...]:
        """Three figures with their sign; nothing for nothing."""
        say = self.say
        amounts = [
            "" if not minor else ("+" if minor > 0 else "") + say.figure(minor)
            for minor in (parts.principal, parts.bonus)
        ]
        return (*amounts, f"{parts.points:+,}" if parts.points else "")

    @on(RowList.Marked)
    def other_row(self) -> None:
        """Kind in full, receipt and points of the marked row, for which 80 cells have no room."""
        found, index = self.found, self.query_one(RowList).marked
        text = ""
        if found is not None and index is not None and not self.by_kind and index < len(found.rows):
            row = found.rows[index]
            text = self.say(
                msg("{kind}; receipt {receipt}; points afterwards: {points}"), kind=self.say.kind(row.kind),
                receipt=row.receipt, points=f"{row.points:,}",
            )  # fmt: skip
        self.query_one("#marked", Prose).show(text)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A document behind the row, a second wallet, something to print."""
        if action == "open":
            return self.found is not None and bool(self.found.rows) and not self.by_kind
        if action == "wallet":
            return len(self.wallets) > 1
        if action in {"days", "kinds"}:
            return self.found is not None
        if action == "print":
            return self.found is not None and self.counting is None
        return super().applies(action)

    @on(RowList.Chosen)
    def open_row(self, message: RowList.Chosen) -> None:
        """Enter: the document as its slip; from a kind back to the movements."""
        message.stop()
        if self.by_kind:
            self.action_kinds()
        elif self.found is not None:
            self.open_document(self.found.rows[message.index].document)

    # Keys

    def show_span(self, first: date | None, last: date | None) -> None:
        """Another span, from its first page."""
        self.span = (first, last)
        self.look()

    def action_month(self) -> None:
        """F2: from the first of this month."""
        self.show_span(None, None)

    def action_last_month(self) -> None:
        """F3: the whole month before."""
        self.show_span(*month_before(self.shop.wall_clock().date()))

    def action_days(self) -> None:
        """F4: typed."""
        found = self.found
        if found is None:
            return

        def take(typed: SpanTyped | None) -> None:
            if typed is not None:
                self.show_span(typed.first, typed.last)

        self.app.push_screen(DaysSheet(self.shop, found.first, found.last, found.today), take)

    def action_wallet(self) -> None:
        """F6: the next wallet of the member."""
        self.chosen = (self.chosen + 1) % len(self.wallets)
        self.look()

    def action_kinds(self) -> None:
        """F7: sums by kind, or the movements."""
        self.by_kind = not self.by_kind
        self.show_rows(0)

    def action_print(self) -> None:
        """F5: the whole span on paper."""
        if self.applies("print"):
            self.count(self.asking(None, ROWS_MOST), WholeStatementRead)

    @on(WholeStatementRead)
    def print_whole(self, message: WholeStatementRead) -> None:
        """Into the printer's queue."""
        self.stop_counting()
        say, shop, found = self.say, self.shop, message.statement
        facts = SlipFacts(
            hello=shop.greeting, staff_name=shop.person.staff.name, language=shop.slip_language or say.lang,
            columns=shop.slip_columns, posted_at_local=say.moment(shop.server_now()),
            member_name=found.member_name or None,
        )  # fmt: skip
        slip = render_statement(found, facts, tuple(say.moment(row.at) for row in found.rows))
        self.put_paper(slip)
