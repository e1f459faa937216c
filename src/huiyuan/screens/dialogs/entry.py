"""One field in a sheet: an amount, a quantity, a reference, a reason.

Always true: what is handed back was read and found good (`read`); what cannot be read stays in the field
with a sentence beside it, unless it is a customer's payment code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import parse_minor
from huiyuan.domain.model.payment_code import is_bank_card_number, read_payment_code
from huiyuan.domain.model.quantity import parse_quantity
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose

T = TypeVar("T")
R = TypeVar("R")

REASON: Final = msg("Reason")
SHORTEST_BARCODE: Final = 8

NUMBERS: Final = (
    msg("Amount"), msg("Given"), msg("Quantity"), msg("Price"), msg("Discount"), msg("Pieces"),
    msg("Days or day"), msg("May owe"), msg("Cash counted"), msg("Cost of one"), msg("Total"),
)  # fmt: skip
"""Labels of what no scanner may type: a barcode is a large amount, too."""


class Entry(Sheet[T]):
    """Asks for one value; answers it, or None if the person left."""

    def __init__(
        self,
        shop: Shop,
        title: str,
        *,
        label: str,
        read: Callable[[str], T],
        about: str = "",
        value: str = "",
        aside: str = "",
    ) -> None:
        super().__init__(shop, title, aside)
        self.label = label
        self.read = read
        self.about = about
        self.value = value

    def body(self) -> ComposeResult:
        """A sentence if there is one, and the field."""
        if self.about:
            yield Prose(self.about)
        numbers = {self.say(each) for each in NUMBERS}
        yield Field(self.label, id="entry", value=self.value, numeric=self.label in numbers)

    @on(Input.Submitted, "#entry")
    def take(self, event: Input.Submitted) -> None:
        """Hand back what can be read."""
        event.stop()
        try:
            value = self.read(event.value)
        except Refused as refused:
            if read_payment_code(event.value) is not None:
                event.input.value = ""
            self.tell(sentence(self.say, refused), "error")
            return
        self.dismiss(value)


def read_amount(shop: Shop, *, zero: bool = False) -> Callable[[str], int]:
    """A reader of money in this chain's currency, into minor units."""
    return lambda text: parse_minor(text, shop.say.minor_digits, zero=zero)


def read_quantity(text: str) -> int:
    """Thousandths of a base unit."""
    return parse_quantity(text)


def read_reason(text: str) -> str:
    """Anything that is not empty. Raises Refused `reason_missing`."""
    reason = " ".join(text.split())
    if not reason:
        raise Refused("reason_missing")
    return reason


def ask_reason(
    screen: AskingScreen[Any],
    title: str,
    then: Callable[[str], None],
    *,
    label: str = REASON,
    about: str = "",
    aside: str = "",
    value: str = "",
) -> None:
    """Ask for something in words, and go on with it; whoever leaves the sheet goes on with nothing.

    Args:
        label: What the field is called; the one text that is not translated yet.
    """
    entry = Entry(
        screen.shop, title, label=screen.say(label), read=read_reason, about=about, aside=aside, value=value
    )

    def go_on(text: str | None) -> None:
        if text is not None:
            then(text)

    screen.app.push_screen(entry, go_on)


def ask_what_was_done(
    screen: AskingScreen[Any], then: Callable[[str], None], *, about: str = "", aside: str = ""
) -> None:
    """About something that waited for a person: the decision carries a name, so somebody is signed in."""
    if screen.writing:
        return
    if screen.shop.signed is None:
        screen.tell(screen.say(msg("Sign in first; the decision carries a name.")), "error")
        return
    title = screen.say(msg("What was done about it"))
    ask_reason(screen, title, then, label=msg("Note"), about=about, aside=aside)


def read_reference(tender: str) -> Callable[[str], str]:
    """The reference of another machine's slip, which a customer's payment code is not.

    A bank card's whole number is none either: it is not ours to keep (PCI DSS 3.5), and a slip shows it.

    The reader raises Refused `reference_missing`, `no_gateway` (method), `card_number_typed`.
    """

    def read(text: str) -> str:
        reference = text.strip()
        if not reference:
            raise Refused("reference_missing", {"tender": tender})
        if code := read_payment_code(reference):
            raise Refused("no_gateway", {"method": code.method})
        if is_bank_card_number(reference):
            raise Refused("card_number_typed")
        return reference

    return read


def no_goods(shop: Shop, read: Callable[[str], R]) -> Callable[[str], R]:
    """`read`, but the barcode of goods here is no reference: whoever scans on has not taken money elsewhere.

    The reader raises Refused `goods_scanned` (product) besides.
    """

    def checked(text: str) -> R:
        code = text.strip()
        if len(code) >= SHORTEST_BARCODE and code.isdecimal() and not read_payment_code(code):
            product = shop.catalogue.find(code, at=shop.server_now())
            if product is not None:
                raise Refused("goods_scanned", {"product": product.name})
        return read(text)

    return checked
