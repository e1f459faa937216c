"""A card is paid back: what comes out of it, what is lost with it, in cash or to an account of the same name.

Always true: what is shown is what is posted; above the cash limit the name of the bank account is compared
with the owner's before anything is booked, and neither name nor number of the account is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.law import Verdict, judge_refund
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.domain.model.settling import PaidOut, paid_out
from huiyuan.domain.usecases.moving import settlement_document
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.entry import Entry, read_reason, read_reference
from huiyuan.screens.dialogs.pins import Secret
from huiyuan.screens.guessed import GuessedScreen
from huiyuan.screens.law_words import verdict_text
from huiyuan.screens.presenting import TakesCard
from huiyuan.screens.refusals import sentence
from huiyuan.screens.resting import rest_text
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.two_parts import in_two_parts
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts, Prose

FROZEN: Final = msg("Nothing is paid out of it. Make it active on the member's page first (^Y k).")
CANCELLED: Final = msg("What its card holds is paid back all the same.")
STILL_GOOD: Final = msg("The card still works. To cancel it: Enter, then F6 (card desk).")
STILL_GOOD_HERE: Final = msg("The card still works. Whoever may cancels it at the card desk (home, ^Y y).")


@dataclass
class PayeeSeen(Message):
    """The bank account bears the owner's name."""


@dataclass(eq=False, repr=False)
class RefundJudged(Message):
    """What the law has against paying what the wallet holds in cash; None: nothing."""

    wallet: int
    verdict: Verdict | None


