"""The label at a shelf: what goods are called, what they cost here, what that is for a kilogram or a litre.

Always true: the bars of a label are what a till of this chain finds the goods by; a price for a measure
stands there only if name or specification say how much is in, in grams, kilograms, millilitres or litres.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.domain.model.money import divide_half_up
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.receipt import Receipt, SlipPaper, tall

NAME_LINES: Final = 2
MEMBER: Final = "member"
_SIZE: Final = re.compile(
    r"(?<![0-9.])(?:(?P<before>[1-9][0-9]{0,2})\s*[*x×]\s*)?(?P<figure>[0-9]{1,5}(?:\.[0-9]{1,3})?)\s*"
    r"(?P<unit>kg|KG|Kg|g|ml|mL|ML|l|L|千克|公斤|毫升|克|升)(?![A-Za-z])"
    r"(?:\s*[*x×]\s*(?P<behind>[1-9][0-9]{0,2}))?"
)
_IN_BASE: Final = {
    "kg": (1000, "kg"), "千克": (1000, "kg"), "公斤": (1000, "kg"), "g": (1, "kg"), "克": (1, "kg"),
    "l": (1000, "l"), "升": (1000, "l"), "ml": (1, "l"), "毫升": (1, "l"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Content:
    """What is in one piece: `milli` thousandths (grams, millilitres) of `unit`, which is `kg` or `l`."""

    milli: Fraction
    unit: str


def content_of(text: str) -> Content | None:
    """How much a name or a specification says is in: `500ml`, `6*330ml`, `1.5L`, `50g x 12`.

    None where it says nothing, nothing but zero, or two different things.
    """
    found = {
        (Fraction(size["figure"]) * int(size["before"] or 1) * int(size["behind"] or 1) * times, unit)
        for size in _SIZE.finditer(text)
        for times, unit in [_IN_BASE[size["unit"].lower()]]
    }
    if len(found) != 1:
        return None
    milli, unit = found.pop()
    return Content(milli, unit) if milli else None


def measure_price(product: Product) -> tuple[int, str] | None:
    """Minor units for a whole `kg` or `l`, half of one rounded up; None where its content is not known.

    Goods by weight have that price already.
    """
    content = content_of(product.spec) or content_of(product.name)
    if product.sold_by != PIECE or content is None or not product.price_minor:
        return None
    held = content.milli
    return divide_half_up(product.price_minor * MILLI * held.denominator, held.numerator), content.unit


def price_label(product: Product, paper: SlipPaper, *, barcode: str, on: date) -> Receipt:
    """The label of one product.

    Args:
        barcode: what its bars say; empty: its code.
        on: the first day on which the price holds, or that of printing.
    """
    price = paper.figure(product.price_minor)
    if product.sold_by != PIECE:
        price += f" / {product.base_unit}"
    lines = [
        *tall(paper.text(product.full_name)[:NAME_LINES]),
        *tall(paper.pair(paper.word("label_price"), price)),
    ]
    member = dict(product.lists).get(MEMBER)
    if member is not None and member < product.price_minor:
        lines += tall(paper.amount(paper.word("label_member_price"), member))
    measured = measure_price(product)
    if measured is not None:
        lines += paper.pair(paper.word(f"label_{measured[1]}"), paper.figure(measured[0]))
    bars = barcode or product.code
    lines += paper.pair(bars, on.isoformat())
    number = f"{paper.word('label')} {product.code}"
    return replace(paper.finish(number, lines, opens_drawer=False, is_copy=False), bars=bars)
