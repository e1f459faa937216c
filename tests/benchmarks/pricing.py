"""Pricing a basket among running promotions: processor time, its growth.

Of every twenty-five promotions one is for all goods, the others name 3 to 29 of 2,000 products. The bound is
5 ms for 50 lines among 200 promotions.
"""

from __future__ import annotations

import random
import statistics
import time
from typing import Final

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.promotion import (
    AmountOff,
    Bundle,
    Combine,
    FixedPrice,
    Gift,
    Group,
    Part,
    Percent,
    Scope,
    Steps,
    Threshold,
)
from huiyuan.domain.model.rules import RuleVersion
from tests.cluster import Cluster
from tests.domain.builders import product
from tests.domain.promos import promo

BOUND_MS: Final = 5.0
GOODS: Final = range(1, 2_000)


def promotions(chance: random.Random, count: int) -> list[RuleVersion]:
    """So many of every kind."""
    found = []
    for n in range(1, count + 1):
        ids = frozenset(chance.sample(GOODS, chance.randrange(3, 30)))
        gives = (
            Percent(1_000), AmountOff(50), FixedPrice(300), Group(2, 1, 5_000), Group(3, 1, 10_000),
            Bundle((Part(min(ids), 1_000), Part(max(ids), 1_000)), 500), Steps((Threshold(5_000, 500),)),
            Gift(1_000, frozenset(chance.sample(GOODS, 2)), 1_000),
        )[n % 8]  # fmt: skip
        scope = Scope(products=ids) if n % 25 else Scope()
        found.append(promo(gives, id=n, scope=scope, combine=chance.choice(list(Combine))))
    return found


def basket(chance: random.Random, lines: int) -> Cart:
    """So many products, one to three of each."""
    cart = Cart()
    for each in chance.sample(GOODS, lines):
        cart = cart.add(product(each, chance.randrange(100, 5_000)), chance.randrange(1, 4) * 1_000)
    return cart


def median_ms(cart: Cart, rules: list[RuleVersion], times: int = 40) -> float:
    """Processor time of one pricing."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        price_cart(cart, rules)
        spent.append((time.process_time() - began) * 1_000)
    return statistics.median(spent)


def main(cluster: Cluster) -> None:
    """Print the table; the bound is held to."""
    del cluster
    chance = random.Random(5)
    print("pricing: lines, promotions, median of processor time")
    for lines in (10, 50, 100):
        cart = basket(chance, lines)
        for count in (0, 50, 200, 400):
            found = median_ms(cart, promotions(chance, count))
            print(f"  {lines:4d} {count:5d}  {found:6.2f} ms")
            if (lines, count) == (50, 200):
                assert found <= BOUND_MS, f"{found:.2f} ms"
