"""Baskets of the source rung up line by line at a real till: prices of the day, discounts by their names.

Always true: what the till takes for a basket is what the shop took for it then. A line whose price was not
the day's (a quantity of nothing, a value that does not divide, a second price on the same day) is rung up as
one piece at an open price, and counted.
"""

from __future__ import annotations

import random
from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from huiyuan.domain.model.cart import Cart, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases import checkout
from huiyuan.repositories.importers.history import history_entry
from huiyuan.repositories.importers.outcome import Outcome
from huiyuan.repositories.importers.retail_rows import Basket, BasketLine, read_baskets
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.importers.chains import ZONE

PIECES_MAX = 100
COUPON = "coupon"
Key = tuple[str, date, str]


@dataclass(frozen=True, slots=True)
class Rung:
    """What became of one basket: what the door booked, and how many of its lines had an open price."""

    basket: Basket
    total_minor: int
    open_lines: int


def net_of(basket: Basket) -> int:
    return sum(line.net for line in basket.lines)


def shelf_of(line: BasketLine) -> int:
    """The value before what the shop took off."""
    return line.net + line.off + line.match


def is_hard(basket: Basket) -> bool:
    """A quantity of nothing, a value that does not divide, or a line that a coupon takes below zero."""
    return any(
        line.quantity == 0 or shelf_of(line) % line.quantity or line.coupon > line.net
        for line in basket.lines
    )


def draw(baskets: Sequence[Basket], most: int, *, hard: int, seed: int) -> list[Basket]:
    """`most` baskets by seed, at least `hard` of them hard ones, in the order of time."""
    chance = random.Random(seed)
    difficult = [basket for basket in baskets if is_hard(basket)]
    chosen = {basket.number: basket for basket in chance.sample(difficult, hard)}
    for basket in chance.sample(list(baskets), len(baskets)):
        if len(chosen) == most:
            break
        chosen[basket.number] = basket
    return sorted(chosen.values(), key=lambda basket: (basket.at, basket.number))


def day_of(basket: Basket) -> date:
    """The store's own calendar day."""
    return basket.at.astimezone(ZoneInfo(ZONE)).date()


def day_prices(baskets: Iterable[Basket]) -> dict[Key, int]:
    """What a piece cost on the shelf of a store that day: the unit price that most lines agree on."""
    found: dict[Key, Tally[int]] = {}
    for basket in baskets:
        for line in basket.lines:
            pieces = line.quantity if 0 < line.quantity <= PIECES_MAX else 1
            unit = shelf_of(line) // pieces
            key = (basket.store, day_of(basket), line.product)
            divides = 0 < line.quantity <= PIECES_MAX and shelf_of(line) % pieces == 0
            found.setdefault(key, Tally())[unit] += 1_000 if divides else 1
    return {key: min(units, key=lambda unit: (-units[unit], unit)) for key, units in found.items()}


class RetailTill:
    """A till of the demo chain that sells the source's goods; a manager sits there, who may type prices."""

    def __init__(self, shop: Shop, folder: Path, baskets: Sequence[Basket]) -> None:
        self.shop = shop
        self.prices = day_prices(baskets)
        self.products = self._make_goods(sorted({line.product for b in baskets for line in b.lines}))
        with shop.connect() as owner:
            owner.execute(
                "insert into shop.tender(kind, account, reference) values (%s, 'tender', true)", [COUPON]
            )
        self.counter: Counter = open_counter(shop.url(facts.TILL_1), folder)
        self.counter.start(facts.MANAGER)
        self.counter.open_shift()

    def _make_goods(self, codes: Sequence[str]) -> dict[str, int]:
        rows = [{"code": code, "name": f"Product {code}", "tax_code": "vat13"} for code in codes]
        with history_entry(self.shop.admin_url) as entry:
            return entry.products(rows).ids

    def ring_up(self, baskets: Sequence[Basket]) -> list[Rung]:
        """All of them, day by day and store by store, each day with the catalogue of that store and day."""
        rung = []
        for place in sorted({(day_of(basket), basket.store) for basket in baskets}):
            today = [basket for basket in baskets if (day_of(basket), basket.store) == place]
            self._publish(place, today)
            rung += [self._ring_up(basket) for basket in today]
        return rung

    def _publish(self, place: tuple[date, str], baskets: Sequence[Basket]) -> None:
        day, store = place
        codes = {line.product for basket in baskets for line in basket.lines}
        rows = [(self.products[code], self.prices[store, day, code]) for code in codes]
        with self.shop.connect() as owner, owner.transaction(), owner.cursor() as cursor:
            cursor.execute(
                "delete from shop.price where product = any (%s)", [[product for product, _ in rows]]
            )
            cursor.executemany(
                "insert into shop.price(product, amount_minor, valid_from) values (%s, %s, now())", rows
            )

    def _ring_up(self, basket: Basket) -> Rung:
        counter = self.counter
        cart, open_lines = Cart(), 0
        for line in basket.lines:
            product = counter.reads.find_product(line.product)
            cart, typed = self._add(cart, product, line)
            open_lines += typed
        priced = price_cart(cart, counter.rules)
        payment = _payment(priced.total_minor, basket)
        posted = counter.door.post(checkout.sale_document(counter.stamp(), priced=priced, payment=payment))
        return Rung(basket, posted.total_minor, open_lines)

    def _add(self, cart: Cart, product: Product, line: BasketLine) -> tuple[Cart, bool]:
        value = shelf_of(line)
        typed = line.quantity not in range(1, PIECES_MAX + 1) or product.price_minor * line.quantity != value
        if typed:
            cart = cart.add(product, 1_000, typed_minor=value, apart=True)
        else:
            cart = cart.add(product, line.quantity * 1_000, apart=True)
        named = ((line.off, "loyalty"), (line.match, "coupon match"))
        off = [ManualDiscount(amount_minor=amount, name=name) for amount, name in named if amount]
        return cart.discount(len(cart.lines) - 1, *off), typed


def _payment(total: int, basket: Basket) -> Payment:
    """The maker's coupons pay what they are worth, at most everything; the customer the rest in cash."""
    payment = Payment(total)
    coupons = sum(line.coupon for line in basket.lines)
    if total and coupons:
        payment = payment.with_bank_card(coupons, reference=str(basket.number), kind=COUPON)
    return payment.with_cash(payment.due_minor) if payment.due_minor else payment


def baskets_of(folder: Path) -> list[Basket]:
    """Every basket of a source whose rows are all good."""
    outcome = Outcome()
    found = read_baskets(folder, outcome, "utf-8")
    assert outcome.bad_rows == []
    return found


def by_store_and_day(rung: Iterable[Rung]) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Net sales in cents, baskets, lines of what was rung up, by store and its own day."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for each in rung:
        key = (each.basket.store, day_of(each.basket).isoformat())
        net, baskets, lines = found.get(key, (0, 0, 0))
        found[key] = (net + each.total_minor, baskets + 1, lines + len(each.basket.lines))
    return found
