"""What a top-up brings on top: money now and later, points, coupons, passes; shown before anybody pays.

Always true: one rule gives, and which one stands on the screen; where two hold the customer may choose.
"""

from __future__ import annotations

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import CouponRow
from huiyuan.domain.model.points import pass_gifts
from huiyuan.domain.model.recharge import Offer
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.usecases.top_up import offers_for
from huiyuan.screens.card_money import CardMoneyScreen
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.recharge_words import LATER
from huiyuan.screens.shop import Shop


class GiftScreen(CardMoneyScreen):
    """Money onto a card, with what comes on top of it."""

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number, amount)
        self.wanted: int | None = None

    def applies(self, action: str) -> bool:
        """Another gift where there is one."""
        if action == "gift":
            return not self.held and len(self.offers()) > 1
        return super().applies(action)

    def offers(self) -> tuple[Offer, ...]:
        """All that the rules would give on the amount as it stands."""
        if self.card is None or not self.amount():
            return ()
        return offers_for(self.card, amount_minor=self.amount(), rules=self.rules)

    def offer(self) -> Offer | None:
        """What is given: the one that was chosen, or the first of all."""
        offers = self.offers()
        return next((each for each in offers if each.rule == self.wanted), next(iter(offers), None))

    def passes_with(self, card: OpenedCard, amount: int) -> list[str]:
        """Name and uses of every pass that comes with it."""
        tier = card.member.tier.id if card.member else None
        gifts = pass_gifts(self.rules, amount_minor=amount, tier=tier, terms=card.terms)
        endless = {each.rule for each in self.rules if each.body.get("unlimited")}
        named = {each.rule: each.name for each in self.rules}
        return [
            named.get(each.rule, "") + ("" if each.rule in endless else f" × {each.amount}") for each in gifts
        ]

    def with_it(self, card: OpenedCard, offer: Offer) -> list[tuple[str, str]]:
        """What else the offer brings, later or beside the money."""
        say = self.say
        rows = []
        if offer.parts:
            amount = say.money(offer.part_minor)
            rows.append((say(msg("Bonus later")), say(LATER[offer.every], count=offer.parts, amount=amount)))
        if offer.points:
            rows.append((say(msg("Points with it")), f"{offer.points}"))
        if card.member is not None and (pieces := sum(count for _, count in offer.coupons)):
            rows.append((say(msg("Coupons with it")), f"{pieces}"))
        return rows

    def in_words(self, card: OpenedCard, offer: Offer) -> str:
        """One offer in a line."""
        money = [f"{self.say(msg('Bonus'))} {self.say.money(offer.now_minor)}"] if offer.now_minor else []
        return f"{offer.name}: " + ", ".join(
            [*money, *(f"{label} {value}" for label, value in self.with_it(card, offer))]
        )

    def action_gift(self) -> None:
        """Which rule gives, where more than one would."""
        card, offers, now = self.card, self.offers(), self.offer()
        if card is None or now is None or len(offers) < 2:
            return

        def take(index: int | None) -> None:
            if index is not None:
                self.wanted = offers[index].rule
                self.show_facts()

        rows = [self.in_words(card, each) for each in offers]
        self.app.push_screen(
            Choice(self.shop, self.say(msg("What comes on top?")), rows, mark=offers.index(now)), take
        )

    def begin_anew(self) -> None:
        """The next customer chooses anew."""
        self.wanted = None
        super().begin_anew()

    def gift_coupons(self, card: OpenedCard) -> tuple[CouponRow, ...]:
        """Codes of the series that come with it, on the member's page. Raises Refused as the chain's key."""
        offer, reads = self.offer(), self.shop.reads
        if offer is None or card.member is None:
            return ()
        series = {each.rule: each for each in self.rules if each.family is RuleFamily.COUPON}
        wanted = [series[rule] for rule, pieces in offer.coupons if rule in series for _ in range(pieces)]
        codes = [reads.coupon_code(self.document_id, n) for n in range(1, len(wanted) + 1)]
        return tuple(
            CouponRow(reads.coupon_token(code), code[-4:], each.rule, each.version, card.member.id)
            for code, each in zip(codes, wanted, strict=True)
        )
