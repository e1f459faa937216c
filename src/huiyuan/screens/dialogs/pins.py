"""PINs: of a card at the counter, a new one twice, and a second person who approves.

Always true: a PIN is digits, shows as dots, stands in no message and no attribute after the sheet closed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pin import check_new_pin
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import FieldSheet, Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Prose

STAFF_PIN_MIN = 4
CARD_PIN_LENGTH = 6

NOT_DIGITS = msg("A PIN is {least} to {most} digits. Type it again.")
CARD_PIN_DIGITS = msg("The PIN of a card is {count} digits. Type it again.")
DIFFERENT = msg("The two PINs differ. Type the new PIN twice.")
NUMBER_DIGITS = msg("A staff number is {least} to {most} digits; {text} is none. Type the number again.")
STAFF_NUMBER_MIN, STAFF_NUMBER_MAX = 2, 8


@dataclass(frozen=True, slots=True)
class Secret:
    """A PIN on its way from a sheet to a port; its repr is dull."""

    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """A second person's number and PIN."""

    staff_number: str
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PinChange:
    """The old PIN and the new one."""

    old: str = field(repr=False)
    new: str = field(repr=False)


def digits_fault(shop: Shop, pin: str, *, card: bool) -> str:
    """The sentence for a PIN that is none; empty if it may be one."""
    good = pin.isascii() and pin.isdigit()
    if card:
        return (
            "" if good and len(pin) == CARD_PIN_LENGTH else shop.say(CARD_PIN_DIGITS, count=CARD_PIN_LENGTH)
        )
    if good and STAFF_PIN_MIN <= len(pin) <= 12:
        return ""
    return shop.say(NOT_DIGITS, least=STAFF_PIN_MIN, most=12)


def new_pin_fault(shop: Shop, pin: str, again: str, *, card: bool) -> str:
    """The same of a PIN that somebody chooses, typed twice: said while the sheet is open."""
    fault = digits_fault(shop, pin, card=card)
    if not fault and pin != again:
        fault = shop.say(DIFFERENT)
    if not fault:
        try:
            check_new_pin(pin)
        except Refused as refused:
            fault = sentence(shop.say, refused)
    return fault


def staff_number_fault(shop: Shop, text: str) -> str:
    """The sentence for a staff number that can be nobody's; empty if it may be somebody's."""
    if text.isascii() and text.isdigit() and STAFF_NUMBER_MIN <= len(text) <= STAFF_NUMBER_MAX:
        return ""
    return shop.say(NUMBER_DIGITS, least=STAFF_NUMBER_MIN, most=STAFF_NUMBER_MAX, text=visible(text))


class CardPin(Sheet[Secret]):
    """The customer types the card's PIN."""

    def __init__(self, shop: Shop, about: str) -> None:
        super().__init__(shop, shop.say(msg("PIN of the card")))
        self.about = about

    def body(self) -> ComposeResult:
        """One hidden field."""
        yield Prose(self.about)
        yield Field(self.say(msg("PIN")), id="pin", password=True)

    @on(Input.Submitted, "#pin")
    def take(self, event: Input.Submitted) -> None:
        """Hand it over if it is digits."""
        event.stop()
        fault = digits_fault(self.shop, event.value, card=True)
        event.input.value = ""
        if fault:
            self.tell(fault, "error")
            return
        self.dismiss(Secret(event.value))


class NewPin(FieldSheet[Secret]):
    """A new PIN, twice: of a card, or of a person whose PIN is reset."""

    def __init__(self, shop: Shop, title: str, about: str, *, card: bool) -> None:
        super().__init__(shop, title)
        self.about = about
        self.card = card

    def body(self) -> ComposeResult:
        """Two hidden fields."""
        yield Prose(self.about)
        yield Field(self.say(msg("New PIN")), id="new", password=True)
        yield Field(self.say(msg("New PIN again")), id="again", password=True)

    def take(self) -> None:
        """Both the same, and digits."""
        first, second = self.query_one("#new", Input), self.query_one("#again", Input)
        pin, again = first.value, second.value
        fault = new_pin_fault(self.shop, pin, again, card=self.card)
        first.value = second.value = ""
        if fault:
            first.focus()
            self.tell(fault, "error")
            return
        self.dismiss(Secret(pin))


class OwnPin(FieldSheet[PinChange]):
    """The old PIN, and the new one twice: of whoever is signed in."""

    CARD = False

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop, shop.say(msg("Change my PIN")), shop.person.staff.name)

    def body(self) -> ComposeResult:
        """Three hidden fields."""
        yield Field(self.say(msg("Old PIN")), id="old", password=True)
        yield Field(self.say(msg("New PIN")), id="new", password=True)
        yield Field(self.say(msg("New PIN again")), id="again", password=True)

    def take(self) -> None:
        """The old one, and the new ones the same."""
        fields = [self.query_one(f"#{name}", Input) for name in ("old", "new", "again")]
        old, new, again = (each.value for each in fields)
        fault = digits_fault(self.shop, old, card=self.CARD)
        fault = fault or new_pin_fault(self.shop, new, again, card=self.CARD)
        for each in fields:
            each.value = ""
        if fault:
            fields[0].focus()
            self.tell(fault, "error")
            return
        self.dismiss(PinChange(old, new))


class ChangedCardPin(OwnPin):
    """The same of a card, typed by whoever holds it."""

    CARD = True

    def __init__(self, shop: Shop, number: str) -> None:
        FieldSheet.__init__(self, shop, shop.say(msg("PIN of the card")), number)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Nobody who may approve is here: it is asked at the other counters."""


class SecondPerson(FieldSheet[Signature | Elsewhere]):
    """Somebody else approves at this counter, or it is asked elsewhere; who is signed in stays so."""

    SCOPE = "second_person"

    def __init__(self, shop: Shop, about: str) -> None:
        super().__init__(shop, shop.say(msg("Approval by a second person")))
        self.about = about

    def body(self) -> ComposeResult:
        """What is approved, and who signs."""
        yield Prose(self.about)
        yield Field(self.say(msg("Staff number")), id="number")
        yield Field(self.say(msg("PIN")), id="pin", password=True)

    def action_elsewhere(self) -> None:
        """F3."""
        self.dismiss(Elsewhere())

    def take(self) -> None:
        """Hand both over."""
        field, number = self.query_one("#pin", Input), self.typed("number")
        pin, field.value = field.value, ""
        fault = digits_fault(self.shop, pin, card=False)
        if fault or not number:
            self.tell(fault or self.say(msg("Type the staff number of the second person.")), "error")
            return
        if fault := staff_number_fault(self.shop, number):
            self.tell(fault, "error")
            wrong = self.query_one("#number", Input)
            wrong.focus()
            wrong.select_all()  # what is typed next takes its place
            return
        self.dismiss(Signature(number, pin))
