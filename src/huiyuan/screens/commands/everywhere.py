"""Commands of every screen, of the sign-in and of questions."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, row, up_and_down

MENU: Final = row(
    "any.letters",
    "ctrl+y",
    "letters",
    msg("Letters"),
    msg("Lists what can be done from here with a letter each; the letter does it."),
)

GENERAL: Final[tuple[Command, ...]] = (
    # Everywhere
    row("any.help", "ctrl+g", "help", msg("Help"), msg("Shows every key of this screen.")),
    row("any.back", "escape", "back", msg("Back"),
       msg("Leaves this screen; asks first if something is lost.")),
    row("any.palette", "ctrl+l", "palette", msg("Commands"),
       msg("Lists what can be done from here; type to find it in either language."), bar=False),
    MENU,
    row("any.theme", "", "theme", msg("Colours"),
       msg("Changes the colours: dark, light, high contrast, without colours."), bar=False, letter="z"),
    # Sign-in
    row("sign_in.next", "enter", "", msg("Sign in"), msg("Goes to the PIN, and then signs in.")),
    row("sign_in.unsettled", "f5", "unsettled", msg("Open items"),
       msg("Documents without an answer or waiting for a decision.")),
    row("sign_in.again", "f6", "again", msg("Connect again"), msg("Asks the server again.")),
    row("sign_in.language", "f8", "language", msg("中文/English"),
       msg("Changes the language of this counter.")),
    row("sign_in.quit", "ctrl+q", "quit_app", msg("Quit"), msg("Ends the program after asking.")),
    # Change of person
    row("switch.next", "enter", "", msg("Sign in"), msg("Goes to the PIN, and then signs in.")),
    # Questions
    row("question.yes", "enter", "yes", msg("Yes"), msg("Does it.")),
    row("field.enter", "enter", "", msg("OK"), msg("Takes what is typed.")),
    row("picker.enter", "enter", "", msg("Take"), msg("Takes the marked member.")),
    *up_and_down("picker"),
    row("palette.enter", "enter", "", msg("Do it"), msg("Does what is marked.")),
    *up_and_down("palette"),
    row("reader.close", "enter", "close_page", msg("Close"), msg("Goes back.")),
)  # fmt: skip
