"""Recharge rules: what a top-up of so much brings, at once and part by part, and which gifts with it.

Always true: the parts add up to the whole, all but the first are equal, and the door grants no other first
part (a property test holds both against each other).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from huiyuan.domain.model.document import GiftRow, Grant
from huiyuan.domain.model.passes import PLAIN, CardTerms
from huiyuan.domain.model.points import bonus_for
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

EVERY: Final = ("months", "weeks", "days")
"""How far the parts of a bonus lie apart: the key of a body that counts them, the usual one first."""
PARTS_MAX: Final[Mapping[str, int]] = {"months": 60, "weeks": 104, "days": 366}
"""The most parts that a rule may name, by how far they lie apart."""


@dataclass(frozen=True, slots=True)
class GiftGoods:
    """Goods that come with a top-up; `left_milli`: what the store had when it was asked, None: it was not."""

    product: int
    name: str
    qty_milli: int
    left_milli: int | None = None

    @property
    def short(self) -> bool:
        """Whether the store had too few of them."""
        return self.left_milli is not None and self.left_milli < self.qty_milli


@dataclass(frozen=True, slots=True)
class Purchase:
    """A sale whose receipt is shown at a top-up: of `days` ago by the trading day.

    `own`: of this customer, or of nobody known; `products` are those that nobody brought back; `used` is the
    receipt of the top-up that had it already.
    """

    document: UUID
    receipt: str
    days: int
    own: bool
    products: frozenset[int]
    used: str | None = None

    def why_not(self, body: Mapping[str, Any]) -> str | None:
        """Why it does not entitle to a rule with this body; None: it does. In the order of the door."""
        wanted = {int(each["product"]) for each in body.get("bought", ())}
        if not 0 <= self.days < int(body.get("bought_days", 1)):
            return "day"
        if not self.own:
            return "holder"
        if not wanted & self.products:
            return "product"
        return "used" if self.used else None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule gives for an amount, minor units; `parts` of `part_minor` each come later.

    `every` is how far the parts lie apart, one of `EVERY`; `coupons` are series (a rule's id) and pieces.
    """

    rule: int
    version: int
    name: str
    whole_minor: int
    now_minor: int
    part_minor: int = 0
    parts: int = 0
    every: str = "months"
    points: int = 0
    coupons: tuple[tuple[int, int], ...] = ()
    goods: tuple[GiftGoods, ...] = ()
    with_purchase: bool = False

    @property
    def gifts(self) -> tuple[GiftRow, ...]:
        """The goods as the document hands them out."""
        return tuple(GiftRow(each.product, each.qty_milli, self.rule, self.version) for each in self.goods)

    @property
    def grants(self) -> tuple[Grant, ...]:
        """What the document grants at once."""
        given = (("bonus", self.now_minor), ("points", self.points))
        return tuple(Grant(kind, self.rule, self.version, amount) for kind, amount in given if amount)


def instalments(body: Mapping[str, Any]) -> tuple[int, str]:
    """In how many parts the bonus comes, and how far they lie apart; (1, "months"): all of it at once."""
    for every in EVERY:
        if int(body.get(every, 1)) > 1:
            return int(body[every]), every
    return 1, EVERY[0]


def step_gives(step: Mapping[str, Any], amount_minor: int, *, repeats: bool) -> int:
    """One step's bonus for an amount that reaches it, rounded down to a whole minor unit."""
    if "give_bp" in step:
        return amount_minor * int(step["give_bp"]) // 10_000
    return int(step.get("give_minor", 0)) * (amount_minor // int(step["from_minor"]) if repeats else 1)


def recharge_offer(
    rule: RuleVersion,
    amount_minor: int,
    *,
    card_type: str = "",
    terms: CardTerms = PLAIN,
    purchase: Purchase | None = None,
    as_if_bought: bool = False,
) -> Offer | None:
    """What this rule gives; None where it gives nothing for so much, or not on cards of this type.

    A card without the function of points is given none. A rule that asks for a purchase gives with its
    receipt alone, or `as_if_bought`.
    """
    body = rule.body
    types = body.get("card_types")
    steps = [step for step in body.get("steps", ()) if int(step["from_minor"]) <= amount_minor]
    if not steps or amount_minor < rule.min_minor or (types is not None and card_type not in types):
        return None
    asks = "bought" in body
    if asks and not as_if_bought and (purchase is None or purchase.why_not(body) is not None):
        return None
    highest = max(steps, key=lambda step: int(step["from_minor"]))
    repeats = body.get("repeats") is True
    whole = step_gives(highest, amount_minor, repeats=repeats)
    if rule.max_document_minor is not None:
        whole = min(whole, rule.max_document_minor)
    count, every = instalments(body)
    part = whole // count if count > 1 else 0
    times = amount_minor // int(highest["from_minor"]) if repeats else 1
    points = int(highest.get("points", 0)) * times if terms.may("points") else 0
    coupons = tuple((int(row["rule"]), int(row["pieces"])) for row in body.get("coupons", ()))
    goods = tuple(
        GiftGoods(
            int(row["product"]),
            str(row.get("name", "")),
            int(row["qty_milli"]) * times,
            row.get("left_milli"),
        )
        for row in body.get("goods", ())
    )
    if not (whole or coupons or points or goods):
        return None
    later = count - 1 if part else 0
    return Offer(
        rule=rule.rule,
        version=rule.version,
        name=rule.name,
        whole_minor=whole,
        now_minor=whole - part * later,
        part_minor=part,
        parts=later,
        every=every,
        points=points,
        coupons=coupons,
        goods=goods,
        with_purchase=asks,
    )


def recharge_offers(
    rules: Iterable[RuleVersion],
    *,
    amount_minor: int,
    tier: int | None,
    card_type: str = "",
    terms: CardTerms = PLAIN,
    purchase: Purchase | None = None,
) -> tuple[Offer, ...]:
    """What each bonus and recharge rule gives on this top-up: the most money in the end first, then the most
    points, ties to the lowest rule id. One of them is given."""
    found: list[Offer] = []
    for rule in rules:
        if not rule.holds_for(tier):
            continue
        if rule.family is RuleFamily.RECHARGE:
            offer = recharge_offer(rule, amount_minor, card_type=card_type, terms=terms, purchase=purchase)
            found += [offer] if offer is not None else []
        elif rule.family is RuleFamily.BONUS and (bonus := bonus_for(rule, amount_minor)):
            found.append(Offer(rule.rule, rule.version, rule.name, bonus, bonus))
    return tuple(
        sorted(
            found,
            key=lambda each: (
                -each.whole_minor,
                -each.points,
                -len(each.goods),
                -len(each.coupons),
                each.rule,
            ),
        )
    )


def waiting_for_purchase(
    rules: Iterable[RuleVersion],
    *,
    amount_minor: int,
    tier: int | None,
    card_type: str = "",
    terms: CardTerms = PLAIN,
) -> tuple[RuleVersion, ...]:
    """Rules that would give something on this top-up if a receipt of what they ask for were shown."""
    return tuple(
        rule
        for rule in rules
        if rule.family is RuleFamily.RECHARGE and "bought" in rule.body and rule.holds_for(tier)
        if recharge_offer(rule, amount_minor, card_type=card_type, terms=terms, as_if_bought=True)
    )
