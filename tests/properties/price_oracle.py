"""What one promotion makes of a basket, worked out anew from the rule as a shop would word it, piece by
piece.

It imports nothing of the product, prices every piece by itself and knows no allocation: totals only.
"""

from __future__ import annotations

Basket = list[tuple[int, int]]
"""Price in fen and pieces of each line, each of other goods."""


def value(basket: Basket) -> int:
    return sum(price * pieces for price, pieces in basket)


def percent(basket: Basket, rate_bp: int) -> int:
    """Every line so much less; what does not divide stays with the shop."""
    total = 0
    for price, pieces in basket:
        line = price * pieces
        off = 0
        while (
            off + 1
        ) * 10_000 <= line * rate_bp and off < line:  # short lines only: counted up, not divided
            off += 1
        total += line - off
    return total


def nth(basket: Basket, n: int, rate_bp: int) -> tuple[int, int]:
    """Of every n pieces, dearest first, the cheapest is cheaper: the least and the most that it may come to.

    Pieces of one line are rounded together, so that a line may keep a fen less than its pieces would.
    """
    pieces = sorted((price for price, count in basket for _ in range(count)), reverse=True)
    lowered = [pieces[i] for i in range(len(pieces)) if (i + 1) % n == 0]
    exact = sum(price * rate_bp for price in lowered)
    most_off = exact // 10_000
    least_off = sum(price * rate_bp // 10_000 for price in lowered)
    return value(basket) - most_off, value(basket) - least_off


def steps(basket: Basket, pairs: list[tuple[int, int]], *, repeats: bool) -> int:
    """The best of the steps reached."""
    whole = value(basket)
    off = 0
    for at, each in pairs:
        if whole >= at:
            times = whole // at if repeats else 1
            off = max(off, each * times)
    return max(0, whole - off)


def bundle(basket: Basket, parts: list[int], price: int) -> int:
    """`parts` pieces of each line for `price`, as often as the basket has them all, if that is cheaper."""
    sets = 0
    left = [pieces for _, pieces in basket]
    while all(have >= want for have, want in zip(left, parts, strict=True)):
        left = [have - want for have, want in zip(left, parts, strict=True)]
        sets += 1
    one_by_one = sum(each * want for (each, _), want in zip(basket, parts, strict=True))
    return value(basket) - max(0, (one_by_one - price) * sets)
