"""Open payments: money asked of the gateway that is neither a sale's nor given back.

Always true: nothing leaves this list by itself but through a sale that stands or a definite answer of the
gateway, and nothing else without a name and a note.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.charge import REFUNDS, Charge, ChargeState
from huiyuan.domain.usecases.charging import resolve_charges
from huiyuan.screens import messages, paying_news
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.charging import ChargingSheet, method_text, state_text
from huiyuan.screens.dialogs.entry import ask_what_was_done
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowsHere
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

SHORT: Final = {
    ChargeState.ASKED: msg("not known yet"),
    ChargeState.TAKEN: msg("paid, no sale"),
    ChargeState.WRONG: msg("another amount"),
    ChargeState.REVERSING: msg("being given back"),
    ChargeState.REFUNDING: msg("return, not back yet"),
    ChargeState.REFUSED: msg("return, by hand"),
}
WHAT_NOW: Final = {
    ChargeState.ASKED: msg(
        "Whether this was paid is not known. Ask the gateway again (F5), or give it back (F4)."
    ),
    ChargeState.TAKEN: msg(
        "This was paid, and its sale was never booked. Ring the goods up and take it there"
        " (F2 at the payment), or give it back (F4)."
    ),
}
WHAT_NOW_OF_RETURNS: Final = {
    ChargeState.REFUNDING: msg(
        "Its return stands; whether the money is back on the phone is not known. Ask the gateway again (F5)."
    ),
    ChargeState.REFUSED: msg(
        "The gateway does not give it back. Do it in the shop's own app, then say what was done (Enter)."
    ),
}
BY_HAND: Final = msg("Typed by hand. Look into the shop's own app, then say what was done (Enter).")


class ChargesScreen(RowsHere[None, Charge]):
    """The list; F4 gives back, F5 asks, Enter says what was done about the marked one."""

    SCOPE = "charges"
    TITLE_TEXT = msg("Open payments")

    def body(self) -> ComposeResult:
        """List, and the sentence of the marked row."""
        say = self.say
        yield RowList(
            [Column(say(msg("Asked at")), 16), Column(say(msg("Paid with")), 24),
             Column(say(msg("Amount")), 12, "right"), Column(say(msg("State")))],
            id="items",
            empty=say(msg("No payment is open.")),
        )  # fmt: skip
        yield Prose("", id="why")

    def begin(self) -> None:
        """The gateway is asked only when somebody wants it."""
        self.show_items()

    def show_items(self) -> None:
        """The page that is shown, as it is now."""
        self.read(self.at)

    def reading(self, after: UUID | None) -> Callable[[], Sequence[Charge]]:
        """Oldest first."""
        charges = self.shop.charges
        return lambda: charges.pending(after=after, most=ASKED)

    def place_of(self, row: Charge) -> UUID:
        """The charge."""
        return row.id

    def cells_of(self, row: Charge) -> tuple[str, ...]:
        """When, how, how much, how it stands."""
        say = self.say
        return (
            say.moment(row.asked_at), method_text(say, row), say.figure(row.amount_minor),
            say(SHORT[row.state]),
        )  # fmt: skip

    def show_marked(self) -> None:
        """What can be done about the marked one."""
        charge, say = self.marked(), self.say
        text = ""
        if charge is not None:
            known = {**WHAT_NOW, **WHAT_NOW_OF_RETURNS}
            text = say(known[charge.state]) if charge.state in known else state_text(say, charge)
            text = say(BY_HAND) if charge.by_hand else text
        self.query_one("#why", Prose).show(text)
        super().show_marked()

    def applies(self, action: str) -> bool:
        """The gateway is asked only about what it knows; a decision carries a name."""
        if action == "enter":
            return self.shop.signed is not None and bool(self.rows)
        if action in {"refresh", "give_back"}:
            return self.shop.gateway.configured and self.shop.charges.open_count(by_hand=False) > 0
        return super().applies(action)

    def action_refresh(self) -> None:
        """F5."""
        charges, gateway = self.shop.charges, self.shop.gateway
        ask(self, lambda: resolve_charges(charges, gateway), then=paying_news.ChargesResolved, subject=WRITE)

    @on(paying_news.ChargesResolved)
    def show_resolved(self, message: paying_news.ChargesResolved) -> None:
        """What is left."""
        self.show_items()
        if message.left:
            self.tell(self.say(msg("{count} payments are open still."), count=message.left), "warn")
        else:
            self.tell(self.say(msg("No payment is open.")), "good")

    def action_give_back(self) -> None:
        """F4."""
        charge = self.marked()
        if charge is not None and not charge.by_hand and charge.state not in REFUNDS:
            self.app.push_screen(ChargingSheet(self.shop, charge), self.after_back)

    def after_back(self, charge: Charge | None) -> None:
        """Gone from the list, or not yet."""
        self.show_items()
        if charge is not None:
            self.tell(state_text(self.say, charge), "warn" if charge.open else "good")

    def open_row(self, row: Charge) -> None:
        """What was done about it; only by somebody who is signed in."""
        aside = self.say.money(row.amount_minor)
        ask_what_was_done(self, partial(self.write_decision, row.id), aside=aside)

    def write_decision(self, charge: UUID, note: str) -> None:
        """With the name of who decided."""
        book, by = self.shop.charges, self.shop.person.staff.number

        def work() -> UUID:
            book.decide(charge, by=by, note=note)
            return charge

        ask(self, work, then=messages.Decided, subject=WRITE)

    @on(messages.Decided)
    def show_decided(self) -> None:
        """It is off the list."""
        self.show_items()
        self.tell(self.say(msg("Decided. It is kept on this counter and leaves this list.")), "good")