class SettlementScreen(GuessedScreen, TakesCard[None]):
    """A card, what it brings, F2 and F4."""

    SCOPE = "settlement"
    TITLE_TEXT = msg("Pay a card back")

    DEFAULT_CSS = """
    SettlementScreen #law { color: $text-warning; padding: 1 1 0 1; }
    """

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop, number)
        self.rules: Sequence[RuleVersion] = ()
        self.reason = self.reference = ""
        self.verdict: Verdict | None = None

    def body(self) -> ComposeResult:
        """One field, and what is known."""
        yield Field(self.say(msg("Card number")), id="card")
        yield Facts(id="facts", width=24, label_width=24)
        yield Prose("", id="law")

    def on_mount(self) -> None:
        """The rules say what of the bonus is paid."""
        ask(self, self.shop.reads.rules, then=messages.RulesRead, subject="rules")
        self.begin()

    @on(messages.RulesRead)
    def take_rules(self, message: messages.RulesRead) -> None:
        """Known from here on."""
        self.rules = message.rules
        self.show_facts()

    @on(messages.CardOpened)
    def take_card(self, message: messages.CardOpened) -> None:
        """Another card is another document."""
        self.card, self.document_id, self.verdict = message.card, self.shop.ids.new(), None
        self.name_holder(message.card)
        self.show_facts()
        wallet, law, held = message.card.wallet, self.shop.law, message.card.balances.principal
        if wallet is not None and held and self.shop.may("top_up"):

            def judge() -> RefundJudged:
                known = law.standing(wallet)
                found = judge_refund(known.rules, held_minor=held, cash_minor=held, at=known.at)
                return RefundJudged(wallet, found)

            ask(self, judge, then=lambda judged: judged, subject="law")

    @on(RefundJudged)
    def take_verdict(self, message: RefundJudged) -> None:
        """Why not in cash, and where that is written."""
        if self.card is not None and self.card.wallet == message.wallet:
            self.verdict = message.verdict
            self.show_facts()

    @property
    def out(self) -> PaidOut | None:
        """What it brings; None while there is no card."""
        return None if self.card is None else paid_out(self.card, self.rules)

    def show_facts(self) -> None:
        """Line by line what is paid and what is lost."""
        say, out, card = self.say, self.out, self.card
        rows = [("", "")]
        if out is not None and card is not None:
            rows += [
                (say(msg("State")), say.state(card.state)),
                (say(msg("Principal")), say.money(card.balances.principal)),
                (say(msg("Bonus paid back")), say.money(out.paid_minor - card.balances.principal)),
                (say(msg("Bonus lost")), say.money(out.forfeit_minor)),
                (say(msg("Points lost")), f"{out.points:,}"),
                (say(msg("To be paid back")), say.money(out.paid_minor)),
                (say(msg("In cash up to")), say.money(out.cash_most_minor)),
            ]
        self.query_one(Facts).show(rows)
        law = verdict_text(say, self.verdict) if self.verdict is not None and card is not None else ""
        rest = card.rest if card is not None else None
        told = rest_text(say, rest, FROZEN if self.rests else CANCELLED) if rest is not None else ""
        if self.passes_left:
            told, law = sentence(say, Refused("settlement_refused", {"account": "pass"})), ""
        self.query_one("#law", Prose).show("\n".join(filter(None, [told, "" if self.rests else law])))
        self.refresh_bindings()

    @property
    def rests(self) -> bool:
        """Nothing is paid out of a frozen membership."""
        rest = self.card.rest if self.card is not None else None
        return rest is not None and rest.state == "frozen"

    @property
    def passes_left(self) -> bool:
        """What is owed in services is not paid back in money."""
        return self.card is not None and bool(self.card.passes)

    def applies(self, action: str) -> bool:
        """Cash only up to the limit."""
        out, closed = self.out, self.held or self.rests or self.passes_left
        if action == "cash":
            return not closed and out is not None and out.in_cash
        if action == "bank":
            return not closed and out is not None and out.paid_minor > 0
        return super().applies(action)

    def action_cash(self) -> None:
        """F2: why, then the posting."""
        self.reference = ""
        self.ask_reason()

    def action_bank(self) -> None:
        """F4: the name on the account first."""
        card, shop = self.card, self.shop
        if card is None or card.wallet is None:
            return
        wallet, document = card.wallet, self.document_id
        if card.member is None:
            self.ask_reference()
            return
        entry: Entry[str] = Entry(
            shop, self.say(msg("Bank account")), label=self.say(msg("Account name")), read=read_reason,
            about=self.say(msg("As it stands on the bank card. It is compared and not kept.")),
        )  # fmt: skip

        def compare(name: str | None) -> None:
            if name is not None:
                ask(
                    self,
                    lambda: shop.value.payee_seen(document, wallet=wallet, name=name),
                    then=lambda _: PayeeSeen(),
                    subject=WRITE,
                )

        self.app.push_screen(entry, compare)

    @on(PayeeSeen)
    def ask_reference(self) -> None:
        """The transfer's own reference."""
        entry: Entry[str] = Entry(
            self.shop, self.say(msg("Bank account")), label=self.say(msg("Reference")),
            read=read_reference("bank"),
            about=self.say(msg("The reference of the transfer, no account number.")),
        )  # fmt: skip

        def go_on(reference: str | None) -> None:
            if reference is not None:
                self.reference = reference
                self.ask_reason()

        self.app.push_screen(entry, go_on)

    def ask_reason(self) -> None:
        """It stays on record."""
        out, card = self.out, self.card
        if out is None or card is None:
            return
        entry: Entry[str] = Entry(
            self.shop, self.say(msg("Pay a card back")), label=self.say(msg("Reason")), read=read_reason,
            aside=self.say.money(out.paid_minor),
        )  # fmt: skip

        def go_on(reason: str | None) -> None:
            if reason is None:
                return
            self.reason = reason
            if self.wants_pin(out.paid_minor, pin_set=card.pin_set):
                self.ask_pin(out.paid_minor)
            else:
                self.complete(None)

        self.app.push_screen(entry, go_on)

    def charged_card(self) -> OpenedCard | None:
        """The one that is paid back."""
        return self.card

    def without_pin(self) -> None:
        """Its money goes back all the same."""
        self.second_for_pin()

    def complete(self, pin: Secret | None) -> None:
        """Once."""
        shop, card, out = self.shop, self.card, self.out
        if card is None or out is None:
            return
        document = self.made_by(
            lambda: settlement_document(
                stamp_of(shop, self.document_id),
                card=card,
                out=out,
                reason=self.reason,
                reference=self.reference,
                pin_attempt=shop.ids.new() if pin else None,
            )
        )
        if document is None:
            return
        self.guessed(document, pin)

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it."""
        slip = slip_of(self.shop, document, posted, card=self.card)
        part, papers = in_two_parts(self.shop, document, slip, self.card)
        result = ResultScreen(self.shop, document, posted, part, papers=papers, next_step=self.next_step())
        self.app.push_screen(result, self.after_slip)

    def next_step(self) -> str:
        """The card is as good as before: who wants it closed has it cancelled."""
        text = STILL_GOOD if self.shop.may("card_cancel") else STILL_GOOD_HERE
        return self.say(text)
