"""Abnormal cards: what was reported, who verified the person, what was done, how it ended.

Always true: name and contact are sealed before they leave the counter, stand in no list, and whoever reads
them is on record; a case is closed only once the person was verified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.card_case import CASE_CHECKS, CASE_KINDS, CardCase
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.widgets.rows import Column, RowList

KIND_WORDS: Final = {
    "stolen": msg("used by somebody else"),
    "lost": msg("lost"),
    "damaged": msg("damaged"),
    "disputed": msg("balance disputed"),
    "other": msg("something else"),
}
STATE_WORDS: Final = {
    "reported": msg("reported"),
    "checked": msg("verified"),
    "acted": msg("acted on"),
    "closed": msg("closed (case)"),
}
CHECK_WORDS: Final = {
    "id_document": msg("ID document seen"),
    "card_pin": msg("card PIN typed"),
    "call_back": msg("called back"),
}


@dataclass
class ContactRead(Message):
    """Who reported it; its repr is dull."""

    who: str = field(repr=False)
    contact: str = field(repr=False)


class CasesScreen(RowPages[None, CardCase]):
    """One list."""

    SCOPE = "cases"
    TITLE_TEXT = msg("Abnormal cards")

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop)
        self.number = number

    def body(self) -> ComposeResult:
        """When, which card, what, how far."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 16), Column(say(msg("Card number")), 11), Column(say(msg("Kind")), 20),
             Column(say(msg("What happened"))), Column(say(msg("State")), 9),
             Column(say(msg("Outcome")), 24, from_width=110)],
            id="cases",
            empty=say(msg("No abnormal card was reported.")),
        )  # fmt: skip

    def reading(self, after: UUID | None) -> Callable[[], Sequence[CardCase]]:
        """Open ones first."""
        book = self.shop.card_book
        return lambda: book.cases(after=after, most=ASKED)

    def place_of(self, row: CardCase) -> UUID:
        """The case."""
        return row.id

    def cells_of(self, row: CardCase) -> tuple[str, ...]:
        """When, which card, what, how far."""
        say = self.say
        return (say.moment(row.at), row.number, say(KIND_WORDS[row.kind]), row.what,
                say(STATE_WORDS[row.state]), row.outcome)  # fmt: skip

    def applies(self, action: str) -> bool:
        """A closed one is only read."""
        found = self.marked()
        if action in {"check", "act", "close"}:
            return found is not None and found.state != "closed"
        if action == "contact":
            return found is not None
        return super().applies(action)

    @on(RowList.Chosen)
    def tell_case(self, message: RowList.Chosen) -> None:
        """Enter: a row without its cuts, who took it, how it was verified and how it ended."""
        message.stop()
        say, each = self.say, self.marked()
        if each is None:
            return
        told = [each.number, say(KIND_WORDS[each.kind]), each.what, each.store, each.by]
        told += [say.word(CHECK_WORDS, each.checked), say(STATE_WORDS[each.state]), each.outcome]
        self.tell(", ".join(filter(None, told)))

    # A new one: card, kind, what happened, who, how to call back

    def action_report(self) -> None:
        """F2: which card."""

        def present(text: str) -> None:
            reads = self.shop.reads
            ask(
                self,
                lambda: reads.open_card(token_kind=TYPED_NUMBER, text=text),
                then=messages.CardOpened,
                subject="card",
            )

        ask_reason(self, self.say(msg("Report a card")), present, label=msg("Card number"), value=self.number)

    @on(messages.CardOpened)
    def ask_kind(self, message: messages.CardOpened) -> None:
        """What is wrong."""
        say, card = self.say, message.card

        def go(index: int | None) -> None:
            if index is not None:
                self.ask_rest(card, CASE_KINDS[index])

        words = [say(KIND_WORDS[each]) for each in CASE_KINDS]
        self.app.push_screen(Choice(self.shop, card.number, words), go)

    def ask_rest(self, card: OpenedCard, kind: str) -> None:
        """What happened, who says so, and where they are reached."""
        say, book, case = self.say, self.shop.card_book, self.shop.ids.new()
        title = say(KIND_WORDS[kind])

        def open_case(what: str, who: str, contact: str) -> None:
            self.change(
                lambda: book.open_case(case, card.id, kind=kind, what=what, reporter=who, contact=contact),
                say(msg("Case of {number} is open."), number=card.number),
            )

        def ask_contact(what: str, who: str) -> None:
            ask_reason(self, title, partial(open_case, what, who), label=msg("Call back at"))

        def ask_who(what: str) -> None:
            ask_reason(self, title, partial(ask_contact, what), label=msg("Reported by"))

        ask_reason(self, title, ask_who, label=msg("What happened"))

    # Steps

    def action_check(self) -> None:
        """F3: how the person was verified."""
        found, say, book = self.marked(), self.say, self.shop.card_book
        if found is None:
            return

        def go(index: int | None) -> None:
            if index is not None:
                work = CASE_CHECKS[index]
                self.change(lambda: book.step_case(found.id, checked=work))

        words = [say(CHECK_WORDS[each]) for each in CASE_CHECKS]
        self.app.push_screen(Choice(self.shop, say(msg("Verified by")), words), go)

    def action_act(self) -> None:
        """F4: the card's own screen does it; what it did is written down here."""
        from huiyuan.screens.card_life import CardLifeScreen

        found, book = self.marked(), self.shop.card_book
        if found is None:
            return

        def done(_nothing: None) -> None:
            self.change(lambda: book.step_case(found.id, act=True))

        self.app.push_screen(CardLifeScreen(self.shop, found.number), done)

    def action_close(self) -> None:
        """F6: how it ended."""
        found, book = self.marked(), self.shop.card_book
        if found is None:
            return

        def close(outcome: str) -> None:
            done = self.say(msg("The case is closed."))
            self.change(lambda: book.step_case(found.id, outcome=outcome), done)

        ask_reason(self, self.say(msg("Close the case")), close, label=msg("Outcome"))

    def action_contact(self) -> None:
        """F7: on record."""
        found, book = self.marked(), self.shop.card_book
        if found is not None:
            ask(
                self,
                lambda: book.case_contact(found.id),
                then=lambda pair: ContactRead(*pair),
                subject="contact",
            )

    @on(ContactRead)
    def show_contact(self, message: ContactRead) -> None:
        """In the line below, until the next sentence."""
        text = msg("Reported by {who}, {contact}. That you looked is on record.")
        self.tell(self.say(text, who=message.who, contact=message.contact))
