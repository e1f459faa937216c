"""What a top-up brings on top: money now and later, points, coupons, passes; shown before anybody pays.

Always true: one rule gives, and which one stands on the screen; where two hold the customer may choose.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import CouponRow
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.points import pass_gifts
from huiyuan.domain.model.receipt_code import receipt_of
from huiyuan.domain.model.recharge import GiftGoods, Offer, Purchase
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.domain.usecases.top_up import asking_for_purchase, offers_for
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.buying import BuyingScreen
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry
from huiyuan.screens.recharge_words import LATER, bought_told
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop


@dataclass(eq=False, repr=False)
class PurchaseRead(Message):
    """A sale whose receipt was shown, as this wallet's top-up sees it."""

    wallet: int
    purchase: Purchase


class GiftScreen(BuyingScreen):
    """Money onto a card, with what comes on top of it."""

    def __init__(self, shop: Shop, number: str = "", amount: str = "") -> None:
        super().__init__(shop, number, amount)
        self.wanted: int | None = None
        self.purchase: Purchase | None = None
        self.with_goods = True

    def applies(self, action: str) -> bool:
        """Another gift where there is one; a receipt where a rule asks for one."""
        if action == "goods":
            offer = self.offer()
            return not self.held and offer is not None and bool(offer.goods)
        if action == "receipt":
            return not self.held and (self.purchase is not None or bool(self.asking()))
        if action == "gift":
            return not self.held and len(self.offers()) > 1
        return super().applies(action)

    def offers(self) -> tuple[Offer, ...]:
        """All that the rules would give on the amount as it stands."""
        if self.card is None or not self.amount():
            return ()
        return offers_for(self.card, amount_minor=self.amount(), rules=self.rules, purchase=self.purchase)

    def asking(self) -> tuple[RuleVersion, ...]:
        """Rules that would give something to who shows a receipt."""
        if self.card is None or not self.amount():
            return ()
        return asking_for_purchase(self.card, amount_minor=self.amount(), rules=self.rules)

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
            rows.append((say(msg("Points with it")), f"{offer.points:,}"))
        if card.member is not None and (pieces := sum(count for _, count in offer.coupons)):
            rows.append((say(msg("Coupons with it")), f"{pieces}"))
        return [*rows, *((say(msg("Goods with it")), self.goods_in_words(each)) for each in offer.goods)]

    def goods_in_words(self, each: GiftGoods) -> str:
        """How many of what, and where there are too few: how many there are."""
        text = f"{each.name} × {self.say.quantity(each.qty_milli)}"
        if each.short:
            left = self.say.quantity(max(0, each.left_milli or 0))
            text += self.say(msg(" (in stock: {left})"), left=left)
        return text

    def too_few(self) -> Refused | None:
        """What the door would say of goods that are not there, before any money is taken."""
        offer = self.offer() if self.with_goods else None
        short = next((each for each in offer.goods if each.short), None) if offer is not None else None
        if short is None:
            return None
        left = max(0, short.left_milli or 0)
        return Refused("gift_refused", {"why": "stock", "product": short.name, "left": left})

    def facts_beside(self) -> list[tuple[str, str]]:
        """The receipt that was shown, or which rules wait for one; and what the customer does without."""
        say, offer = self.say, self.offer()
        rows: list[tuple[str, str]] = []
        others = len(self.offers()) - 1
        if others > 0:
            text = (
                msg("or one of {count} other gifts (^Y g)") if others > 1 else msg("or another gift (^Y g)")
            )
            rows.append(("", say(text, count=others)))
        if offer is not None and offer.goods and not self.with_goods:
            rows.append(("", say(msg("without the goods (^Y w)"))))
        if self.purchase is not None:
            rows.append((say(msg("Purchase")), self.purchase.receipt))
        else:
            label = say(msg("By receipt (^Y s)"))
            rows += [(label, f"{rule.name}: {bought_told(say, rule.body)}") for rule in self.asking()]
        return rows

    def in_words(self, card: OpenedCard, offer: Offer) -> str:
        """One offer in a line, as short as its words can be."""
        say, told = self.say, []
        if offer.now_minor:
            told.append(f"{say(msg('Bonus'))} {say.money(offer.now_minor)}")
        if offer.parts:
            later = say(LATER[offer.every], count=offer.parts, amount=say.money(offer.part_minor))
            told.append(say(msg("then {parts}"), parts=later))
        if offer.points:
            told.append(say(msg("{count} points"), count=f"{offer.points:,}"))
        if card.member is not None and (pieces := sum(count for _, count in offer.coupons)):
            told.append(say(msg("{count} coupons"), count=pieces))
        return f"{offer.name}: " + ", ".join([*told, *(self.goods_in_words(each) for each in offer.goods)])

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

    def action_goods(self) -> None:
        """Without the goods, or with them after all."""
        if self.applies("goods"):
            self.with_goods = not self.with_goods
            self.show_facts()

    def action_receipt(self) -> None:
        """Which purchase entitles to it."""
        if not self.applies("receipt"):
            return
        entry: Entry[str] = Entry(
            self.shop, self.say(msg("Receipt of the purchase")), label=self.say(msg("Receipt number")),
            read=receipt_of, about=self.say(msg("Type or scan it. Nothing typed: without a receipt.")),
        )  # fmt: skip
        self.app.push_screen(entry, self.look_up)

    def look_up(self, receipt: str | None) -> None:
        """Ask for it."""
        card, value = self.card, self.shop.value
        if receipt is None or card is None or card.wallet is None:
            return
        self.purchase, wallet = None, card.wallet
        self.untell()
        self.show_facts()
        if receipt:
            ask(
                self,
                lambda: value.purchase(receipt, wallet=wallet),
                then=lambda found: PurchaseRead(wallet, found),
                subject="purchase",
            )

    @on(PurchaseRead)
    def take_purchase(self, message: PurchaseRead) -> None:
        """It counts where a rule takes it; where none does, why not is said."""
        if self.card is None or self.card.wallet != message.wallet:
            return
        found, asking = message.purchase, self.asking()
        refusals = [found.why_not(rule.body) for rule in asking]
        if None in refusals or not asking:
            self.purchase = found
            gives = next((rule.rule for rule, why in zip(asking, refusals, strict=True) if why is None), None)
            self.wanted = gives
        else:
            refused = Refused("gift_refused", {"why": refusals[0], "by": found.used})
            self.tell(sentence(self.say, refused), "error")
        self.show_facts()

    def names_of_goods(self) -> Mapping[int, str]:
        """Of the gifts of every rule."""
        return {
            int(row["product"]): str(row.get("name", ""))
            for rule in self.rules
            if rule.family is RuleFamily.RECHARGE
            for row in rule.body.get("goods", ())
        }

    @on(messages.CardOpened)
    def another_customer(self) -> None:
        """What was shown for one card is not the next one's."""
        self.wanted, self.purchase, self.with_goods = None, None, True

    def begin_anew(self) -> None:
        """The next customer chooses anew."""
        self.wanted, self.purchase, self.with_goods = None, None, True
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
