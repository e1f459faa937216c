"""GoodsEntry: the one field that takes goods, on the sale as on receiving: a scan, a code, 3*code, pinyin.

Always true: what was scanned is looked up in the order it was scanned and none is lost, however fast they
come; what the counter's own copy of the goods knows costs no question; while letters or characters are typed
the goods they begin stand above the field, and Enter takes the marked one if what was typed is no code.
"""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterator
from typing import ClassVar, Final, TypeVar

from textual import on
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.barcode import wrong_ean
from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.coupon import Coupon, read_code
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.needle import Shape, needle
from huiyuan.domain.model.payment_code import PaymentCode, read_payment_code
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.quantity import parse_quantity
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.outage_sale import CARD_NUMBER
from huiyuan.screens.presenting import open_presented
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import TYPED_NUMBER, Shop
from huiyuan.screens.widgets.fields import SCAN_MOST, Field
from huiyuan.screens.widgets.rows import Column, RowList

R = TypeVar("R")

SHOWN_MAX: Final = 20
ROWS_MAX: Final = 8
TYPING_PAUSE_S: Final = 0.04
"""A reader types faster than this between two characters, so a scan is not searched for letter by letter."""

WITH_QUANTITY = re.compile(r"([0-9.]+)\s*\*\s*(\S.*)")
QUANTITY_BEHIND = re.compile(r"([^*]*\S)\s*\*\s*([0-9.]{1,7})")
CODE_DIGITS: Final = 8
"""So many digits before a star are a barcode, not a quantity."""
_BEFORE_STAR = re.compile(r"^[0-9.]+\s*\*\s*")
FETCHING = msg("The goods are still being fetched ({count} so far). Codes work; names are found later.")
NOT_HERE = msg(
    "That is a customer's payment code. It was not kept."
    " Scan it at the payment, or on the sale once goods are in."
)
NO_COUPONS = msg("That is a coupon. It holds in a sale.")
MORE = msg("The first {count} are shown: type more.")


def split_entry(text: str) -> tuple[str, int | None]:
    """Code and quantity (thousandths, None if none was typed) of `3*CODE` or `CODE*3`, in any width of forms.

    Raises:
        Refused: what stands on the quantity's side of the star is none.
    """
    text = unicodedata.normalize("NFKC", text).strip()
    if (found := QUANTITY_BEHIND.fullmatch(text)) and not _quantity_first(found[1]):
        return found[1], parse_quantity(found[2])
    if found := WITH_QUANTITY.fullmatch(text):
        return found[2].strip(), parse_quantity(found[1])
    return text, None


def _quantity_first(text: str) -> bool:
    """Whether what stands before the star is a quantity: figures, and fewer than a barcode has."""
    return re.fullmatch(r"[0-9.]+", text) is not None and len(text) < CODE_DIGITS


def name_typed(text: str) -> str:
    """What of `text` may begin a name: nothing without a letter, or with a quantity that is none."""
    plain = _BEFORE_STAR.sub("", unicodedata.normalize("NFKC", text).strip(), count=1)
    return plain if "*" not in plain and any(char.isalpha() for char in plain) else ""


def look_up(shop: Shop, code: str, *, cards: bool) -> Product | OpenedCard | Coupon:
    """What the counter's copy does not know: a product new to it, or (with `cards`) the card of this number.

    Raises:
        Refused: `unknown_coupon`, `unknown_product`, `check_digit` (code, due), `no_price`, `not_signed_in`.
    """
    if coupon := read_code(code):
        return shop.reads.open_coupon(coupon)
    card = cards and CARD_NUMBER.fullmatch(code) is not None
    complete = shop.catalogue.state().complete
    try:
        # A copy that is complete makes a card the likelier one; one that is not knows nothing yet.
        return _card(shop, code) if card and complete else _product(shop, code)
    except Refused as refused:
        if refused.code not in {"unknown_product", "unknown_card"}:
            raise
    try:
        if card:
            return _product(shop, code) if complete else _card(shop, code)
    except Refused as refused:
        if refused.code not in {"unknown_product", "unknown_card"}:
            raise
    if due := wrong_ean(code):
        raise Refused("check_digit", {"code": code, "due": due})
    raise Refused("unknown_product", {"product": code})


def _product(shop: Shop, code: str) -> Product:
    product = shop.reads.find_product(code)
    shop.catalogue.freshen(at_once=shop.catalogue.state().complete)
    return product


