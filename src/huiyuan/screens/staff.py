"""Staff: who works here; add one, reset a PIN, let one leave.

Always true: a new PIN is typed by the person it belongs to and never shown; nobody is deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.staff import Colleague
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.pins import NewPin, Secret
from huiyuan.screens.paged import ASKED
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.sheet import FieldSheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

Listed = tuple[Sequence[Colleague], Sequence[tuple[str, str]]]
"""A page of people, and the duties that may be given, by code and name."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who begins here."""

    number: str
    name: str
    duty: str


class NewPerson(FieldSheet[Newcomer]):
    """Number, name, duty."""

    def __init__(self, shop: Shop, duties: Sequence[tuple[str, str]]) -> None:
        super().__init__(shop, shop.say(msg("New person")))
        self.duties = duties

    def body(self) -> ComposeResult:
        """Three fields; the duties that may be given stand above."""
        say = self.say
        listed = "  ".join(f"{number} {name}" for number, (_, name) in enumerate(self.duties, start=1))
        yield Prose(say(msg("Duties: {duties}"), duties=listed))
        yield Field(say(msg("Staff number")), id="number")
        yield Field(say(msg("Name")), id="name")
        yield Field(say(msg("Duty")), id="duty", value="1")

    def take(self) -> None:
        """Who it is, if it can be somebody."""
        number, name, duty = (self.typed(each) for each in ("number", "name", "duty"))
        if not (number.isascii() and number.isdigit() and 2 <= len(number) <= 8):
            self.tell(self.say(msg("A staff number is 2 to 8 digits.")), "error")
        elif not name:
            self.tell(self.say(msg("Type the name.")), "error")
        elif duty not in {str(each) for each in range(1, len(self.duties) + 1)}:
            self.tell(self.say(msg("Type the number of one of the duties above.")), "error")
        else:
            self.dismiss(Newcomer(number, name, self.duties[int(duty) - 1][0]))


class StaffScreen(RowPages[None, Colleague]):
    """The list, and what may be done with it."""

    SCOPE = "staff"
    TITLE_TEXT = msg("Staff")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.duties: Sequence[tuple[str, str]] = ()

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Number")), 9), Column(say(msg("Name"))), Column(say(msg("Duty")), 16),
             Column(say(msg("State")), 10)],
            id="people",
            empty=say(msg("Nobody is listed here.")),
        )  # fmt: skip

    def reading(self, after: str | None) -> Callable[[], Listed]:
        """By number."""
        staff = self.shop.staff
        return lambda: staff.everybody(after=after, most=ASKED)

    def unpack(self, found: Listed) -> Sequence[Colleague]:
        """With the duties that may be given."""
        people, self.duties = found
        return people

    def place_of(self, row: Colleague) -> str:
        """The number."""
        return row.number

    def cells_of(self, row: Colleague) -> tuple[str, ...]:
        """Names as they were written, made visible."""
        duty = dict(self.duties).get(row.duty, row.duty)
        return row.number, row.name, duty, self.say(msg("works here") if row.active else msg("left"))

    def applies(self, action: str) -> bool:
        """Nobody resets or dismisses himself here."""
        if action in {"reset_pin", "let_go"}:
            person = self.marked()
            return person is not None and person.active and person.number != self.shop.person.staff.number
        return super().applies(action)

    def action_add(self) -> None:
        """F2: who, then a PIN of their own."""
        self.app.push_screen(NewPerson(self.shop, self.duties), self.ask_first_pin)

    def ask_first_pin(self, new: Newcomer | None) -> None:
        """The newcomer types it."""
        if new is None:
            return
        staff = self.shop.staff

        def add(secret: Secret | None) -> None:
            if secret is not None:
                done = self.say(msg("{name} may sign in now."), name=new.name)
                self.change(
                    lambda: staff.add(number=new.number, name=new.name, duty=new.duty, pin=secret.pin), done
                )

        self.app.push_screen(self.pin_sheet(new.name), add)

    def pin_sheet(self, name: str) -> NewPin:
        """Typed by the person it belongs to."""
        about = self.say(msg("{name} types a PIN of 4 to 12 digits, twice. Look away."), name=name)
        return NewPin(self.shop, self.say(msg("New PIN")), about, card=False)

    def action_reset_pin(self) -> None:
        """F3."""
        person = self.marked()
        if person is None:
            return
        staff = self.shop.staff

        def reset(secret: Secret | None) -> None:
            if secret is not None:
                done = self.say(msg("{name} has a new PIN."), name=person.name)
                self.change(lambda: staff.reset_pin(number=person.number, pin=secret.pin), done)

        self.app.push_screen(self.pin_sheet(person.name), reset)

    def action_let_go(self) -> None:
        """F4."""
        person = self.marked()
        if person is None:
            return
        staff = self.shop.staff

        def go(sure: bool | None) -> None:
            if sure:
                done = self.say(msg("{name} may not sign in any more."), name=person.name)
                self.change(lambda: staff.leave(number=person.number), done)

        question = self.say(
            msg("{name} may not sign in any more. What {name} booked stands. Go on?"), name=person.name
        )
        self.app.push_screen(Confirm(self.shop, self.say(msg("Leaves")), question), go)
