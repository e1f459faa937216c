"""While the line is away: what the status line says, how a sale goes on, when the journal is sent again.

Always true: nothing here needs a key; what is typed stays where it is when the line goes and when it comes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.barcode import wrong_ean
from huiyuan.domain.model.card import NotedCard
from huiyuan.domain.model.document import Proof
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.screens import messages
from huiyuan.screens.ask import Asker, ask
from huiyuan.screens.shop import TYPED_NUMBER, Shop

if TYPE_CHECKING:
    from huiyuan.domain.model.document import Document
    from huiyuan.domain.model.journal import Drained
    from huiyuan.domain.model.offline import Outage
    from huiyuan.domain.model.posted import Posted

DRAIN: Final = "drain"
EVERY_S: Final = 15
EAN_DIGITS: Final = 13
READINGS_MOST: Final = 6
CARD_NUMBER: Final = re.compile(r"[0-9A-Za-z-]{6,32}")
CARD_DIGITS: Final = re.compile(r"[0-9]")
CARD_DIGITS_LEAST: Final = 6
NOT_KNOWN = msg("Not known here, and without the line nothing is looked up. The sale goes on without.")


def outage_of(shop: Shop) -> Outage | None:
    """What waits for the line here; None before the counter is put together."""
    return None if shop.starting is not None else shop.door.outage()


def works_offline(shop: Shop) -> bool:
    """Whoever sits here signed in without the line: to sell for cash, until the server has judged the PIN."""
    return shop.signed is not None and shop.signed.offline_at is not None


def state_with(shop: Shop, state: str) -> str:
    """The line is not up before everything was sent and whoever sits here is signed in at the server."""
    waits = outage_of(shop) is not None or works_offline(shop)
    return "offline" if state != "checking" and waits else state


def outage_text(shop: Shop, outage: Outage) -> str:
    """Since when, how many, how much, for the status line."""
    say = shop.say
    return say(
        msg("OFFLINE since {time}: {count}, {amount}"),
        time=outage.since.astimezone(say.zone).strftime("%H:%M"),
        count=outage.sales,
        amount=say.figure(outage.total_minor),
    )


def unsent_text(shop: Shop) -> str:
    """What is not sent yet, for whoever wants to leave; empty if everything is."""
    outage, say = outage_of(shop), shop.say
    if outage is None:
        return ""
    return say(
        msg("{count} sales of {amount} without the line are not sent yet. They go out when it is back (^O)."),
        count=outage.sales,
        amount=say.money(outage.total_minor),
    )


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
    from huiyuan.domain.model.offline import OfflineCaps, provisional

    if shop.server_now() > shop.person.ends_at:
        raise Refused("not_signed_in")
    hello = shop.greeting
    caps = OfflineCaps(*hello.offline) if hello.offline else OfflineCaps()
    shop.door.keep_offline(document, caps)
    return provisional(document, hello)


def send_again(screen: Asker, shop: Shop) -> None:
    """In the background, while something waits; nothing is asked while nothing does."""
    if outage_of(shop) is None and not works_offline(shop):
        return

    def work() -> Drained:
        drained = shop.door.drain()
        if works_offline(shop):  # a journal that is empty asks nobody
            shop.sign_in.hello()
        return drained

    ask(screen, work, then=messages.Resent, subject=DRAIN)