def _card(shop: Shop, code: str) -> OpenedCard:
    source = "scanned" if isinstance(code, Scan) else "typed"
    return shop.reads.open_card(token_kind=TYPED_NUMBER, text=code).read_by(source)


class Scan(str):
    """A code that a scanner delivered, told from one that was typed."""

    __slots__ = ()


class Suggestions(RowList):
    """Goods that begin with what is typed, above the field; gone while there are none."""

    DEFAULT_CSS = """
    Suggestions { height: auto; max-height: 9; background: $surface; }
    Suggestions > .rows--mark { background: $primary; color: $text-bar; text-style: $mark-style; }
    """

    def __init__(self) -> None:
        columns = [Column("", 0), Column("", 16), Column("", 11, "right")]
        super().__init__(columns, id="suggestions", header=False)
        self.can_focus = False
        self.display = False
        self.products: list[Product] = []
        self.moved = False

    def offer(self, products: list[Product], rows: list[tuple[str, ...]]) -> None:
        """Show these, the first one marked; none: go."""
        if products or self.products:
            self.products, self.moved = products, False
            self.styles.height = min(len(rows), ROWS_MAX)
            self.display = bool(products)
            self.show_rows(rows, mark=0)

    def move(self, by: int) -> None:
        """The mark, which is then meant."""
        self.moved = True
        super().move(by)


