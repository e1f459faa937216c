"""A sale while the line is away: the card that nobody can be asked about, and the document as it is kept.

Always true: of a card only hashes and the last four characters are kept; whose it is the server finds out.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from huiyuan.domain.model.barcode import EAN_DIGITS, wrong_ean
from huiyuan.domain.model.card import NotedCard
from huiyuan.domain.model.document import Document, Proof
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.offline import OfflineCaps, provisional
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens.outage import outage_of
from huiyuan.screens.shop import TYPED_NUMBER, Shop

READINGS_MOST: Final = 6
CARD_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{6,32}")
CARD_DIGITS: Final = re.compile(r"[0-9]")
CARD_DIGITS_LEAST: Final = 6


def note_of(shop: Shop, card: str | PresentedCard, *, scanned: bool) -> NotedCard | None:
    """A card that was read while nobody can be asked; None for a text that is likelier goods than a card."""
    if isinstance(card, PresentedCard):
        readings = card.readings[:READINGS_MOST]
        tokens = zip(shop.reads.note_card(readings), readings, strict=True)
        return NotedCard(
            tuple(replace(token, source=card.source(kind)) for token, (kind, _) in tokens), card.shown[-4:]
        )
    goods = len(card) == EAN_DIGITS and card.isdigit() and not wrong_ean(card)
    phone = needle(card).shape is Shape.PHONE
    if (
        goods
        or phone
        or len(CARD_DIGITS.findall(card)) < CARD_DIGITS_LEAST
        or not CARD_NUMBER.fullmatch(card)
    ):
        return None
    (token,) = shop.reads.note_card([(TYPED_NUMBER, card)])
    return NotedCard((replace(token, source="scanned" if scanned else "typed"),), card[-4:])


def offline_document(shop: Shop, document: Document, noted: NotedCard | None = None) -> Document:
    """The same sale, by the clock of the server as far as it is known, with what its prices rest on.

    Args:
        noted: the card that was read without the line; whose it is the server finds out.
    """
    outage, now = outage_of(shop), shop.server_now()
    as_of = shop.catalogue.state().as_of
    since = outage.prices_since if outage else min(as_of or now, now)
    signed_at = shop.person.offline_at
    if signed_at is not None:
        signed_at -= shop.clock_ahead
    tokens = noted.tokens if noted else ()
    proofs = tuple(Proof(each.kind, each.hmac, source=each.source or None) for each in tokens)
    return replace(
        document, occurred_at=now, offline_at=since, signed_at=signed_at, proofs=proofs, coupons=()
    )


def sell_offline(shop: Shop, document: Document) -> Posted:
    """Have it on disk. Raises Refused: as the door, `not_signed_in` where the session has ended."""
    if shop.server_now() > shop.person.ends_at:
        raise Refused("not_signed_in")
    hello = shop.greeting
    caps = OfflineCaps(*hello.offline) if hello.offline else OfflineCaps()
    shop.door.keep_offline(document, caps)
    return provisional(document, hello)
