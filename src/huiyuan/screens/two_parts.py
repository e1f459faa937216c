"""Slips in two parts, as money that is paid in or back has them: the customer's and the member centre's.

Always true: both are made of the same answer; the second part has a print job of its own that is the same
after a crash.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.receipt import Receipt, mask_number, part_of
from huiyuan.screens.paper import Papers
from huiyuan.screens.shop import Shop

CENTRE: Final = 0xCE_17_7E_00_00_00
"""In the random bits of an id: the paper that stays in the house."""


def in_two_parts(
    shop: Shop, document: Document, slip: Receipt, card: OpenedCard | None
) -> tuple[Receipt, Papers]:
    """The customer's part, and what gives out the other one. The customer is named by number."""
    customer = ""
    if card is not None:
        customer = card.member.number if card.member else mask_number(card.number)
    job = UUID(int=document.id.int ^ CENTRE)
    house = part_of(slip, "part_centre", shop.greeting.store.name)
    return part_of(slip, "part_customer", customer), lambda: ((job, house),)
