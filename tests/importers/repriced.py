"""Every line of the source priced again by our engine, under promotions that other baskets bear witness to.

Always true: a line counts as agreeing only where the total is the shop's to the cent and somebody else's line
said why.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.promotion import AmountOff, FixedPrice, Gives, Group, Percent
from huiyuan.domain.model.rules import RuleVersion
from huiyuan.repositories.importers.retail_rows import Basket, BasketLine
from tests.importers.chains import ZONE
from tests.importers.promoted import (
    MILLI,
    Coupons,
    Seen,
    Week,
    Witnesses,
    goods,
    is_plain,
    published,
    rule_of,
    week_of,
    week_window,
)
from tests.importers.rung_up import PIECES_MAX, day_of, shelf_of

NAMES: Final[dict[type[Gives] | None, str]] = {
    None: "no promotion",
    FixedPrice: "fixed price",
    Percent: "percent",
    AmountOff: "amount",
    Group: "nth item",
}


@dataclass(frozen=True, slots=True)
class Way:
    """How strictly a line is judged.

    `chain`: witnesses from every store, else its own only; `label`: the shelf price is the line's own, else
    that of the witnesses; `itself`: the line may bear witness for itself, which proves wordings and no more.
    `whole_week`: all that store and week had on offer is in force, as at a till, not only what the basket's
    own goods have. `wrong_by` is a fault that is planted in every fixed price, in cents.
    """

    chain: bool = False
    label: bool = True
    itself: bool = False
    whole_week: bool = False
    wrong_by: int = 0


@dataclass(slots=True)
class Verdicts:
    """Lines by what became of them; `agree` and `differ` by kind of promotion and whether the shop took off.

    `near` of those that differ do by a cent a piece at most. `codes` are coupons by what became of them.
    """

    agree: Tally[tuple[str, bool]]
    differ: Tally[tuple[str, bool]]
    unsayable: Tally[str]
    unjudged: Tally[bool]
    codes: Tally[str]
    near: int = 0

    @property
    def judged(self) -> int:
        return self.agree.total() + self.differ.total()

    @property
    def lines(self) -> int:
        return self.judged + self.unsayable.total() + self.unjudged.total()

    def share(self, *, lowered: bool | None = None) -> tuple[int, int]:
        """Agreeing and judged lines: all, or those that the shop did (not) take something off."""

        def count(tally: Tally[tuple[str, bool]]) -> int:
            return sum(n for (_, off), n in tally.items() if lowered is None or off is lowered)

        return count(self.agree), count(self.agree) + count(self.differ)


class Repricing:
    """One walk over all baskets."""

    def __init__(self, baskets: Sequence[Basket], witnesses: Witnesses, coupons: Coupons, way: Way) -> None:
        self.baskets, self.witnesses, self.coupons, self.way = baskets, witnesses, coupons, way
        self.verdicts = Verdicts(Tally(), Tally(), Tally(), Tally(), Tally())
        self.sold: dict[tuple[str, Week], dict[str, Basket]] = {}
        for basket in baskets:
            place = self.sold.setdefault((basket.store, week_of(day_of(basket))), {})
            place.update({line.product: basket for line in basket.lines})
        self.on_offer = cache(self._on_offer)

    def run(self) -> Verdicts:
        for basket in self.baskets:
            self._basket(basket)
        return self.verdicts

    def _on_offer(self, store: str, week: Week) -> dict[str, RuleVersion]:
        """What the store has on offer that week by all its baskets, by product."""
        rules: dict[str, RuleVersion] = {}
        for product, basket in self.sold[store, week].items():
            everybody = self.witnesses.of_line(basket, product, chain=self.way.chain, itself=True)
            rules |= self._rule(basket, product, everybody)
        return rules

    def _rule(self, basket: Basket, product: str, witnesses: Sequence[Seen]) -> dict[str, RuleVersion]:
        try:
            made = rule_of(witnesses, weighed=self.witnesses.is_weighed(basket, product))
        except LookupError:
            return {}
        if made is None:
            return {}
        if isinstance(made, FixedPrice):
            made = FixedPrice(made.price_minor + self.way.wrong_by)
        return {product: published(int(product), made, week_window(basket))}

    def _basket(self, basket: Basket) -> None:
        place = (basket.store, week_of(day_of(basket)))
        rules = dict(self.on_offer(*place)) if self.way.whole_week else {}
        heard: dict[str, list[Seen]] = {}
        for product in {line.product for line in basket.lines}:
            rules.pop(product, None)
            heard[product] = self.witnesses.of_line(
                basket, product, chain=self.way.chain, itself=self.way.itself
            )
            rules |= self._rule(basket, product, heard[product])
        cart, rung = Cart(), []
        for line in basket.lines:
            if is_plain(line):
                unit = self._unit(line, heard[line.product])
                cart = cart.add(goods(line.product, unit), line.quantity * MILLI, apart=True)
                rung.append(line)
            else:
                self.verdicts.unsayable[_why(line)] += 1
        used = [(each, self.coupons.series(each)) for each in self.coupons.of(basket)]
        codes = [code for _, code in used if code is not None]
        noon = datetime.combine(day_of(basket), time(12), ZoneInfo(ZONE))
        priced = price_cart(replace(cart, coupons=tuple(codes)), tuple(rules.values()), noon)
        for redeemed, code in used:
            took = [line.coupon + line.match for number, line in self.coupons.lines[redeemed]]
            self.verdicts.codes[
                _of_code(took, None if code is None else priced.coupon_minor(code.token))
            ] += 1
        listed = {product for code in codes for product in code.products}
        for line, ours in zip(rung, priced.lines, strict=True):
            rule = rules.get(line.product)
            named = int(line.product) in listed
            self._judge(line, ours.total_minor, heard[line.product], rule, named=named)

    def _unit(self, line: BasketLine, heard: Sequence[Seen]) -> int:
        if self.way.label or not heard:
            return shelf_of(line) // line.quantity
        units = Tally(seen.shelf // seen.pieces for seen in heard)
        return min(units, key=lambda unit: (-units[unit], unit))

    def _judge(
        self, line: BasketLine, ours: int, heard: Sequence[Seen], rule: RuleVersion | None, *, named: bool
    ) -> None:
        verdicts, lowered = self.verdicts, line.off > 0
        if (line.coupon or line.match) and not named:
            verdicts.unsayable["a coupon of no list"] += 1
        elif not heard:
            verdicts.unjudged[lowered] += 1
        elif rule is None and all(seen.off for seen in heard):
            verdicts.unsayable["no wording"] += 1
        else:
            made = None if rule is None or rule.promotion is None else rule.promotion.gives
            kind = "coupon" if named and line.coupon else NAMES[None if made is None else type(made)]
            paid = line.net - (line.coupon if named else 0)
            (verdicts.agree if ours == paid else verdicts.differ)[kind, lowered] += 1
            verdicts.near += 0 < abs(ours - paid) <= line.quantity


def _why(line: BasketLine) -> str:
    if line.quantity == 0 or shelf_of(line) == 0:
        return "nothing"
    return "fuel" if line.quantity > PIECES_MAX else "two weights"


def _of_code(took: Sequence[int], ours: int | None) -> str:
    """`took` are the amounts that the shop's slip shows on goods of the coupon's list."""
    if not took:
        return "no line of its list shows it"
    if ours is None:
        return "its worth is known from itself only"
    return "agrees" if ours in took else "differs"
