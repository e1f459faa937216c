"""The pass of what a person at the till takes off: lines first, then the whole basket.

Always true: an amount off the basket is shared by what is left of the lines without losing a minor unit, a
rate is taken of every line and rounds down there, as the door's limit of the person does.
"""

from __future__ import annotations

from collections.abc import Sequence

from huiyuan.domain.model.cart import ManualDiscount
from huiyuan.domain.model.money import allocate
from huiyuan.domain.model.pricing.passes import Standing, Taken, Terms, after
from huiyuan.domain.model.pricing.steps import manual_amount


def by_hand(lines: Sequence[Standing], terms: Terms) -> list[Taken]:
    """What was given by hand, in the order it was given."""
    taken: list[Taken] = []
    for line in lines:
        left = line.left_minor
        for manual in line.item.manual:
            if amount := manual_amount(manual, left):
                left -= amount
                taken.append(_taken(line.index, manual, amount))
    for manual in terms.cart.manual:
        taken += _off_basket(after(lines, taken), manual)
    return taken


def _off_basket(lines: Sequence[Standing], manual: ManualDiscount) -> list[Taken]:
    left = [line.left_minor for line in lines]
    whole = sum(left)
    if manual.rate_bp is not None:
        parts = [manual_amount(manual, each) for each in left]
    elif whole:
        parts = allocate(min(manual.amount_minor or 0, whole), left)
    else:
        return []
    return [_taken(line.index, manual, part) for line, part in zip(lines, parts, strict=True) if part]


def _taken(index: int, manual: ManualDiscount, amount_minor: int) -> Taken:
    return Taken(index, "manual", amount_minor, name=manual.name)
