"""Top-up: a card, an amount, how it is paid. The bonus is shown before anybody pays.

Always true: the bonus shown is the rule's, and the door gives no other.
"""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.points import bonus_grant
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.top_up import top_up_document
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.refusals import sentence


class TopUpScreen(CardMoneyScreen):
    """Money onto a card; from here to deposits and debts."""

    TITLE_TEXT = msg("Top up")

    def applies(self, action: str) -> bool:
        """From here to the card's other accounts."""
        if action in {"deposit", "debt"}:
            return not self.held
        return super().applies(action)

    def facts_of(self, card: OpenedCard, amount: int) -> list[tuple[str, str]]:
        """Balance, bonus, what the card holds afterwards."""
        say = self.say
        rows = [(say(msg("Stored value")), say.money(card.balances.stored_minor))]
        if amount:
            tier = card.member.tier.id if card.member else None
            bonus = bonus_grant(self.rules, amount_minor=amount, tier=tier)
            extra = bonus.amount if bonus else 0
            rows += [
                (say(msg("Top-up")), say.money(amount)),
                (say(msg("Bonus")), say.money(extra)),
                (say(msg("Holds then")), say.money(card.balances.stored_minor + amount + extra)),
            ]
        return rows

    def pay(self, payment: Payment) -> None:
        """Post it, once."""
        shop, card = self.shop, self.card
        if card is None or self.held:
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
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.submit(document)
