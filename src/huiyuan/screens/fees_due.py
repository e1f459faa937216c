"""Fees that are due: annual fees by member and card, the longest due first, one key to charge one.

Always true: a fee is charged exactly, or waived under a second person's approval; cards past their last day
are written down as expired by one document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card_life import OpenFee, PastCard
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.card_life import annual_fee_document, expiry_document
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.card_move import WAIVING
from huiyuan.screens.dialogs.bank_card import ask_bank_card
from huiyuan.screens.life_messages import PastRead
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.paged import ASKED
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

PAST_MOST: Final = 500
CHARGED_ALREADY: Final = msg("That fee was charged or waived already. Nothing was booked. The list is new.")
FEE_CHANGED: Final = msg("That fee is another one by now. Nothing was booked. The list is new.")


class FeesDueScreen(RowPages[None, OpenFee], PostingScreen[None]):
    """The list; F2 charges the marked fee in cash."""

    SCOPE = "fees"
    TITLE_TEXT = msg("Fees due")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.past: Sequence[PastCard] = ()
        self.charged: OpenFee | None = None

    def body(self) -> ComposeResult:
        """One list, and what is past its day."""
        say = self.say
        yield RowList(
            [Column(say(msg("Due since")), 11), Column(say(msg("Member"))),
             Column(say(msg("Card number")), 13), Column(say(msg("Fee asked")), 16),
             Column(say(msg("Year")), 5), Column(say(msg("Amount")), 10, "right")],
            id="fees",
            empty=say(msg("No fee is due.")),
        )  # fmt: skip
        yield Prose("", id="past")

    def action_refresh(self) -> None:
        """F5."""
        desk = self.shop.life
        super().action_refresh()
        if self.shop.may("card_activate"):
            ask(self, lambda: desk.past(PAST_MOST), then=PastRead, subject="past")

    def reading(self, after: OpenFee | None) -> Callable[[], Sequence[OpenFee]]:
        """The longest due first."""
        desk = self.shop.life
        return lambda: desk.fees_open(ASKED, after=after)

    def place_of(self, row: OpenFee) -> OpenFee:
        """Itself: since when, whose, of which card and year."""
        return row

    def cells_of(self, row: OpenFee) -> tuple[str, ...]:
        """Since when, whose, what for, how much."""
        return (
            row.due_on.isoformat(), f"{row.holder} {row.member}", row.number,
            self.say.word(FEE_WORDS, row.fee.code), str(row.fee.year or ""),
            self.say.figure(row.fee.amount_minor),
        )  # fmt: skip

    @on(PastRead)
    def show_past(self, message: PastRead) -> None:
        """How many cards are past their last day."""
        self.past = message.cards
        text = msg("{count} cards are past their last day and not yet written down as expired (F7).")
        self.query_one("#past", Prose).show(self.say(text, count=len(self.past)) if self.past else "")
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """Charging needs a fee and an open shift."""
        if action in {"cash", "bank", "waive"}:
            return not self.held and self.marked() is not None and self.shop.shift is not None
        if action == "expire":
            return not self.held and bool(self.past)
        return super().applies(action)

    def open_row(self, row: OpenFee) -> None:  # noqa: ARG002
        """Enter charges nobody: it leaves the slip of the fee before, and one too many is easily pressed."""
        if self.applies("cash"):
            self.tell(self.say(msg("How is it paid? The keys stand below. Enter charges nothing.")))

    def action_debts(self) -> None:
        """F3: what is owed on account."""
        from huiyuan.screens.debts_due import DebtsDueScreen

        self.app.push_screen(DebtsDueScreen(self.shop))

    def action_cash(self) -> None:
        """F2: exactly, in cash."""
        if (due := self.marked()) is not None:
            amount = due.fee.amount_minor
            self.charge(due, Payment(amount).with_cash(amount))

    def action_bank(self) -> None:
        """F4."""
        due = self.marked()
        if due is not None:
            ask_bank_card(self, due.fee.amount_minor, partial(self.charge, due))

    def charge(self, due: OpenFee, payment: Payment) -> None:
        """Post it, once."""
        if not self.held:
            self.charged = due
            self.submit(annual_fee_document(stamp_of(self.shop), due, payment=payment))

    def action_waive(self) -> None:
        """F6: a second person signs first."""
        due = self.marked()
        if due is not None and not self.held:
            self.charged = due
            stamp = stamp_of(self.shop)
            self.document = annual_fee_document(stamp, due, payment=None, waived=True)
            self.ask_second_person(self.say(WAIVING, amount=self.say.money(due.fee.amount_minor)))

    @on(messages.Refused)
    def read_anew(self, message: messages.Refused) -> None:
        """Somebody was faster at another counter: what is shown is no longer what is due."""
        if message.error.code != "fee_wrong":
            return
        message.prevent_default()
        self.action_refresh()
        text = CHARGED_ALREADY if message.error.facts.get("due") == 0 else FEE_CHANGED
        self.tell(self.say(text), "error")

    def action_expire(self) -> None:
        """F7: one document for all of them."""
        if self.past and not self.held:
            self.submit(expiry_document(stamp_of(self.shop), self.past))

    def posted(self, document: Document, posted: Posted) -> None:
        """The slip of a fee; then the list anew."""
        if document.kind is Kind.CARD_EXPIRY:
            text = msg("{count} cards are written down as expired.")
            self.tell(self.say(text, count=len(document.cards)), "good")
            self.action_refresh()
            return
        due = self.charged
        slip = slip_of(
            self.shop, document, posted, card_number=due.number if due else None,
            holder=due.holder if due else None,
        )  # fmt: skip
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), lambda _: self.action_refresh())
