"""Slips as messages, beside other work: which way a slip goes, and sending what waits without being asked.

Always true: whatever goes wrong in sending is no news at the counter: it stands in the outbox, and home says
how many wait there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.identity import Hello
from huiyuan.domain.model.message import BESIDE, INSTEAD, PAPER, SentCount
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.receipt import COLUMNS_58MM, Receipt
from huiyuan.domain.model.slip import SlipFacts, render_slip
from huiyuan.domain.usecases.sending import send_waiting
from huiyuan.screens.ask import Asker, ask
from huiyuan.screens.shop import Shop
from huiyuan.screens.wording import Wording

OUTBOX: Final = "outbox"
"""The subject of sending beside other work."""
MOST: Final = 3
SLIP_WAYS: Final = {
    PAPER: msg("on paper"),
    BESIDE: msg("paper and message"),
    INSTEAD: msg("as a message"),
}


@dataclass
class MessagesSent(Message):
    """A turn of sending is over."""

    count: SentCount


def way_text(say: Wording, cart: Cart) -> str:
    """How the slip goes out now, and what stands in the way."""
    text = say(msg("Slip: {way}."), way=say(SLIP_WAYS[cart.slip_way]))
    if cart.slip_way != PAPER and cart.member is not None and not cart.member.has_phone:
        text += " " + say(msg("This member has no telephone number on file, so it cannot be sent yet."))
    return text


def message_slip(say: Wording, hello: Hello, found: PostedDocument, *, language: str = "") -> Receipt:
    """The slip of a document that stands, as it goes into a message."""
    member = found.attached.member if found.attached else None
    facts = SlipFacts(
        hello=hello,
        staff_name=found.staff_name,
        language=language or say.lang,
        columns=COLUMNS_58MM,
        product_names=tuple((line.n, line.name) for line in found.lines),
        stock_names=tuple(found.goods.items()),
        served_by=tuple(found.served.items()),
        member_name=member.name if member else None,
        member_tier=member.tier.name if member else None,
        posted_at_local=say.moment(found.posted.posted_at),
    )
    return render_slip(found.document, found.posted, facts)


def send_now(shop: Shop, *, most: int, document: UUID | None = None) -> SentCount:
    """Send what waits. Raises as `send_waiting`; in a worker only."""

    def slip_of(id: UUID) -> Receipt:
        found = shop.reads.document(id)
        return message_slip(shop.say, shop.greeting, found, language=shop.slip_language)

    return send_waiting(shop.outbox, shop.messages, slip_of, most=most, document=document)


def send_soon(screen: Asker, shop: Shop, document: Document) -> None:
    """Behind a document whose slip goes to its member, where this counter sends."""
    if document.message and shop.messages.configured and document.offline_at is None:
        ask(screen, lambda: send_now(shop, most=MOST), then=MessagesSent, subject=OUTBOX)


def send_left(screen: Asker, shop: Shop, waiting: int) -> None:
    """What others left, while nobody is served here."""
    if waiting and shop.messages.configured and shop.signed is not None and shop.may("sale"):
        ask(screen, lambda: send_now(shop, most=MOST), then=MessagesSent, subject=OUTBOX)


def messages_text(shop: Shop) -> str:
    """At home: how many slips wait, for who may look."""
    if shop.hello is None or not shop.hello.messages or not shop.may("sale"):
        return ""
    return shop.say(
        msg("{count} slips were to be sent as messages and are not (^Y l)."), count=shop.hello.messages
    )
