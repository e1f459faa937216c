"""A short way to write baskets and promotions for the tables of pricing. Prices in fen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.promotion import (
    AmountOff,
    Bundle,
    Combine,
    FixedPrice,
    Gift,
    Gives,
    Group,
    Part,
    Percent,
    Promotion,
    Scope,
    Steps,
    Threshold,
    Window,
)
from huiyuan.domain.model.rules import RuleFamily, RuleVersion
from tests.domain.builders import product

GOODS: Final[dict[str, Product]] = {
    "A": replace(product(1, 1000), category=7, brand="光明"),
    "B": replace(product(2, 600), category=7),
    "C": replace(product(3, 300), category=8),
    "D": product(4, 9999),
    "W": product(5, 2000, sold_by="weight"),
    "M": product(6, 500, lists=(("member", 450), ("gold", 420), ("dealer1", 350))),
    "S": replace(product(7, 5000), kind="service"),
}
IDS: Final = {letter: goods.id for letter, goods in GOODS.items()}


def basket(text: str, cart: Cart | None = None) -> Cart:
    """`A2 B W0.5`: two of A, one of B, half a kilogram of W; `A=800` at a typed price."""
    cart = cart or Cart()
    for word in text.split():
        letter, _, typed = word.partition("=")
        count = letter[1:] or "1"
        whole, _, part = count.partition(".")
        qty = int(whole) * 1000 + int(part.ljust(3, "0") if part else 0)
        cart = cart.add(GOODS[letter[0]], qty, typed_minor=int(typed) if typed else None)
    return cart


def on(letters: str) -> Scope:
    return Scope(products=frozenset(IDS[each] for each in letters)) if letters else Scope()


def promo(gives: Gives, goods: str = "", *, id: int = 1, **more: Any) -> RuleVersion:
    """A promotion on goods named by letters; columns of the version and fields of the promotion alike."""
    columns = {name: more.pop(name) for name in ("min_minor", "max_line_minor", "max_document_minor", "tiers")
               if name in more}  # fmt: skip
    promotion = Promotion(gives, **{"scope": on(goods), **more})
    return RuleVersion(
        rule=id, version=1, family=RuleFamily.PROMOTION, name=f"rule {id}", promotion=promotion, **columns
    )


def percent(rate: int, goods: str = "", **more: Any) -> RuleVersion:
    return promo(Percent(rate * 100), goods, **more)


def amount(off: int, goods: str = "", **more: Any) -> RuleVersion:
    return promo(AmountOff(off), goods, **more)


def fixed(price: int, goods: str, **more: Any) -> RuleVersion:
    return promo(FixedPrice(price), goods, **more)


def nth(n: int, rate: int, goods: str = "", **more: Any) -> RuleVersion:
    return promo(Group(n, 1, rate * 100), goods, **more)


def buy(count: int, get: int, goods: str = "", rate: int = 100, **more: Any) -> RuleVersion:
    return promo(Group(count + get, get, rate * 100), goods, **more)


def bundle(parts: str, price: int, **more: Any) -> RuleVersion:
    """`A2 B`: two of A and one of B together."""
    items = tuple(Part(IDS[word[0]], int(word[1:] or "1") * 1000) for word in parts.split())
    return promo(Bundle(items, price), **more)


def steps(*pairs: tuple[int, int], goods: str = "", repeats: bool = False, **more: Any) -> RuleVersion:
    """Pairs of a total and what comes off from there."""
    return promo(Steps(tuple(Threshold(at, off) for at, off in pairs), repeats), goods, **more)


def rates(*pairs: tuple[int, int], goods: str = "", **more: Any) -> RuleVersion:
    """Pairs of a total and a percentage."""
    return promo(Steps(tuple(Threshold(at, 0, rate * 100) for at, rate in pairs)), goods, **more)


def gift(goods: str, count: int = 1, *, needs: str = "", each: int = 1, **more: Any) -> RuleVersion:
    wanted = frozenset(IDS[letter] for letter in needs)
    return promo(Gift(count * 1000, wanted, each * 1000 if needs else 0), goods, **more)


EXCLUSIVE, STACK = Combine.EXCLUSIVE, Combine.STACK


def many(*rules: RuleVersion) -> list[RuleVersion]:
    """Rules numbered in the order they are written."""
    return [replace(rule, rule=n, name=f"rule {n}") for n, rule in enumerate(rules, start=1)]


def at(**fields: Any) -> Window:
    return Window(**fields)
