"""Card issue: a blank card is handed to a member or a bearer, the fee is taken.

Always true: the holder is named by presenting a card of theirs or stays empty; the fee is the rule's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.tender import BANK_CARD, Payment
from huiyuan.domain.usecases.cards import card_issue_document, fees_due
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, read_reference
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.presenting import TakesCard
from huiyuan.screens.reader_messages import CardWritten
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts, Prose

NEEDS_HOLDER = msg("This card needs a holder. Nothing was booked. Type who it is for.")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shall have the card: the member, and what stands in the field for him."""

    member: int
    name: str
    typed: str


class CardIssueScreen(TakesCard[None]):
    """Blank card, holder, fee.

    Args:
        number: the blank card to begin with; empty: the field waits.
        holder: id and name of the member to begin with.
    """

    SCOPE = "issue"
    TITLE_TEXT = msg("Issue a card")

    def __init__(self, shop: Shop, *, number: str = "", holder: tuple[int, str] | None = None) -> None:
        super().__init__(shop, number)
        self.rules: Sequence[RuleVersion] = ()
        self.holder = Holder(*holder, typed=holder[1]) if holder else None

    def body(self) -> ComposeResult:
        """Two fields, and what is known."""
        say = self.say
        yield Field(say(msg("Blank card")), id="card", label_width=20)
        named = self.holder.typed if self.holder else ""
        hint = say(msg("name, pinyin, phone, last four, card"))
        yield Field(say(msg("Holder")), id="holder", label_width=20, value=named, placeholder=hint)
        yield Prose(say(msg("Leave the holder empty for a bearer card.")), id="hint")
        yield Facts(id="facts", width=20, label_width=20)

    def on_mount(self) -> None:
        """The rules know the fee."""
        ask(self, self.shop.reads.rules, then=messages.RulesRead, subject="rules")
        self.begin()

    @on(messages.RulesRead)
    def take_rules(self, message: messages.RulesRead) -> None:
        """Known from here on."""
        self.rules = message.rules
        self.show_facts()

    @property
    def fee_minor(self) -> int:
        """What issuing one card costs now."""
        return sum(fee.amount_minor for fee in fees_due(self.rules, kind=Kind.CARD_ISSUE))

    def applies(self, action: str) -> bool:
        """Issuing needs a blank card; a bank card needs a fee."""
        if action in {"cash", "bank"}:
            ready = not self.held and self.card is not None and not self.holder_pending
            return ready and (action == "cash" or self.fee_minor > 0)
        if action == "write":
            return not self.held and self.card is not None and self.shop.cards.state().usable
        return super().applies(action)

    def action_write(self) -> None:
        """Onto the card that lies on the reader, after a question: what it held is gone."""
        card, cards = self.card, self.shop.cards
        if card is None or self.held:
            return
        number = card.number

        def write(sure: bool | None) -> None:
            if sure:
                ask(self, lambda: cards.write(number), then=CardWritten, subject=WRITE)

        text = msg("Write {number} onto the card that lies on the reader? What it held is overwritten.")
        title = self.say(msg("Write the card"))
        self.app.push_screen(Confirm(self.shop, title, self.say(text, number=number)), write)

    @on(CardWritten)
    def say_written(self, message: CardWritten) -> None:
        """It was read back."""
        text = msg("{number} stands on the card; it was read back. Go on with the holder.")
        self.tell(self.say(text, number=message.card.number), "good")

    @on(Input.Changed, "#holder")
    def forget_other_holder(self, event: Input.Changed) -> None:
        """Who gets it is who stands in the field."""
        if not self.held:
            if self.holder is not None and event.value.strip() != self.holder.typed:
                self.holder = None
            self.show_facts()

    @property
    def holder_pending(self) -> bool:
        """A holder was typed and not yet found: issuing now would make a bearer card of it."""
        return self.holder is None and bool(self.query_one("#holder", Input).value.strip())

    @on(Input.Submitted, "#holder")
    def find_holder(self, event: Input.Submitted) -> None:
        """For whom?"""
        event.stop()
        text, finder = event.value.strip(), self.shop.finder
        if self.held:
            return
        if self.holder is None and needle(text).shape not in {Shape.NOTHING, Shape.PAYMENT}:
            ask(
                self,
                lambda: finder.find(needle(text)),
                then=lambda found: messages.MembersFound(text, found),
                subject="holder",
            )
        elif not self.holder_pending:
            self.action_cash()

    @on(messages.MembersFound)
    def take_found(self, message: messages.MembersFound) -> None:
        """One is the holder; of several, or of none, somebody has to choose."""
        if self.held or message.text != self.query_one("#holder", Input).value.strip():
            return
        if len(message.found.members) == 1:
            self.take_holder(message.found.members[0])
        elif message.found.card is not None:
            text = self.say(msg("That card has no member. Type who it is for, or leave it empty."))
            self.tell(text, "error")
        else:
            picker = MemberPicker(self.shop, self.say(msg("Holder")), text=message.text)
            self.app.push_screen(picker, self.take_holder)

    def take_holder(self, member: FoundMember | None) -> None:
        """Who the card is for; None: nobody was chosen."""
        if member is not None and not self.held:
            field = self.query_one("#holder", Input)
            self.holder = Holder(member.id, member.name, typed=member.number)
            field.value = member.number
            field.focus()
            self.tell("")
            self.show_facts()

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """Only a blank card is issued."""
        opened = message.card
        if opened.state is not CardState.BLANK:
            self.tell(sentence(self.say, Refused("card_state", {"state": opened.state})), "error")
            return
        self.card = opened
        self.document_id = self.shop.ids.new()
        self.query_one("#holder", Input).focus()
        self.show_facts()

    def show_facts(self) -> None:
        """Card, holder, fee."""
        say, rows = self.say, [("", "")]
        if self.card is not None:
            rows.append((say(msg("Blank card")), self.card.number))
            rows.append((say(msg("Holder")), self.holder.name if self.holder else say(msg("bearer"))))
            rows.append((say(msg("Fee")), say.money(self.fee_minor)))
        self.query_one(Facts).show(rows)
        self.refresh_bindings()

    def action_cash(self) -> None:
        """F2: the fee exactly, in cash."""
        if self.card is None or self.held or self.holder_pending:
            return
        payment = Payment(self.fee_minor)
        self.issue(payment.with_cash(self.fee_minor) if self.fee_minor else payment)

    def action_bank(self) -> None:
        """F4."""
        if self.card is None or self.held or self.holder_pending:
            return
        amount = self.fee_minor
        entry = Entry(
            self.shop,
            self.say(msg("Bank card")),
            aside=self.say.money(amount),
            label=self.say(msg("Reference")),
            read=read_reference(BANK_CARD),
        )

        def pay(reference: str | None) -> None:
            if reference is not None:
                self.issue(Payment(amount).with_bank_card(amount, reference=reference))

        self.app.push_screen(entry, pay)

    def issue(self, payment: Payment) -> None:
        """Post it, once."""
        shop, card = self.shop, self.card
        if card is None or self.held:
            return
        try:
            document = card_issue_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                shift=shop.open_shift.id,
                card=card,
                holder=self.holder.member if self.holder else None,
                rules=self.rules,
                payment=payment,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.submit(document)

    @on(messages.Refused)
    def explain_holder(self, message: messages.Refused) -> None:
        """A card of a registered type wants a member; its state alone does not say so."""
        error = message.error
        blank = error.code == "card_state" and error.facts.get("state") == CardState.BLANK
        if blank and self.holder is None:
            message.prevent_default()
            self.tell(self.say(NEEDS_HOLDER), "error")
            self.query_one("#holder", Input).focus()

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; then an empty screen."""
        number = self.card.number if self.card else None
        holder = self.holder.name if self.holder else None
        slip = slip_of(self.shop, document, posted, card_number=number, holder=holder)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.begin_anew)

    def begin_anew(self, _nothing: None) -> None:
        """The next card is another document."""
        self.card, self.holder = None, None
        self.document_id = self.shop.ids.new()
        for name in ("#card", "#holder"):
            self.query_one(name, Input).value = ""
        self.query_one("#card", Input).focus()
        self.show_facts()
        self.tell(self.say(msg("Activate it before it is used (home, F6).")))
