"""Statements: the movements of a member's accounts, and everything a member bought, page by page.

Always true: a page is one question, and a page that was read is not asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.members import MemberAccount, Purchase, Statement
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.invoice_words import want_invoice
from huiyuan.screens.paged import ASKED, PAGE_ROWS, PagedScreen
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import BALANCES


class StatementScreen(PagedScreen[None]):
    """One account after the other.

    Args:
        accounts: those of the member, in the order in which they are shown.
        first: which of them to begin with.
        before: entries from this sequence number on are left out: the account as it stood then.
    """

    SCOPE = "statement"
    TITLE_TEXT = msg("Statement")

    def __init__(
        self,
        shop: Shop,
        name: str,
        accounts: Sequence[MemberAccount],
        *,
        first: int = 0,
        before: int | None = None,
    ) -> None:
        super().__init__(shop)
        self.name_shown = name
        self.accounts = accounts
        self.chosen = first
        self.page: Statement | None = None
        self.starts = [before]

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Store")), 8), Column(say(msg("Kind"))),
             Column(say(msg("Receipt")), 14), Column(say(msg("Moved")), 11, "right"),
             Column(say(msg("Balance")), 11, "right")],
            id="movements",
            empty=say(msg("Nothing moved here yet.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """The newest page of the account."""
        self.query_one(RowList).focus()
        self.read(0)

    @property
    def account(self) -> MemberAccount:
        return self.accounts[self.chosen]

    def read(self, at: int) -> None:
        """Page `at` from where it begins; only the page on screen is kept."""
        book, account, before = self.shop.members, self.account.id, self.starts[at]
        ask(
            self,
            lambda: book.statement(account, before=before, most=PAGE_ROWS),
            then=lambda found: messages.StatementRead(found, at),
            subject="statement",
        )

    @on(messages.StatementRead)
    def take_page(self, message: messages.StatementRead) -> None:
        """Show it, and keep where the next one begins."""
        page = message.statement
        if page.account.id == self.account.id:
            self.page = page
            self.show(page, mark=self.turned(message.at, page.before) or 0)

    def show(self, page: Statement, *, mark: int) -> None:
        """Rows of a page, newest first."""
        say, kind = self.say, page.account.kind
        held = page.account if self.starts[0] is None else self.account
        self.aside(f"{self.name_shown}  {say.word(BALANCES, kind)} {say.amount(kind, held.balance)}")
        rows = [
            (
                say.moment(each.at), each.store, say.kind(each.kind), each.receipt,
                ("+" if each.delta > 0 else "") + say.amount(kind, each.delta),
                say.amount(kind, each.balance),
            )
            for each in page.movements
        ]  # fmt: skip
        self.query_one(RowList).show_rows(rows, mark=mark)
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Only pages and accounts that are there."""
        if action == "account":
            return len(self.accounts) > 1
        return super().applies(action)

    def action_account(self) -> None:
        """F4: the next account from its newest page."""
        self.chosen = (self.chosen + 1) % len(self.accounts)
        self.page = None
        self.anew()


class PurchasesScreen(RowPages[None, Purchase]):
    """Everything a member bought, in all stores."""

    SCOPE = "purchases"
    TITLE_TEXT = msg("Purchases")

    def __init__(self, shop: Shop, member: int, name: str) -> None:
        super().__init__(shop)
        self.member = member
        self.name_shown = name

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Store")), 8), Column(say(msg("Kind")), 12),
             Column(say(msg("Receipt")), 14), Column(say(msg("Goods"))),
             Column(say(msg("Total")), 12, "right")],
            id="purchases",
            empty=say(msg("Nothing bought yet.")),
        )  # fmt: skip

    def begin(self) -> None:
        """The newest page."""
        self.aside(self.name_shown)
        super().begin()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[Purchase]]:
        """From the newest."""
        book, member = self.shop.members, self.member
        return lambda: book.purchases(member, after=after, most=ASKED)

    def place_of(self, row: Purchase) -> UUID:
        """The document."""
        return row.document

    def cells_of(self, row: Purchase) -> tuple[str, ...]:
        """When, where, what; what came back counts below zero."""
        say, came_back = self.say, row.kind in {"return", "blind_return"}
        return (
            say.moment(row.at), row.store, say.kind(row.kind), row.receipt, ", ".join(row.goods),
            say.money(-row.total_minor if came_back else row.total_minor),
        )  # fmt: skip

    def open_row(self, row: Purchase) -> None:
        """Goods of this purchase come back."""
        from huiyuan.screens.returns import ReturnScreen

        if not self.shop.may("return") or self.shop.shift is None:
            self.tell(self.say(msg("Goods come back in an open shift, by somebody who may.")), "warn")
            return
        self.app.push_screen(ReturnScreen(self.shop, row.document))

    def action_invoice(self) -> None:
        """F4: an invoice of the marked purchase."""
        if (found := self.marked()) is not None:
            want_invoice(self, found.document)

    def applies(self, action: str) -> bool:
        """An invoice is of a row."""
        if action == "invoice":
            return bool(self.rows)
        return super().applies(action)
