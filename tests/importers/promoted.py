"""The source's discounts, campaigns and coupons as promotions and coupon series of ours.

The source says what was taken off a line and never by which rule, so the rules are read off other lines.
Always true: a rule that a line is judged by comes from other baskets than its own, of the same product and
week, and what a coupon is worth from other households' baskets.
"""

from __future__ import annotations

import csv
import gzip
from collections import Counter as Tally, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.promotion import AmountOff, FixedPrice, Group, Percent, Promotion, Scope, Window
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from huiyuan.repositories.importers.retail_rows import Basket, BasketLine
from tests.importers.rung_up import PIECES_MAX, day_of, shelf_of

BP: Final = 10_000
MILLI: Final = 1_000
Made = Percent | AmountOff | FixedPrice | Group
ORDER: Final[tuple[type[Made] | None, ...]] = (None, FixedPrice, Group, AmountOff, Percent)
"""Which wording is believed where several say the same."""
WEIGHED: Final[tuple[type[Made] | None, ...]] = (None, Percent, FixedPrice, Group, AmountOff)
"""A piece of other weight has another price, but the same share off."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One line as a witness: pieces, their value on the shelf, what the shop took off it."""

    basket: int
    store: str
    pieces: int
    shelf: int
    off: int


def off_by(made: Made | None, seen: Seen) -> int:
    """What a rule takes off, by its wording."""
    if isinstance(made, FixedPrice):
        return max(0, seen.shelf - made.price_minor * seen.pieces)
    if isinstance(made, AmountOff):
        return min(seen.shelf, made.off_minor * seen.pieces)
    if isinstance(made, Percent):
        return seen.shelf * made.rate_bp // BP
    if isinstance(made, Group):
        lowered = seen.pieces // made.size * made.give
        return seen.shelf * lowered * made.rate_bp // (seen.pieces * BP)
    return 0


