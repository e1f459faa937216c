"""A staff number and a PIN, wherever somebody signs in.

Always true: the PIN leaves its field before anything is asked; a number that can be nobody's is typed again
in its own field.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from textual import on
from textual.widgets import Input

from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.asking import AskingScreen

if TYPE_CHECKING:
    from huiyuan.domain.model.identity import SignedIn

R = TypeVar("R")


class Way(Protocol):
    """How it is done: at the server, or without the line."""

    def __call__(self, *, staff_number: str, pin: str) -> SignedIn: ...


class SignsIn(AskingScreen[R]):
    """A screen with the fields `number` and `pin`. Named behind the screen's own base."""

    @on(Input.Submitted, "#number")
    def go_on(self, event: Input.Submitted) -> None:
        """To the PIN."""
        event.stop()
        if event.value.strip():
            self.query_one("#pin", Input).focus()

    @on(Input.Submitted, "#pin")
    def pin_typed(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.try_to_sign_in()

    def try_to_sign_in(self) -> None:
        """A screen says which way, or why not now."""

    @property
    def both_typed(self) -> bool:
        """Whether there is a number and a PIN."""
        number, pin = self.query_one("#number", Input), self.query_one("#pin", Input)
        return bool(number.value.strip() and pin.value)

    def sign_in(self, way: Way) -> None:
        """One try by `way`, with what was typed."""
        from huiyuan.screens.dialogs.pins import staff_number_fault

        if self.writing or not self.both_typed:
            return
        number, field = self.query_one("#number", Input), self.query_one("#pin", Input)
        staff_number, pin = number.value.strip(), field.value
        field.value = ""
        if fault := staff_number_fault(self.shop, staff_number):
            self.tell(fault, "error")
            number.focus()
            number.select_all()  # what is typed next takes its place
            return
        ask(
            self,
            lambda: way(staff_number=staff_number, pin=pin),
            then=messages.PersonSignedIn,
            subject=WRITE,
        )
