"""The basket as it outlives the process: a cart and its tenders as plain JSON, and a cart made of it again.

Always true: nothing of a member is in it but the numbers of member and wallet, and nothing that opens a
card: who comes back has to show it again; nor what pays as a coupon, only its mark; goods are read anew, so
no price of before is charged; a key that this version does not know is passed over and said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Self
from uuid import UUID

from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.cart import Cart, CartLine
from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.domain.model.coupon import Coupon
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.plain_rows import from_plain, read_told, to_plain, told, unknown_keys
from huiyuan.domain.model.quantity import MILLI
from huiyuan.domain.model.tender import CASH, MOBILE, Payment

VERSION: Final = 1
_OF_LINE: Final = frozenset({"product"})
_OF_CART: Final = frozenset({"lines", "card", "named", "noted"})
_KEYS: Final = frozenset({"v", "lines", "cart", "member", "wallet", "card", "tenders", "back", "top_up"})


@dataclass(frozen=True, slots=True)
class Goods:
    """What a line was of. `price_minor` is what one base unit cost then; it is only compared."""

    id: int
    code: str
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class KeptLine:
    """`said` are the fields of the cart's line besides its product."""

    goods: Goods
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ComesBack:
    """What a return had taken down: the basket's lines go out for it, or without a receipt are it.

    Attributes:
        sale: The document that goods come back from; None without a receipt.
        pieces: Line number of that sale and thousandths of it that come back.
        exchange: Other goods go out for them.
        reason: Why, once that was said.
    """

    sale: UUID | None = None
    pieces: tuple[tuple[int, int], ...] = ()
    exchange: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToppingUp:
    """A top-up of which parts were taken on other machines; they are the basket's tenders.

    Attributes:
        card: By its id; its number opens it, so only `masked` of it is written down.
        amount_minor: What was typed, in minor units.
        buyer: The member who pays, where another one was named.
        rule: The gift that was chosen; None: the first of all.
        goods: False where the customer does without the goods that come with it.
        receipt: Of the purchase that was shown for a gift.
    """

    card: int
    wallet: int
    masked: str
    amount_minor: int
    buyer: int | None = None
    rule: int | None = None
    goods: bool = True
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Basket:
    """A cart that can be written down.

    Attributes:
        member: Whoever was attached, by card or by name; None for nobody or a bearer card.
        wallet: Which wallet earned.
        card_shown: A card was presented. It has to be presented again to pay.
        tenders: What was taken so far.
        said: The cart's other fields.
        unread: Keys that a newer version wrote.
        back: What comes back, at the desk of returns; None in a sale.
        top_up: What the tenders pay instead of goods; None in a sale.
    """

    lines: tuple[KeptLine, ...] = ()
    member: int | None = None
    wallet: int | None = None
    card_shown: bool = False
    tenders: tuple[Tender, ...] = ()
    said: Mapping[str, Any] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    back: ComesBack | None = None
    top_up: ToppingUp | None = None

    @classmethod
    def of(cls, cart: Cart, tenders: Sequence[Tender] = (), back: ComesBack | None = None) -> Self:
        """What is kept of `cart`."""
        return cls(
            lines=tuple(_kept(line) for line in cart.lines),
            member=cart.member.id if cart.member else None,
            wallet=cart.wallet,
            card_shown=cart.card is not None or cart.noted is not None,
            tenders=tuple(tenders),
            said=_without_tokens(read_told(Cart, told(cart, without=_OF_CART), without=_OF_CART)),
            back=back,
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """Of the coupons that have to be opened again."""
        return tuple(each.mark for each in self.said.get("coupons", ()) if not each.token)

    @property
    def empty(self) -> bool:
        """Nothing that anybody would miss."""
        if self.back is not None:
            return not self.lines and not self.back.pieces
        if self.top_up is not None:
            return not self.tenders
        return not self.lines and not self.tenders and self.wallet is None

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        more = {"back": self.back, "top_up": self.top_up}
        return {
            "v": VERSION,
            "lines": [{"goods": to_plain(line.goods), **to_plain(line.said)} for line in self.lines],
            "cart": to_plain(self.said),
            "member": self.member,
            "wallet": self.wallet,
            "card": self.card_shown,
            "tenders": to_plain(self.tenders),
        } | {name: to_plain(value) for name, value in more.items() if value is not None}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what any version wrote. Raises ValueError where it is no basket at all."""
        try:
            rows, cart = list(kept["lines"]), dict(kept.get("cart") or {})
            lines = tuple(
                KeptLine(from_plain(Goods, row["goods"]), read_told(CartLine, row, without=_OF_LINE))
                for row in rows
            )
            newer = [key for row in rows for key in unknown_keys(CartLine, row) if key != "goods"]
            return cls(
                lines=lines,
                member=from_plain(int | None, kept.get("member")),
                wallet=from_plain(int | None, kept.get("wallet")),
                card_shown=kept.get("card") is True,
                tenders=from_plain(tuple[Tender, ...], kept.get("tenders") or ()),
                said=read_told(Cart, cart, without=_OF_CART),
                unread=tuple(sorted({*newer, *unknown_keys(Cart, cart), *(kept.keys() - _KEYS)})),
                back=from_plain(ComesBack | None, kept.get("back")),
                top_up=from_plain(ToppingUp | None, kept.get("top_up")),
            )
        except (KeyError, TypeError, AttributeError):
            raise ValueError("no basket") from None


@dataclass(frozen=True, slots=True)
class KeptBasket:
    """A basket with whose it was (staff number), when it last changed, and the document that sells it.

    `document` is set from the payment on: once the journal holds it, the basket is sold and never comes back.
    """

    basket: Basket
    staff: str
    at: datetime
    document: UUID | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """`gone` are lines that could not come back, `repriced` names whose price is another one now, `unopened`
    the last four of coupons that have to be shown again."""

    cart: Cart
    gone: tuple[Goods, ...] = ()
    repriced: tuple[str, ...] = ()
    unopened: tuple[str, ...] = ()


def restore(
    basket: Basket,
    goods: Mapping[int, Product],
    named: AttachedMember | None = None,
    opened: Mapping[str, Coupon] = MappingProxyType({}),
) -> Restored:
    """The cart again.

    Args:
        goods: the products of the basket by id, read just now; one that is missing is not sold any more.
        named: the member of the basket, read just now; without their card.
        opened: its coupons by their marks, read just now; one that is missing has to be shown again.
    """
    lines: list[CartLine] = []
    gone: list[Goods] = []
    repriced: list[str] = []
    for kept in basket.lines:
        product = goods.get(kept.goods.id)
        line = CartLine(product, **kept.said) if product is not None else None
        if product is None or line is None or not _sells(line):
            gone.append(kept.goods)
            continue
        lines.append(line)
        if line.typed_minor is None and product.price_minor != kept.goods.price_minor:
            repriced.append(product.name)
    shown: Sequence[Coupon] = basket.said.get("coupons", ())
    coupons = [each if each.token else opened.get(each.mark) for each in shown]
    unopened = tuple(each.last for each, now in zip(shown, coupons, strict=True) if now is None)
    said = {**basket.said, "coupons": tuple(each for each in coupons if each is not None)}
    cart = Cart(lines=tuple(lines), named=named, **said)
    return Restored(cart, tuple(gone), tuple(repriced), unopened)


def _without_tokens(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """A code's HMAC pays as the code does, so it is not written down; its mark finds it again."""
    if not said.get("coupons"):
        return said
    return {**said, "coupons": tuple(replace(each, token="") for each in said["coupons"])}


def pay_again(payment: Payment, tenders: Sequence[Tender]) -> tuple[Payment, tuple[Tender, ...]]:
    """Take the tenders of before once more.

    What needs a card, is more than is due, or came from a phone (the book of charges has it) is left over.
    """
    left: list[Tender] = []
    for tender in tenders:
        try:
            if tender.wallet is not None or tender.kind == MOBILE:
                left.append(tender)
            elif tender.kind == CASH:
                payment = payment.with_cash(tender.given_minor or tender.amount_minor)
            elif tender.reference:
                reference = tender.reference
                payment = payment.with_bank_card(tender.amount_minor, reference=reference, kind=tender.kind)
            else:
                left.append(tender)
        except Refused:
            left.append(tender)
    return payment, tuple(left)


def _sells(line: CartLine) -> bool:
    """Whether the goods may still be sold as the line has them."""
    whole = line.product.sold_by != PIECE or line.qty_milli % MILLI == 0
    priced = line.typed_minor is not None or line.product.price_minor or not line.product.open_price
    return bool(whole and priced)


def _kept(line: CartLine) -> KeptLine:
    product = line.product
    goods = Goods(product.id, product.code, product.name, product.price_minor)
    return KeptLine(goods, read_told(CartLine, told(line, without=_OF_LINE), without=_OF_LINE))


def renewed(kept: KeptBasket, *, staff: str, at: datetime) -> KeptBasket:
    """The same basket in another person's hands."""
    return replace(kept, staff=staff, at=at, document=None)
