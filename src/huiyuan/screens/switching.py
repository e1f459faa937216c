"""Another person at this counter without leaving the screen: switched on purpose, or after a lock.

Always true: what is on the screen (a basket, a count) stays as it is; from the moment somebody signed in that
person's permissions and name count on every open screen; a locked counter does nothing until then, because
its session ended at the server.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, Final

from textual import on
from textual.app import App, ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.identity import SignedIn
from huiyuan.domain.usecases.sign_in import sign_in_here
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.outage import outage_of, state_with, works_offline
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.signs_in import SignsIn
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose

LOCK: Final = "lock"
OFFLINE_NOW: Final = msg("Signed in without the line: {staff}. Cash sales only, until it is back.")
MINUTE_S: Final = 60


class SwitchSheet(Sheet[SignedIn], SignsIn[SignedIn]):
    """Number (typed, or read from a badge) and PIN; answers the new session.

    Args:
        locked: nobody is signed in any more, so that Esc does not lead back.
        back: the line is back, and whoever signed in without it is to be judged by the server.
    """

    SCOPE = "switch"

    def __init__(self, shop: Shop, *, locked: bool = False, back: bool = False) -> None:
        title = msg("Counter locked") if locked else msg("The line is back") if back else msg("Change person")
        super().__init__(shop, shop.say(title))
        self.locked = locked
        self.back = back

    def body(self) -> ComposeResult:
        """Who, and the PIN."""
        say, person = self.say, self.shop.person.staff
        about = say(msg("Whoever goes on types number and PIN. What is on the screen stays as it is."))
        if self.back:
            about = say(msg("Type your PIN once more: the server signs you in, and everything works again."
                            " Esc sells on for cash."))  # fmt: skip
        yield Prose(about)
        yield Field(
            say(msg("Staff number")), id="number", value=person.number if self.locked or self.back else ""
        )
        yield Field(say(msg("PIN")), id="pin", password=True)

    def on_mount(self) -> None:
        """A lock ends the session first; mostly the same person comes back."""
        self.query_one("#pin" if self.locked or self.back else "#number", Input).focus()
        if self.locked:
            ask(self, self.shop.sign_in.lock, then=lambda _: messages.PersonSignedOut(), subject=LOCK)

    def applies(self, action: str) -> bool:
        """No way back to a session that ended."""
        return super().applies(action) and not (action == "back" and self.locked)

    def try_to_sign_in(self) -> None:
        """With what was typed."""
        self.sign_in(partial(sign_in_here, self.shop.sign_in))

    @on(messages.PersonSignedIn)
    def take(self, message: messages.PersonSignedIn) -> None:
        """Every screen below learns who it is."""
        take_person(self.app, message.signed)
        self.dismiss(message.signed)


def take_person(app: App[Any], signed: SignedIn) -> None:
    """`signed` is who sits here now, on every open screen; the basket and everything else stays."""
    for screen in app.screen_stack:
        if isinstance(screen, AskingScreen) and screen.shop.signed is not None:
            shop = replace(screen.shop, signed=signed)
            shop.line.mark(state_with(shop, "down" if signed.offline_at else "up"))
            if isinstance(screen, ShopScreen):
                screen.set_shop(shop)
                said = OFFLINE_NOW if signed.offline_at else msg("Signed in: {staff}.")
                screen.tell(screen.say(said, staff=signed.staff.name), "good")
            else:
                screen.shop = shop


def offer_sign_in(screen: AskingScreen[Any]) -> None:
    """The line is back: whoever signed in without it does so again, where nothing is lost by asking."""
    if works_offline(screen.shop) and screen.app.screen is screen and may_switch(screen.app):
        screen.app.push_screen(SwitchSheet(screen.shop, back=True))


def may_switch(app: App[Any]) -> bool:
    """Somebody is signed in, and nothing of his is under way or without an answer."""
    screens = [each for each in app.screen_stack if isinstance(each, AskingScreen)]
    return (
        bool(screens)
        and not isinstance(screens[-1], SwitchSheet)
        and any(each.shop.signed is not None for each in screens)
        and not any(each.writing or each.unknown for each in screens)
    )


def idle_limit_s(app: App[Any]) -> int:
    """After so many seconds without a key the counter locks; 0 is never."""
    for screen in reversed(app.screen_stack):
        if isinstance(screen, AskingScreen) and screen.shop.hello is not None:
            return screen.shop.hello.lock_minutes * MINUTE_S
    return 0


def lock_if_idle(app: App[Any], idle_s: int) -> bool:
    """Lock over whatever is shown; True if it did."""
    limit_s = idle_limit_s(app)
    top = app.screen_stack[-1] if app.screen_stack else None
    if not limit_s or idle_s < limit_s or not may_switch(app) or not isinstance(top, AskingScreen):
        return False
    if outage_of(top.shop) is not None:  # nobody could sign in again, and the queue goes on
        return False
    app.push_screen(SwitchSheet(top.shop, locked=True))
    return True