class GoodsEntry(AskingScreen[R]):
    """What a screen with a list of goods and the one field has in common; named after the screen's own base.

    Its list is `#lines`. Textual takes styles from the first base only, so that is the one with the frame.
    """

    TAKES_CARDS: ClassVar[bool] = False

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.waiting: deque[tuple[str | PresentedCard, int | None]] = deque()
        self.looked_for: str | PresentedCard = ""
        self.looking = False
        self.missed = ""
        self._typing: Timer | None = None

    def goods_field(self, label: str) -> Iterator[Widget]:
        """The suggestions and under them the field."""
        yield Suggestions()
        field = Field(label, id="entry", label_width=20)
        field.input.max_length = SCAN_MOST
        yield field

    def begin_entry(self) -> None:
        """Ready to scan; the copy of the goods is freshened behind the screen."""
        self.query_one("#lines", RowList).can_focus = False
        self.query_one("#entry", Input).focus()
        self.shop.catalogue.freshen()

    @property
    def taking(self) -> bool:
        """False while nothing may be added."""
        return True

    # Typing

    @on(Input.Changed, "#entry")
    def type_on(self, event: Input.Changed) -> None:
        """Look for what is typed once nothing more comes for a moment."""
        event.stop()
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        if name_typed(event.value) and self.taking:
            self._typing = self.set_timer(TYPING_PAUSE_S, self.suggest)
        else:
            self.query_one(Suggestions).offer([], [])

    def suggest(self) -> None:
        """The goods that the field's text begins; some milliseconds on the counter's own disk."""
        say, shop = self.say, self.shop
        typed = name_typed(self.query_one("#entry", Input).value)
        found = list(shop.catalogue.search(typed, at=shop.server_now(), most=SHOWN_MAX)) if typed else []
        rows: list[tuple[str, ...]] = [(each.full_name, each.code, self.price_text(each)) for each in found]
        self.query_one(Suggestions).offer(found, rows)
        state = shop.catalogue.state()
        if len(found) == SHOWN_MAX:
            self.tell(say(MORE, count=SHOWN_MAX))
        elif typed and not found and not state.complete and not shop.read_only:
            self.tell(say(FETCHING, count=state.products))

    def price_text(self, product: Product) -> str:
        """The price in force, or that somebody has to name one."""
        if product.open_price and not product.price_minor:
            return self.say(msg("open price"))
        return self.say.figure(product.price_minor)

    def drop_typed(self) -> bool:
        """Empty the field if goods are suggested; False if there was nothing to drop."""
        if not self.query_one(Suggestions).products:
            return False
        self.query_one("#entry", Input).value = ""
        self.query_one(Suggestions).offer([], [])
        return True

    # Taking

    @on(Input.Submitted, "#entry")
    def take_entry(self, event: Input.Submitted) -> None:
        """Take the suggestion that is meant, or queue what was typed; the field is free at once."""
        event.stop()
        text = event.value
        if not text.strip() or not self.taking:
            return
        suggested = self.query_one(Suggestions)
        chosen = suggested.products[suggested.mark] if suggested.products else None
        meant = suggested.moved
        event.input.value = ""
        suggested.offer([], [])
        self.take_text(text, chosen, meant=meant)

    def card_presented(self, card: PresentedCard) -> bool:
        """In the order of the scans."""
        if not self.TAKES_CARDS or not self.taking:
            return False
        self.missed = ""
        self.tell("")
        self.waiting.append((card, None))
        self.look_up_next()
        return True

    def code_scanned(self, text: str) -> bool:
        """What is typed meanwhile stays where it is."""
        if text.strip() and self.taking:
            self.take_text(text, None, meant=False, scanned=True)
        return self.taking

    def take_text(self, text: str, chosen: Product | None, *, meant: bool, scanned: bool = False) -> None:
        """Queue what was typed or scanned; `chosen` is the marked suggestion, `meant` if it was moved to."""
        self.missed = ""
        if self.TAKES_CARDS and (swiped := needle(text)).shape is Shape.SWIPE:
            self.card_presented(PresentedCard(swiped.cards))
            return
        if paying := read_payment_code(text):
            self.take_payment_code(paying)
            return
        try:
            code, qty_milli = split_entry(text)
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        self.tell("")
        if (
            read_code(code) is None
            and chosen is not None
            and (meant or self.shop.catalogue.find(code, at=self.shop.server_now()) is None)
        ):
            code = chosen.code
        self.waiting.append((Scan(code) if scanned else code, qty_milli))
        self.look_up_next()

    def take_payment_code(self, code: PaymentCode) -> None:
        """It is no goods; a screen that sells goes to the money with it."""
        del code
        self.tell(self.say(NOT_HERE), "warn")

    def look_up_next(self) -> None:
        """One after the other, in the order of the scans; the server is asked for what is not known here."""
        if self.looking or not self.waiting:
            return
        code, qty_milli = self.waiting.popleft()
        self.looking, self.looked_for = True, code
        if isinstance(code, PresentedCard):
            reads, card = self.shop.reads, code
            self.refresh_bindings()
            ask(self, lambda: open_presented(reads, card), then=messages.CardOpened, subject="scan")
            return
        known = self.shop.catalogue.find(code, at=self.shop.server_now())
        if known is not None:
            self.post_message(
                messages.ProductFound(known, known.qty_milli if qty_milli is None else qty_milli)
            )
            return
        self.refresh_bindings()
        shop, cards = self.shop, self.TAKES_CARDS
        ask(
            self,
            lambda: look_up(shop, code, cards=cards),
            then=lambda found: (
                messages.CardOpened(found)
                if isinstance(found, OpenedCard)
                else messages.CouponOpened(found)
                if isinstance(found, Coupon)
                else messages.ProductFound(found, found.qty_milli if qty_milli is None else qty_milli)
            ),
            subject="scan",
        )

    @on(messages.CouponOpened)
    def take_coupon(self, message: messages.CouponOpened) -> None:
        """Only a screen that sells takes one."""
        self.missed = self.use_coupon(message.coupon)
        self.looked_up()

    def use_coupon(self, coupon: Coupon) -> str:
        """Why it is not taken; empty if it is."""
        del coupon
        return self.say(NO_COUPONS)

    def looked_up(self) -> None:
        """Known or not, the next one."""
        self.looking = False
        if self.missed:
            self.tell(self.missed, "error")
        self.look_up_next()
        self.refresh_bindings()

    @on(messages.Refused)
    def miss(self, message: messages.Refused) -> None:
        """Said until the next entry, even if later scans of the queue are found."""
        if message.subject == "scan":
            self.missed = sentence(self.say, message.error)
            self.looked_up()

    @on(messages.NoLine)
    def drop_queue(self, message: messages.NoLine) -> None:
        """A card is noted where it can be; what was not looked up is not on the list, the notice says so."""
        if message.subject != "scan":
            return
        if self.note_card(self.looked_for):
            message.prevent_default()
            message.stop()
            self.mark_line("down")
            self.looked_up()
            return
        self.waiting.clear()
        self.looking = False
        self.refresh_bindings()

    def note_card(self, card: str | PresentedCard) -> bool:
        """Take along what nobody can be asked about; False where nothing is noted, as on most screens."""
        del card
        return False

    # The mark

    def marked_list(self) -> RowList:
        """Where up and down go: the suggestions while there are some."""
        suggested = self.query_one(Suggestions)
        return suggested if suggested.products else self.query_one("#lines", RowList)

    def action_up(self) -> None:
        """Mark the line above."""
        self.marked_list().move(-1)

    def action_down(self) -> None:
        """Mark the line below."""
        self.marked_list().move(1)
