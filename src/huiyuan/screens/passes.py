"""Passes of a card: what is left of each, one use by Enter twice, several by F2, a new one by F3.

Always true: the card whose number stands in the field is the one that is used; above the floor its holder
types the PIN before anything is sent; a pass that was used up keeps its row until another card is read, so
that one Enter too many uses no other pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.passes import HeldPass, PassOffer, offers
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.usecases.passes import pass_use_document
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.dialogs.pins import CardPin, Secret
from huiyuan.screens.guessed import GuessedScreen
from huiyuan.screens.presenting import TakesCard, whose_card
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import PASSES_REST, rest_text
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.rows import Column, RowList

CHOICES_MOST = 9


@dataclass
class OffersRead(Message):
    """The rules in force: passes among them."""

    rules: Sequence[RuleVersion]


class PassesScreen(GuessedScreen, TakesCard[None]):
    """One card, its passes."""

    SCOPE = "passes"
    TITLE_TEXT = msg("Passes")

    DEFAULT_CSS = """
    PassesScreen #passes { margin: 1 0 0 0; }
    """

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop, number)
        self.wanted: tuple[HeldPass, int] | None = None
        self.shown: tuple[HeldPass, ...] = ()
        self.used_up: tuple[int, int, HeldPass] | None = None
        """Of which card, in which row, and the pass whose last use went here."""

    def body(self) -> ComposeResult:
        """The field, the list."""
        say = self.say
        yield Field(say(msg("Card number")), id="card")
        yield RowList(
            [Column(say(msg("Pass"))), Column(say(msg("Uses left")), 12, "right"),
             Column(say(msg("Used today")), 12, "right"), Column(say(msg("Ends")), 11)],
            id="passes",
            empty=say(msg("No pass with uses left on this card.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """The card first."""
        self.begin()

    def applies(self, action: str) -> bool:
        """A pass is used that is marked and has uses left, and sold to a card."""
        if action in {"use", "several"}:
            found = self.marked()
            return not self.held and found is not None and not spent(found)
        if action == "sell":
            return not self.held and self.card is not None and self.shop.shift is not None
        return super().applies(action)

    def marked(self) -> HeldPass | None:
        """The pass under the mark."""
        rows = self.shown if self.card else ()
        index = self.query_one("#passes", RowList).marked if rows else None
        return None if index is None or index >= len(rows) else rows[index]

    def passes_shown(self) -> tuple[HeldPass, ...]:
        """Those of the card, and the one that was used up here in the row where it stood."""
        card = self.card
        rows = list(card.passes if card else ())
        if self.used_up is not None and card is not None:
            id, place, found = self.used_up
            if id == card.id and found.rule not in {each.rule for each in rows}:
                rows.insert(min(place, len(rows)), found)
        return tuple(rows)

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """What it has."""
        self.card = card = message.card
        self.document_id = self.shop.ids.new()
        self.name_holder(card)
        self.show_facts()
        if card.rest is not None:
            self.tell(rest_text(self.say, card.rest, PASSES_REST), "error")
        if self.shown:
            self.query_one("#passes", RowList).focus()

    def show_facts(self) -> None:
        """Row by row."""
        say, self.shown = self.say, self.passes_shown()
        rows = [
            (each.name, say(msg("any")) if each.unlimited else f"{each.left:,}",
             f"{each.used_today}/{each.day_max}" if each.day_max else str(each.used_today),
             say.last_day(each.expires_at) if each.expires_at else say(msg("never")))
            for each in self.shown
        ]  # fmt: skip
        self.query_one("#passes", RowList).show_rows(rows)
        self.refresh_bindings()

    # Using one

    @on(RowList.Chosen, "#passes")
    def use_marked(self, message: RowList.Chosen) -> None:
        """Enter: once, after a question."""
        message.stop()
        self.action_use()

    def action_use(self) -> None:
        """Enter on a row."""
        found = self.marked()
        if found is None or self.held:
            return
        if spent(found):
            self.tell(self.say(msg("{name} is used up. F3 sells another one."), name=found.name), "warn")
            return
        self.ask_once(found)

    def ask_once(self, found: HeldPass) -> None:
        """What goes, and what is left then: a use is the customer's money."""
        say = self.say
        if found.unlimited:
            text = say(msg("{name}: 1 use now, any number while it lasts. Enter uses it."), name=found.name)
        else:
            once = msg("{name}: 1 use now, {left} left then. Enter uses it.")
            text = say(once, name=found.name, left=f"{found.left - 1:,}")

        def go(sure: bool | None) -> None:
            if sure:
                self.use(found, 1)

        self.app.push_screen(Confirm(self.shop, say(msg("Use a pass")), text), go)

    def action_several(self) -> None:
        """F2: how many."""
        found = self.marked()
        if found is None or not self.applies("several"):
            return

        def read(text: str) -> int:
            if not (text.strip().isascii() and text.strip().isdigit() and 0 < int(text) <= 1000):
                raise Refused("pass_refused", {"why": "count"})
            return int(text)

        entry: Entry[int] = Entry(
            self.shop, self.say(msg("Several uses")), aside=found.name, label=self.say(msg("Uses")), read=read
        )

        def go(count: int | None) -> None:
            if count is not None:
                self.use(found, count)

        self.app.push_screen(entry, go)

    def use(self, held: HeldPass, count: int) -> None:
        """With the PIN where these uses are worth more than the floor."""
        self.wanted = (held, count)
        card = self.card
        if card is None or self.held or self.drawn_up(None) is None:
            return
        worth = held.worth_minor * count
        if self.wants_pin(worth, pin_set=card.pin_set):
            self.ask_pin(worth)
        else:
            self.complete(None)

    def charged_card(self) -> OpenedCard | None:
        """Whose passes they are."""
        return self.card

    def ask_pin(self, amount_minor: int) -> None:
        """The holder types it; what uses are worth is not taken from the card, so it is not named."""
        del amount_minor
        about = self.say(msg("The holder types the PIN of the card. Look away."))
        about += "\n" + whose_card(self.say, self.card)
        self.app.push_screen(CardPin(self.shop, about), lambda pin: self.complete(pin) if pin else None)

    def drawn_up(self, pin_attempt: UUID | None) -> Document | None:
        """The document: the same id until it stands. None after what is wrong with it was said."""
        shop, card = self.shop, self.card
        if card is None or self.wanted is None:
            return None
        held, count = self.wanted
        try:
            return pass_use_document(
                stamp_of(shop, self.document_id), card=card, held=held, count=count, pin_attempt=pin_attempt,
            )  # fmt: skip
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return None

    def complete(self, pin: Secret | None) -> None:
        """The guess first, where there is one."""
        document = self.drawn_up(self.shop.ids.new() if pin else None)
        if document is not None:
            self.guessed(document, pin)

    def posted(self, document: Document, posted: Posted) -> None:
        """Said in one line, and the card as it is now."""
        del posted
        held = self.wanted[0] if self.wanted else None
        count = document.passes[0].count if document.passes else 0
        if held is not None and self.card is not None and not held.unlimited and count >= held.left:
            place = [each.rule for each in self.shown].index(held.rule)
            today = held.used_today + count
            self.used_up = (self.card.id, place, replace(held, left=0, used_today=today))
        done = self.say(msg("{name}: {count} used."), name=held.name if held else "", count=count)
        self.wanted = None
        self.document_id = self.shop.ids.new()
        if self.card is not None:
            self.present(self.card.number)
        self.tell(done, "good")

    # Selling one

    def action_sell(self) -> None:
        """F3: which."""
        if not self.held and self.card is not None:
            ask(self, self.shop.reads.rules, then=OffersRead, subject="rules")

    @on(OffersRead)
    def choose_offer(self, message: OffersRead) -> None:
        """Those that this member may buy here now."""
        card = self.card
        if card is None:
            return
        tier = card.member.tier.id if card.member else None
        found = offers(tuple(message.rules), tier)[:CHOICES_MOST]
        if not found:
            self.tell(self.say(msg("No pass is sold here now.")), "warn")
            return

        def sell(index: int | None) -> None:
            if index is not None:
                self.sell(found[index])

        names = [f"{each.name}  {self.say.money(each.price_minor)}" for each in found]
        self.app.push_screen(Choice(self.shop, self.say(msg("Sell a pass")), names), sell)

    def sell(self, offer: PassOffer) -> None:
        """Paying is a screen of its own; then the card as it is now."""
        from huiyuan.screens.pass_sale import PassSaleScreen

        number = self.card.number if self.card else ""

        def again(_nothing: None) -> None:
            self.present(number)

        self.app.push_screen(PassSaleScreen(self.shop, number, offer), again)


def spent(found: HeldPass) -> bool:
    """Nothing is left of it."""
    return not found.unlimited and found.left < 1
