"""Signing out is asked about: over a slow line Esc is pressed twice by who sees nothing happen.

Always true: Esc alone never ends anybody's session, however often it is pressed; nor does a number that is
typed over the question, with its Enter.
"""

from __future__ import annotations

from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.dialogs.confirm import Confirm


def ask_to_sign_out(home: AskingScreen[None]) -> None:
    """The question over `home`; Enter ends the session at the server, Esc stays."""
    say, port = home.say, home.shop.sign_in

    def go(sure: bool | None) -> None:
        if sure and not home.writing:
            ask(home, port.sign_out, then=lambda _: messages.PersonSignedOut(), subject=WRITE)

    def typed(character: str) -> None:
        field = home.query_one(Input)
        field.focus()
        field.insert_text_at_cursor(character)

    question = say(msg("Sign out at this counter?"))
    home.app.push_screen(Confirm(home.shop, say(msg("Sign out")), question, typed=typed), go)
