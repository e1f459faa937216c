"""Card issue: a blank card is handed to a member or a bearer, the fee is taken.

Always true: the holder is named by presenting a card of theirs or stays empty; the fee is the rule's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState, Rest
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.holders import IssueTerms
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.cards import card_issue_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.card_move import WAIVING
from huiyuan.screens.dialogs.bank_card import ask_bank_card
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.life_words import FEE_WORDS
from huiyuan.screens.presenting import TakesCard
from huiyuan.screens.reader_messages import CardWritten
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import NO_CARD, NOT_ISSUED, rest_text
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Facts, Prose

NEEDS_HOLDER = msg("This card needs a holder. Nothing was booked. Type who it is for.")
ACTIVATE = msg("Activate it before it is used (home, F6).")
OWN_WALLET = msg(
    "A card of this type draws on its holder's own wallet alone. Nothing was booked."
    " Take a blank supplementary or group card."
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who shall have the card: the member, and what stands in the field for him."""

    member: int
    name: str
    typed: str


@dataclass(eq=False, repr=False)
class TermsRead(Message):
    """What issuing costs, and for which card, holder and wallet that was asked."""

    terms: IssueTerms
    about: tuple[int, int | None]


class CardIssueScreen(TakesCard[None]):
    """Blank card, holder, fee.

    Args:
        number: the blank card to begin with; empty: the field waits.
        holder: id and name of the member to begin with.
        wallet: the wallet that the cards open, and the number of a card that does; None: a new one each.
    """

    SCOPE = "issue"
    TITLE_TEXT = msg("Issue a card")

    def __init__(
        self,
        shop: Shop,
        *,
        number: str = "",
        holder: tuple[int, str] | None = None,
        wallet: tuple[int, str] | None = None,
    ) -> None:
        super().__init__(shop, number)
        self.wallet = wallet
        self.terms: IssueTerms | None = None
        self.terms_of: tuple[int, int | None] | None = None
        self.pays_when_known = False
        self.holder = Holder(*holder, typed=visible(holder[1]).strip()) if holder else None
        self.for_one = holder is not None or wallet is not None

    def body(self) -> ComposeResult:
        """Two fields, and what is known."""
        say = self.say
        yield Field(say(msg("Blank card")), id="card", label_width=20)
        named = self.holder.typed if self.holder else ""
        hint = say(msg("name, pinyin, phone, last four, card"))
        yield Field(say(msg("Holder")), id="holder", label_width=20, value=named, placeholder=hint)
        yield Prose(say(self.hint), id="hint")
        yield Facts(id="facts", width=20, label_width=20)

    @property
    def hint(self) -> str:
        """What an empty holder means for this card."""
        shared = msg("It draws on this wallet, whoever holds it; what it may spend is set in the list.")
        alone = msg("Leave the holder empty for a bearer card.")
        named = msg("Cards of this type are for somebody: type who gets it.")
        return shared if self.wallet else named if self.needs_holder else alone

    @property
    def needs_holder(self) -> bool:
        """Whether the type's version says that its cards are somebody's."""
        return self.terms is not None and self.terms.who not in {"", "bearer"}

    def on_mount(self) -> None:
        """The card first; on which wallet it will be."""
        if self.wallet is not None:
            self.aside(self.say(msg("on the wallet of {number}"), number=self.wallet[1]))
        self.begin()

    def ask_terms(self) -> None:
        """What the door will ask for this card and holder, once a pair."""
        card, book, wallet = self.card, self.shop.card_book, self.wallet[0] if self.wallet else None
        if card is None or self.holder_pending:
            return
        holder = self.holder.member if self.holder else None
        about = (card.id, holder)
        if self.terms_of != about:
            self.terms_of, self.terms = about, None
            ask(
                self,
                lambda: book.issue_terms(card.id, holder=holder, wallet=wallet),
                then=lambda terms: TermsRead(terms, about),
                subject="terms",
            )

    @on(TermsRead)
    def take_terms(self, message: TermsRead) -> None:
        """Known from here on."""
        if message.about == self.terms_of:
            self.terms = message.terms
            self.show_facts()
            self.tell_of_rest()
            if self.pays_when_known:
                self.action_cash()

    def tell_of_rest(self) -> bool:
        """A membership that rests is issued nothing, nor is a supplementary card without its main one: said
        before any fee is taken; False where nothing is in the way."""
        rest = self.terms.rest if self.terms else None
        if rest is not None:
            self.tell(rest_text(self.say, rest, NO_CARD), "warn")
        elif self.needs_main:
            self.tell(sentence(self.say, Refused("card_type_refused", {"why": "main"})), "warn")
        return rest is not None or self.needs_main

    @property
    def needs_main(self) -> bool:
        """A supplementary card is issued onto the wallet of a main one, from there."""
        return self.terms is not None and self.terms.who == "supplementary" and self.wallet is None

    @property
    def fee_minor(self) -> int:
        """What issuing this card costs."""
        return sum(fee.amount_minor for fee in self.terms.fees) if self.terms else 0

    def applies(self, action: str) -> bool:
        """Issuing needs a blank card; a bank card needs a fee."""
        if action in {"cash", "bank", "waive"}:
            rests = self.terms is not None and self.terms.rest is not None
            ready = not self.held and self.card is not None and not self.holder_pending
            ready = ready and not rests and not self.needs_main
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
                self.holder, self.terms_of = None, None
                self.tell("")
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
            field.cursor_position = len(member.number)
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
        self.ask_terms()
        if self.card is not None:
            rows.append((say(msg("Blank card")), self.card.number))
            nobody = "" if self.needs_holder else say(msg("bearer"))
            rows.append((say(msg("Holder")), self.holder.name if self.holder else nobody))
            if self.terms is not None and not self.needs_main:
                due = self.terms.fees
                rows += [
                    (say.word(FEE_WORDS, fee.code), say.money(fee.amount_minor)) for fee in due[1:] and due
                ]
                label = msg("Total") if len(due) > 1 else msg("Fee")
                rows.append((say(label), say.money(self.fee_minor)))
        self.query_one("#hint", Prose).show(say(self.hint))
        self.query_one(Facts).show(rows)
        self.refresh_bindings()

    def action_cash(self) -> None:
        """F2: the fee exactly, in cash."""
        if self.card is None or self.held or self.holder_pending:
            return
        self.pays_when_known = self.terms is None  # Enter was faster than the answer
        if self.terms is None or self.tell_of_rest():
            return
        payment = Payment(self.fee_minor)
        self.issue(payment.with_cash(self.fee_minor) if self.fee_minor else payment)

    def action_bank(self) -> None:
        """F4."""
        if not self.applies("bank"):
            return
        ask_bank_card(self, self.fee_minor, self.issue)

    def action_waive(self) -> None:
        """F6: nothing is paid; a second person signs first."""
        if not self.applies("waive"):
            return
        document = self.made(Payment(0), waived=True)
        if document is not None:
            self.document = document
            self.ask_second_person(self.say(WAIVING, amount=self.say.money(self.fee_minor)))

    def issue(self, payment: Payment) -> None:
        """Post it, once."""
        document = self.made(payment)
        if document is not None:
            self.submit(document)

    def made(self, payment: Payment, *, waived: bool = False) -> Document | None:
        """The document; None where something is missing, which was said."""
        shop, card, terms = self.shop, self.card, self.terms
        if card is None or terms is None or self.held:
            return None
        fees = tuple(replace(fee, amount_minor=0) for fee in terms.fees) if waived else terms.fees
        return self.made_by(
            lambda: card_issue_document(
                stamp_of(shop, self.document_id),
                card=card,
                holder=self.holder.member if self.holder else None,
                rules=(),
                fees=fees,
                payment=payment,
                wallet=self.wallet[0] if self.wallet else None,
            )
        )

    @on(messages.Refused)
    def explain_holder(self, message: messages.Refused) -> None:
        """A registered type wants a member, which its state alone does not say; a membership rests by now."""
        error, facts = message.error, message.error.facts
        if error.code == "member_not_active":
            message.prevent_default()
            rest = Rest(visible(str(facts.get("name", ""))), str(facts.get("state", "")))
            self.tell(rest_text(self.say, rest, NOT_ISSUED), "error")
            return
        blank = error.code == "card_state" and facts.get("state") == CardState.BLANK
        if blank and self.holder is None:
            message.prevent_default()
            self.tell(self.say(NEEDS_HOLDER), "error")
            self.query_one("#holder", Input).focus()
        elif blank and self.wallet is not None:
            message.prevent_default()
            self.tell(self.say(OWN_WALLET), "error")
            self.query_one("#card", Input).focus()

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it."""
        number = self.card.number if self.card else None
        holder = self.holder.name if self.holder else None
        slip = slip_of(self.shop, document, posted, card_number=number, holder=holder)
        result = ResultScreen(self.shop, document, posted, slip, next_step=self.say(ACTIVATE))
        self.app.push_screen(result, self.after_slip)

    def after_slip(self, _nothing: None) -> None:
        """Opened for a member or a wallet it goes back to that page, too."""
        if self.for_one:
            self.dismiss(None)
        else:
            super().after_slip(_nothing)

    def begin_anew(self) -> None:
        """The next card is for somebody else."""
        self.holder, self.terms, self.terms_of = None, None, None
        self.pays_when_known = False
        self.query_one("#holder", Input).value = ""
        super().begin_anew()
        self.tell(self.say(ACTIVATE))