def _wordings(seen: Seen) -> set[Made | None]:
    """Every rule that says what one line shows."""
    if not seen.off:
        return {None}
    found: set[Made | None] = set()
    if (seen.shelf - seen.off) % seen.pieces == 0:
        found.add(FixedPrice((seen.shelf - seen.off) // seen.pieces))
    if seen.off % seen.pieces == 0:
        found.add(AmountOff(seen.off // seen.pieces))
    low, high = -(-seen.off * BP // seen.shelf), -(-(seen.off + 1) * BP // seen.shelf) - 1
    round_rate = (low + 99) // 100 * 100
    found |= {Percent(rate) for rate in (low, high, round_rate) if low <= rate <= min(high, BP)}
    for size in range(2, min(seen.pieces, 4) + 1):
        for rate in (5_000, BP):
            if off_by(made := Group(size, 1, rate), seen) == seen.off:
                found.add(made)
    return found


def rule_of(witnesses: Sequence[Seen], *, weighed: bool) -> Made | None:
    """The wording that most witnesses agree with; None: nothing is taken off.

    Raises:
        LookupError: No wording of ours says what any of them shows.
    """
    wordings = {each for seen in witnesses for each in _wordings(seen)}
    if not wordings:
        raise LookupError
    order = WEIGHED if weighed else ORDER

    def rank(made: Made | None) -> tuple[int, int, bool, str]:
        agree = sum(off_by(made, seen) == seen.off for seen in witnesses)
        odd = isinstance(made, Percent) and made.rate_bp % 100 != 0
        return (-agree, order.index(None if made is None else type(made)), odd, repr(made))

    return min(wordings, key=rank)


Week = tuple[int, int]


def week_of(day: date) -> Week:
    """Monday to Sunday, as the source counts its weeks."""
    return day.isocalendar()[:2]


def is_plain(line: BasketLine) -> bool:
    """A count of pieces with one price each: no fuel, no piece of nothing, no two weights in one line."""
    return 0 < line.quantity <= PIECES_MAX and shelf_of(line) % line.quantity == 0 < shelf_of(line)


class Witnesses:
    """All lines by product and week."""

    def __init__(self, baskets: Iterable[Basket]) -> None:
        self.of_week: dict[tuple[Week, str], list[Seen]] = defaultdict(list)
        self.of_product: dict[str, list[Seen]] = defaultdict(list)
        for basket in baskets:
            for line in filter(is_plain, basket.lines):
                seen = Seen(basket.number, basket.store, line.quantity, shelf_of(line), line.off)
                self.of_week[week_of(day_of(basket)), line.product].append(seen)
                self.of_product[line.product].append(seen)

    def of_line(self, basket: Basket, product: str, *, chain: bool, itself: bool = False) -> list[Seen]:
        """Lines of the product and week in other baskets of the store, or of the chain."""
        return [
            seen
            for seen in self.of_week.get((week_of(day_of(basket)), product), [])
            if (itself or seen.basket != basket.number) and (chain or seen.store == basket.store)
        ]

    def is_weighed(self, basket: Basket, product: str) -> bool:
        """Whether nearly every piece in other baskets has its own price."""
        others = [seen for seen in self.of_product[product] if seen.basket != basket.number]
        prices = {seen.shelf * MILLI // seen.pieces for seen in others}
        return len(others) >= 3 and 2 * len(prices) > len(others)


def week_window(basket: Basket) -> Window:
    day = day_of(basket)
    monday = day - timedelta(days=day.weekday())
    return Window(days=frozenset(monday + timedelta(days=n) for n in range(7)))


def published(product: int, made: Made, window: Window) -> RuleVersion:
    """A promotion on one product in one week. Ids begin above those of coupon series."""
    promotion = Promotion(made, scope=Scope(products=frozenset({product})), window=window)
    return RuleVersion(
        1_000_000 + product, 1, RuleFamily.PROMOTION, f"week of {product}", promotion=promotion
    )


def goods(product: str, unit: int) -> Product:
    """An article at its shelf price."""
    return Product(int(product), product, product, "goods", "piece", "none", 0, unit)


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A line of the list of coupons that were used."""

    household: str
    coupon: str
    campaign: str
    day: date

    @property
    def value_code(self) -> str:
        """The last two digits of a maker's coupon: what it is worth, by the trade's own table."""
        return self.coupon[-2:]


class Coupons:
    """The coupons of the campaigns: their goods, their days, whom they were sent, what they are worth.

    What a code is worth is in none of the lists. It is read off what other coupons of the same value code
    took off in other households' baskets, together with what the shop added to it.
    """

    def __init__(self, folder: Path, baskets: Sequence[Basket]) -> None:
        self.goods: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in _rows(folder, "coupons"):
            self.goods[row["coupon_upc"], row["campaign_id"]].add(row["product_id"])
        self.days = {
            row["campaign_id"]: (date.fromisoformat(row["start_date"]), date.fromisoformat(row["end_date"]))
            for row in _rows(folder, "campaign_descriptions")
        }
        self.sent = {(row["campaign_id"], row["household_id"]) for row in _rows(folder, "campaigns")}
        self.used = [
            Redeemed(
                row["household_id"],
                row["coupon_upc"],
                row["campaign_id"],
                date.fromisoformat(row["redemption_date"]),
            )
            for row in _rows(folder, "coupon_redemptions")
        ]
        self.lines: dict[Redeemed, list[tuple[int, BasketLine]]] = {each: [] for each in self.used}
        for basket in baskets:
            for each in self.of(basket):
                listed = self.goods[each.coupon, each.campaign]
                self.lines[each] += [
                    (basket.number, line) for line in basket.lines if line.product in listed and line.coupon
                ]

    def of(self, basket: Basket) -> list[Redeemed]:
        """The coupons of this household and day that the campaign's list and days allow on this basket."""
        bought = {line.product for line in basket.lines}
        return [
            each
            for each in self.used
            if (each.household, each.day) == (basket.household, day_of(basket))
            and self.days[each.campaign][0] <= each.day <= self.days[each.campaign][1]
            and (each.campaign, each.household) in self.sent
            and bought & self.goods[each.coupon, each.campaign]
        ]

    def series(self, each: Redeemed) -> Coupon | None:
        """The code as it is opened at the till; None where nobody else tells what it is worth."""
        worth = Tally(
            line.coupon + line.match
            for other, lines in self.lines.items()
            if other.value_code == each.value_code and other.household != each.household
            for _, line in lines
        )
        if not worth:
            return None
        first, last = self.days[each.campaign]
        return Coupon(
            token=f"{each.coupon}-{each.household}",
            last=each.coupon[-4:],
            rule=self.used.index(each) + 1,
            version=1,
            name=each.coupon,
            kind="off",
            state="issued",
            expires_at=datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=2),
            off_minor=min(worth, key=lambda minor: (-worth[minor], minor)),
            with_coupons=True,
            products=tuple(sorted(map(int, self.goods[each.coupon, each.campaign]))),
            days=tuple((first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)),
        )


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
