"""Top-up: a card, an amount, how it is paid. The bonus is shown before anybody pays.

Always true: the bonus shown is the rule's, and the door gives no other; what the law says of the amount is
shown while it is typed, and what it forbids is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import CardState, OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.law import Standing, Verdict, judge_purchase
from huiyuan.domain.model.points import bonus_grant
from huiyuan.domain.model.tender import CASH, Payment
from huiyuan.domain.usecases.top_up import top_up_document
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.law_words import verdict_text
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose


@dataclass(eq=False, repr=False)
class StandingRead(Message):
    """What the law asks about this card's next amount."""

    wallet: int
    standing: Standing


class TopUpScreen(CardMoneyScreen):
    """Money onto a card; from here to deposits and debts."""

    TITLE_TEXT = msg("Top up")

    DEFAULT_CSS = """
    TopUpScreen #law { color: $text-error; padding: 1 1 0 1; }
    """

    def __init__(self, shop: Shop, number: str = "") -> None:
        super().__init__(shop, number)
        self.standing: Standing | None = None
        self.buyer: FoundMember | None = None

    def body(self) -> ComposeResult:
        """Below the figures: what the law has against them."""
        yield from super().body()
        yield Prose("", id="law")

    def applies(self, action: str) -> bool:
        """From here to the card's other accounts."""
        if action in {"deposit", "debt"}:
            return not self.held
        if action == "buyer":
            return not self.held and self.card is not None
        return super().applies(action)

    # The law

    @on(messages.CardOpened)
    def ask_law(self, message: messages.CardOpened) -> None:
        """Which rows hold for this card, and what its buyer bought already."""
        self.standing, self.buyer = None, None
        if message.card.wallet is not None and message.card.state is CardState.ACTIVE:
            self.ask_standing(message.card.wallet)

    def ask_standing(self, wallet: int) -> None:
        """For the buyer who was named, or whoever the card belongs to."""
        law, buyer = self.shop.law, self.buyer.id if self.buyer else None
        ask(
            self,
            lambda: law.standing(wallet, buyer=buyer),
            then=lambda standing: StandingRead(wallet, standing),
            subject="law",
        )

    @on(StandingRead)
    def take_standing(self, message: StandingRead) -> None:
        """From here on each key is judged."""
        if self.card is not None and self.card.wallet == message.wallet:
            self.standing = message.standing
            self.show_facts()

    def bonus_of(self, card: OpenedCard, amount: int) -> int:
        """What the rule gives on top, in minor units."""
        tier = card.member.tier.id if card.member else None
        bonus = bonus_grant(self.rules, amount_minor=amount, tier=tier)
        return bonus.amount if bonus else 0

    def verdict(self, cash_minor: int | None) -> Verdict | None:
        """What the law has against the amount in the field; None while nothing is known or nothing is.

        Args:
            cash_minor: what of it would be paid in cash, None while nobody chose.
        """
        amount, card, standing = self.amount(), self.card, self.standing
        if not amount or card is None or standing is None:
            return None
        bonus = self.bonus_of(card, amount)
        purchase = standing.purchase(amount, bonus_minor=bonus, cash_minor=cash_minor)
        return judge_purchase(standing.rules, purchase, at=standing.at)

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """Balance, bonus, what the card holds afterwards; and what the law says of it."""
        say = self.say
        found = self.verdict(amount)
        self.query_one("#law", Prose).show(verdict_text(say, found) if found else "")
        rows = [(say(msg("Stored value")), say.money(card.balances.stored_minor))]
        if self.buyer is not None:
            rows.append((say(msg("Buyer")), self.buyer.name))
        if amount:
            extra = self.bonus_of(card, amount)
            rows += [
                (say(msg("Top-up")), say.money(amount)),
                (say(msg("Bonus")), say.money(extra)),
                (say(msg("Holds then")), say.money(card.balances.stored_minor + amount + extra)),
            ]
        return rows

    def action_buyer(self) -> None:
        """Which member pays for it."""
        from huiyuan.screens.dialogs.member_picker import MemberPicker

        if self.card is None or self.held:
            return

        def name(found: FoundMember | None) -> None:
            if found is not None and self.card is not None and self.card.wallet is not None:
                self.buyer, self.standing = found, None
                self.show_facts()
                self.ask_standing(self.card.wallet)

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Who buys?"))), name)

    def begin_anew(self, _nothing: None) -> None:
        """The next card has another buyer."""
        self.standing, self.buyer = None, None
        super().begin_anew(_nothing)
        self.query_one("#law", Prose).show("")

    # Paying

    def action_cash(self) -> None:
        """F2: not where the law wants a transfer."""
        if self.may_pay(self.amount()):
            super().action_cash()

    def action_bank(self) -> None:
        """F4."""
        if self.may_pay(0):
            super().action_bank()

    def may_pay(self, cash_minor: int) -> bool:
        """Whether the law leaves this way of paying; if not, it is said."""
        found = None if self.held else self.verdict(cash_minor)
        if found is not None:
            self.tell(sentence(self.say, found.refusal()), "error")
        return found is None

    def pay(self, payment: Payment) -> None:
        """Post it, once."""
        shop, card = self.shop, self.card
        in_cash = sum(each.amount_minor for each in payment.tenders if each.kind == CASH)
        if card is None or self.held or not self.may_pay(in_cash):
            return
        try:
            document = top_up_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                shift=shop.open_shift.id,
                card=card,
                payment=payment,
                rules=self.rules,
                buyer=self.buyer.id if self.buyer else None,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.submit(document)
