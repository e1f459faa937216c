"""A member's wallet as it stood at a moment that somebody typed; each figure opens to its entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.members import MemberAccount
from huiyuan.domain.model.moment import Moment
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.law_words import rule_name
from huiyuan.screens.paged import WindowScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.span_report import read_day
from huiyuan.screens.statement import StatementScreen
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import BALANCES


@dataclass(eq=False, repr=False)
class MomentRead(Message):
    moment: Moment


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the screen, and the account whose entries make it."""

    cells: tuple[str, ...]
    account: int | None = None


def read_moment(text: str, shop: Shop) -> datetime:
    """`2026-11-22 14:05`, `11-22 14:05`, `14:05` (today) or a day; each means its end, at most now.

    Slips and lists show minutes: what bears the minute that is typed is in the figures.

    Raises:
        Refused: `no_moment`: it is none, or has not come.
    """
    parts = text.replace("：", ":").split()
    today = shop.wall_clock().date()
    clock = next((part for part in parts if ":" in part), None)
    days = [part for part in parts if part != clock]
    day = read_day(days[0], today.year) if days else today
    hours, _, minutes = (clock or "23:59").partition(":")
    if not parts or len(days) > 1 or day is None or not (hours + minutes).isdecimal():
        raise Refused("no_moment")
    try:
        at = datetime.combine(day, time(int(hours), int(minutes)), shop.say.zone)
    except ValueError:
        raise Refused("no_moment") from None
    now = shop.server_now()
    if (at > now and clock is not None) or day > today:
        raise Refused("no_moment")
    return min(at.replace(second=59, microsecond=999_999), now)


class MomentScreen(WindowScreen[None]):
    """What held then, row by row.

    Args:
        wallets: the member's, in the order in which they are shown; F6 goes to the next.
    """

    SCOPE = "moment"
    TITLE_TEXT = msg("As it was")

    def __init__(self, shop: Shop, wallets: Sequence[int], at: datetime) -> None:
        super().__init__(shop)
        self.wallets = list(wallets)
        self.chosen = 0
        self.moment_at = at
        self.moment: Moment | None = None
        self.figures: list[Figure] = []
        self.listed: Sequence[Figure] = ()

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("What")), 8), Column(say(msg("Which"))), Column(say(msg("Figure")), 12, "right"),
             Column(say(msg("Since, until")), 16), Column(say(msg("Receipt")), 15)],
            id="figures",
        )  # fmt: skip
        yield Prose("", id="words")

    def on_mount(self) -> None:
        """Read it."""
        self.query_one(RowList).focus()
        self.look()

    def look(self) -> None:
        """Ask, once for all of it."""
        books, wallet, at = self.shop.books, self.wallets[self.chosen], self.moment_at
        ask(self, lambda: books.as_of(wallet, at), then=MomentRead, subject="moment")

    @on(MomentRead)
    def take(self, message: MomentRead) -> None:
        """Show it."""
        found = self.moment = message.moment
        self.figures = self.figures_of(found)
        self.aside(f"{found.member_name} {self.say.moment(found.at)}")
        text = msg("What was booked up to then, by the server's clock. Enter opens a figure to its entries.")
        self.query_one("#words", Prose).show(self.say(text))
        self.show_page(0)

    def figures_of(self, found: Moment) -> list[Figure]:
        """Tier, cards, balances, lots, rules."""
        say = self.say
        rows = []
        if found.member_number:
            rows.append(Figure((say(msg("Tier")), found.tier, "", "", "")))
        rows += [
            Figure((say(msg("Card")), f"{each.number} {each.type}", say.state(each.state),
                    say.moment(each.since) if each.since else "", each.receipt))
            for each in found.cards
        ]  # fmt: skip
        accounts = {each.kind: each.id for each in found.accounts}
        rows += [
            Figure((say(msg("Balance")), say.word(BALANCES, each.kind), say.amount(each.kind, each.balance),
                    "", ""), each.id)
            for each in found.accounts
            if each.balance or each.kind in {"principal", "bonus", "points"}
        ]  # fmt: skip
        rows += [
            Figure((say(msg("of it")), f"{say.word(BALANCES, each.account)} {each.store}",
                    say.amount(each.account, each.remaining),
                    say.last_day(each.expires_at) if each.expires_at else "", each.receipt),
                   accounts.get(each.account))
            for each in found.lots
        ]  # fmt: skip
        rows += [
            Figure((say(msg("Rule")),
                    f"{each.article} {rule_name(say, each.name)}" if each.family == "law" else each.name,
                    f"V{each.version}" if each.version else "", say.moment(each.valid_from), ""))
            for each in found.rules
        ]  # fmt: skip
        return rows

    def show_page(self, at: int) -> None:
        """A page of what was read."""
        self.listed, mark = self.window(at, self.figures)
        self.query_one(RowList).show_rows([each.cells for each in self.listed], mark=mark)
        self.refresh_bindings()

    def marked(self) -> Figure | None:
        index = self.query_one(RowList).marked if self.is_mounted and self.listed else None
        return None if index is None else self.listed[index]

    def applies(self, action: str) -> bool:
        """Opening needs a figure with entries."""
        if action == "open":
            found = self.marked()
            return found is not None and found.account is not None
        if action == "wallet":
            return len(self.wallets) > 1
        return super().applies(action)

    @on(RowList.Marked)
    def other_row(self) -> None:
        """Enter depends on the row."""
        self.refresh_bindings()

    @on(RowList.Chosen)
    def open_figure(self, message: RowList.Chosen) -> None:
        """Enter: the account's entries up to then."""
        message.stop()
        figure, found = self.listed[message.index], self.moment
        if figure.account is None or found is None:
            return
        each = next(each for each in found.accounts if each.id == figure.account)
        account = MemberAccount(id=each.id, kind=each.kind, wallet=each.wallet, balance=each.balance)
        name = f"{found.member_name} {self.say.moment(found.at)}"
        screen = StatementScreen(self.shop, name, [account], before=each.seq + 1)
        self.app.push_screen(screen)

    def action_wallet(self) -> None:
        """F6: the member's next wallet."""
        self.chosen = (self.chosen + 1) % len(self.wallets)
        self.look()

    def action_other(self) -> None:
        """F2: another moment."""
        self.app.push_screen(moment_entry(self.shop), self.go_to)

    def go_to(self, at: datetime | None) -> None:
        """Read it for then."""
        if at is not None:
            self.moment_at = at
            self.look()


def moment_entry(shop: Shop) -> Entry[datetime]:
    """Asks for a moment."""
    return Entry(
        shop,
        shop.say(msg("As it was")),
        label=shop.say(msg("Day and time")),
        read=lambda text: read_moment(text, shop),
        about=shop.say(
            msg("As 2026-03-01 14:05 or 3-1 14:05; a day alone means its end, a time alone today.")
        ),
    )


def ask_moment(screen: ShopScreen[Any], wallets: Sequence[int]) -> None:
    """Which moment; then how the wallets stood."""

    def go(at: datetime | None) -> None:
        if at is not None:
            screen.app.push_screen(MomentScreen(screen.shop, wallets, at))

    screen.app.push_screen(moment_entry(screen.shop), go)
