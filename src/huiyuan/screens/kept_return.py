"""What was marked to come back outlives the process as the sale's basket does: with it the goods that go out
for it, or that came without a receipt.

Always true: the sale is read anew, so nothing comes back that came back meanwhile; until it is known what
became of the return of before no other one is taken down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from textual import on
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import ComesBack, KeptBasket, Restored
from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.cart import Cart, CartLine
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.ports import Baskets
from huiyuan.domain.usecases.exchange import GoodsBack
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.coming_back import ComingBack, whose
from huiyuan.screens.kept_basket import keep, losses, read_anew
from huiyuan.screens.shop import Shop

R = TypeVar("R")
SUBJECT = "returning"
ALL_BACK = msg("Nothing of {receipt} is left to come back.")


@dataclass
class SaleRead(Message):
    """The sale whose goods had been marked, as it is now."""

    kept: KeptBasket
    found: PostedDocument


@dataclass
class GoodsRead(Message):
    """Goods without a receipt, at what they bring now, and what cannot be taken over, in sentences."""

    goods: Sequence[GoodsBack]
    named: AttachedMember | None
    told: Sequence[str]


def keep_return(
    shop: Shop, sale: PostedDocument | None, pieces: dict[int, int], document: UUID | None = None
) -> None:
    """What is marked to come back; nothing marked is nothing kept."""
    marked = ComesBack(sale.document.id if sale else None, tuple(sorted(pieces.items())))
    keep(shop, Cart(), document=document, back=marked)


def keep_goods(
    shop: Shop, goods: Sequence[GoodsBack], named: AttachedMember | None, document: UUID | None = None
) -> None:
    """Goods without a receipt."""
    lines = tuple(CartLine(each.product, each.qty_milli) for each in goods)
    keep(shop, Cart(lines=lines, named=named), document=document, back=ComesBack())


def read_goods(shop: Shop, kept: KeptBasket) -> GoodsRead:
    """Goods without a receipt again, at what they bring now. Raises Unreachable."""
    restored = read_anew(shop, kept)
    goods, gone = [], list(restored.gone)
    for line in restored.cart.lines:
        try:
            goods.append(GoodsBack(line.product, line.qty_milli, shop.desk.blind_price(line.product.id)))
        except Refused:
            gone += [each.goods for each in kept.basket.lines if each.goods.id == line.product.id]
    told = losses(shop.say, kept, Restored(restored.cart, tuple(gone)), ())
    return GoodsRead(goods, restored.cart.named, told)


class KeptReturn(ComingBack[R]):
    """The desk of returns finds what was left here; named after the screen's own base."""

    COMES_AS = SUBJECT

    @property
    def shelf(self) -> Baskets:
        """The desk of returns keeps its own."""
        return self.shop.baskets.returning

    def read_coming(self) -> None:
        """The sale anew; goods without a receipt have a screen of their own. Again while there is no line."""
        kept, reads = self.coming, self.shop.reads
        if kept is None or kept.basket.back is None or not self.is_attached:
            return
        sale = kept.basket.back.sale
        if sale is None:
            self.coming = None
            self.open_goods(kept)
            return
        ask(self, lambda: reads.document(sale), then=lambda found: SaleRead(kept, found), subject=SUBJECT)

    @on(SaleRead)
    def bring_left_back(self, message: SaleRead) -> None:
        """As much as is still left of each line; then the exchange, where it was one."""
        kept, found, back = message.kept, message.found, message.kept.basket.back
        assert back is not None
        self.coming = None
        most = {line.n: line.left_milli for line in found.lines}
        pieces = {n: min(qty, most.get(n, 0)) for n, qty in back.pieces}
        pieces = {n: qty for n, qty in pieces.items() if qty > 0}
        if not pieces or found.reversed_by is not None:
            self.shelf.clear()
            self.tell(self.say(ALL_BACK, receipt=found.posted.receipt), "warn")
            return
        self.take_left(found, pieces, kept if back.exchange else None)
        self.tell(self.say(msg("Back again: {basket}"), basket=whose(self.shop, kept)), "good")

    @on(messages.Refused)
    def cannot_read_coming(self, message: messages.Refused) -> None:
        """The sale cannot be read any more: what was marked on it means nothing."""
        if message.subject == SUBJECT:
            self.coming = None
            self.shelf.clear()

    def open_goods(self, kept: KeptBasket) -> None:
        """The screen of goods without a receipt."""
        raise AssertionError(kept)

    def take_left(self, sale: PostedDocument, pieces: dict[int, int], exchange: KeptBasket | None) -> None:
        """Show what comes back, and go on with the exchange."""
        raise AssertionError((sale, pieces, exchange))
