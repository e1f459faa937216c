"""What stores owe each other: a matrix of stores or a list of pairs, each opening into its slips.

Always true: a row owes what its columns say; what is simulated says so, and books nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.clearing import (
    HEADQUARTERS,
    Clearing,
    ClearingPolicy,
    ClearingSlip,
    ClearingStore,
    Pair,
    nets,
    simulate,
    with_passes,
)
from huiyuan.domain.model.report import Measure, ReportColumn, ReportScope, ReportTable
from huiyuan.domain.model.stored_value import SpendPolicy
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.document_page import DocumentList
from huiyuan.screens.paged import ASKED
from huiyuan.screens.reports import ReportScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

COLUMNS: Final = 4
EVER: Final = date(2000, 1, 1)
POLICIES: Final = (
    (None, msg("as booked")),
    (ClearingPolicy(SpendPolicy.PRINCIPAL_FIRST), msg("principal first")),
    (ClearingPolicy(SpendPolicy.PRO_RATA), msg("principal and bonus pro rata")),
    (ClearingPolicy(SpendPolicy.BONUS_FIRST), msg("bonus first")),
    (ClearingPolicy(bonus=False), msg("principal first, bonus not cleared")),
    (ClearingPolicy(share_bp=300), msg("principal first, headquarters keeps 3%")),
)


@dataclass(eq=False, repr=False)
class ClearingRead(Message):
    clearing: Clearing


@dataclass(eq=False, repr=False)
class Simulated(Message):
    """Positions under a policy; `policy` is its place in POLICIES."""

    policy: int
    positions: dict[Pair, int]


def named(store: ClearingStore) -> str:
    """Code and name; headquarters may have one word for both."""
    return store.name if store.code == store.name else f"{store.code} {store.name}"


class ClearingScreen(ReportScreen):
    """Matrix first: who owes down the side, who is owed along the top, the net at the right."""

    SCOPE = "clearing"
    TITLE_TEXT = msg("Clearing of stores")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.clearing: Clearing | None = None
        self.first: date | None = None
        self.policy = 0
        self.simulated: dict[Pair, int] = {}
        self.as_pairs = False
        self.column = 0
        self.listed: list[Pair] = []

    def body(self) -> ComposeResult:
        """One list, the sums, what it means."""
        yield RowList([], id="rows", empty=self.say(msg("No store owes another one anything.")))
        yield Prose("", id="sums")
        yield from self.words()

    def look(self) -> None:
        """Ask; a simulation of before is over."""
        books, first = self.shop.books, self.first
        self.policy, self.simulated = 0, {}
        self.count(lambda: books.clearing(first=first, last=None), ClearingRead)

    @on(ClearingRead)
    def take(self, message: ClearingRead) -> None:
        """Show it."""
        self.clearing = message.clearing
        self.counted(self.as_table(message.clearing))
        self.show_rows()

    def positions(self) -> dict[Pair, int]:
        """What is shown: as it was, or simulated."""
        if self.clearing is None:
            return {}
        return self.simulated if self.policy else self.clearing.by_pair()

    def stores(self) -> list[ClearingStore]:
        """Every store, and headquarters where it keeps something."""
        if self.clearing is None:
            return []
        keeps = any(spender == HEADQUARTERS for _, spender in self.positions())
        head = ClearingStore(HEADQUARTERS, self.say(msg("HQ")), self.say(msg("Headquarters")))
        return [*self.clearing.stores, *([head] if keeps else [])]

    def show_rows(self) -> None:
        """Matrix or pairs, and what moved against as it was."""
        say, rows = self.say, self.query_one(RowList)
        positions, stores = self.positions(), self.stores()
        if self.as_pairs:
            self.show_pairs(rows, positions, stores)
        else:
            self.show_matrix(rows, positions, stores)
        net = nets(positions)
        total = sum(amount for amount in net.values() if amount > 0)
        text = say(msg("Between stores {net}; all nets together {sum}"), net=say.money(total),
                   sum=say.money(sum(net.values())))  # fmt: skip
        if self.policy and self.clearing is not None:
            was = nets(self.clearing.by_pair())
            moved = sum(abs(net.get(each.id, 0) - was.get(each.id, 0)) for each in stores) // 2
            text += "  " + say(msg("differs from what is booked by {amount}"), amount=say.money(moved))
        self.query_one("#sums", Prose).show(text)
        label = say(POLICIES[self.policy][1])
        tried = say(msg("SIMULATED")) if self.policy else ""
        parts = (str(self.first) if self.first else "", tried, label)
        self.aside("  ".join(part for part in parts if part))
        self.refresh_bindings()

    def show_matrix(self, rows: RowList, positions: dict[Pair, int], stores: list[ClearingStore]) -> None:
        """Some columns of it; F8 shows the next."""
        say = self.say
        along = stores[self.column : self.column + COLUMNS]
        net = nets(positions)
        rows.columns = [
            Column(say(msg("Owes"))),
            *(Column(each.code, 12, "right") for each in along),
            Column(say(msg("Net")), 12, "right"),
        ]
        rows.show_rows(
            [
                (
                    named(each),
                    *(self.cell(positions.get((each.id, other.id), 0)) for other in along),
                    self.cell(net.get(each.id, 0)),
                )
                for each in stores
            ],
            mark=0,
        )

    def show_pairs(self, rows: RowList, positions: dict[Pair, int], stores: list[ClearingStore]) -> None:
        """The largest first."""
        say, names = self.say, {each.id: named(each) for each in stores}
        self.listed = sorted(positions, key=lambda pair: (-abs(positions[pair]), pair))
        passes = self.clearing.passes() if self.clearing is not None else {}
        rows.columns = [
            Column(say(msg("Owes"))), Column(say(msg("Is owed")), 20),
            Column(say(msg("of it passes")), 13, "right"), Column(say(msg("Amount")), 14, "right"),
        ]  # fmt: skip
        rows.show_rows(
            [
                (names.get(issuer, str(issuer)), names.get(spender, str(spender)),
                 self.cell(passes.get((issuer, spender), 0)), self.cell(positions[issuer, spender]))
                for issuer, spender in self.listed
            ],
            mark=0,
        )  # fmt: skip

    def cell(self, amount: int) -> str:
        """A figure; nothing for nothing."""
        return self.say.figure(amount) if amount else ""

    def as_table(self, clearing: Clearing) -> ReportTable:
        """For the file: one row a pair."""
        hello, stores = self.shop.hello, {each.id: each.code for each in clearing.stores}
        assert hello is not None
        chain = hello.chain
        scope = ReportScope(
            chain=chain.name, currency=chain.currency, minor_digits=chain.minor_digits,
            time_zone=chain.time_zone, demo=chain.demo, stores=tuple(stores.values()),
            stores_of_chain=len(stores), asked_by=self.shop.person.staff.name,
        )  # fmt: skip
        columns = (
            ReportColumn("owes"), ReportColumn("is_owed"), ReportColumn("principal_cents", Measure.MONEY),
            ReportColumn("bonus_cents", Measure.MONEY), ReportColumn("passes_cents", Measure.MONEY),
        )  # fmt: skip
        rows = tuple(
            (
                stores.get(each.issuer, ""),
                stores.get(each.spender, ""),
                each.principal_minor,
                each.bonus_minor,
                each.passes_minor,
            )
            for each in clearing.positions
        )
        return ReportTable("clearing", scope, columns, rows, None, clearing.read_at)

    # Keys

    def applies(self, action: str) -> bool:
        """Slips are behind what was booked, not behind what is simulated."""
        if self.clearing is None:
            return action in {"back"} or super().applies(action)
        if action == "open":
            return not self.as_pairs or (self.policy == 0 and bool(self.listed))
        if action == "columns":
            return not self.as_pairs and len(self.stores()) > COLUMNS
        return super().applies(action)

    @on(RowList.Chosen)
    def open_row(self, message: RowList.Chosen) -> None:
        """Enter: from the matrix to the pairs, from a pair to its slips."""
        message.stop()
        if not self.as_pairs:
            self.action_pairs()
        elif self.policy == 0 and self.clearing is not None:
            issuer, spender = self.listed[message.index]
            self.app.push_screen(ClearingSlipsScreen(self.shop, self.clearing, issuer, spender))

    def since(self, first: date | None) -> None:
        """Another span."""
        if self.counting is None:
            self.first = first
            self.look()

    def today(self) -> date:
        return self.shop.wall_clock().date()

    def action_month(self) -> None:
        """F2: from the first of the month."""
        self.since(self.today().replace(day=1))

    def action_quarter(self) -> None:
        """F3: from the first of the quarter."""
        today = self.today()
        self.since(date(today.year, (today.month - 1) // 3 * 3 + 1, 1))

    def action_ever(self) -> None:
        """F4."""
        self.since(None)

    def action_pairs(self) -> None:
        """F7: matrix or pairs."""
        self.as_pairs = not self.as_pairs
        self.show_rows()

    def action_columns(self) -> None:
        """F8: the next columns, and round."""
        self.column = self.column + COLUMNS if self.column + COLUMNS < len(self.stores()) else 0
        self.show_rows()

    def action_simulate(self) -> None:
        """F6: which policy."""
        options = [self.say(label) for _, label in POLICIES]
        title = self.say(msg("Try a policy on what was booked"))
        self.app.push_screen(Choice(self.shop, title, options, mark=self.policy), self.try_policy)

    def try_policy(self, index: int | None) -> None:
        """Read what was booked, and tell it anew."""
        if index is None or self.counting is not None:
            return
        policy, books, first = POLICIES[index][0], self.shop.books, self.first or EVER
        if policy is None:
            self.policy = 0
            self.show_rows()
            return
        last, found = self.today(), policy
        passes = self.clearing.passes() if self.clearing is not None else {}
        self.count(
            lambda: with_passes(
                simulate(books.clearing_stories(first=first, last=last), found), passes, found
            ),
            lambda positions: Simulated(index, positions),
        )

    @on(Simulated)
    def show_simulated(self, message: Simulated) -> None:
        """In the place of what was booked."""
        self.stop_counting()
        self.policy, self.simulated = message.policy, message.positions
        self.show_rows()


class ClearingSlipsScreen(DocumentList[ClearingSlip]):
    """The documents behind what one store owes another; Enter opens one."""

    SCOPE = "clearing_slips"
    TITLE_TEXT = msg("Slips behind it")

    def __init__(self, shop: Shop, clearing: Clearing, issuer: int, spender: int) -> None:
        super().__init__(shop)
        self.clearing, self.issuer, self.spender = clearing, issuer, spender

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Booked at")), 16), Column(say(msg("Kind"))), Column(say(msg("Receipt")), 15),
             Column(say(msg("Principal")), 11, "right"), Column(say(msg("Bonus")), 10, "right"),
             Column(say(msg("Passes")), 10, "right")],
            id="slips",
            empty=say(msg("No slip in these days.")),
        )  # fmt: skip

    def begin(self) -> None:
        """The newest page."""
        codes = {each.id: each.code for each in self.clearing.stores}
        about = self.say(msg("{issuer} owes {spender}"), issuer=codes.get(self.issuer, "?"),
                         spender=codes.get(self.spender, "?"))  # fmt: skip
        self.aside(about)
        super().begin()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[ClearingSlip]]:
        """The slips behind one."""
        books, found, issuer, spender = self.shop.books, self.clearing, self.issuer, self.spender
        return lambda: books.clearing_slips(
            issuer, spender, first=found.first, last=found.last, after=after, most=ASKED
        )

    def cells_of(self, row: ClearingSlip) -> tuple[str, ...]:
        """What of it is principal, bonus, passes."""
        say = self.say
        amounts = (row.principal_minor, row.bonus_minor, row.passes_minor)
        return (say.moment(row.at), say.kind(row.kind), row.receipt, *map(say.figure, amounts))
