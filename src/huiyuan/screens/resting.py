"""A membership that is frozen or cancelled: said where its card is read, with what still goes on.

Always true: it is said out of the answer that told whose card it is; nothing more is asked for it.
"""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card import Rest
from huiyuan.screens.life_words import MEMBER_STATES
from huiyuan.screens.wording import Wording

IN_A_SALE: Final = msg(
    "The sale goes on without it, at the list's prices. See to it on the member's page (^Y k)."
)
PAYING_IN: Final = msg(
    "Nothing is paid in until that is seen to (member's page, ^Y k). A debt may be paid (top-up, F7)."
)
PASSES_REST: Final = msg("Its passes rest until that is seen to (member's page, ^Y k).")
IN_AN_EXCHANGE: Final = msg(
    "No exchange with it. Take the goods back (home, F7), sell what goes out without it."
)
ITS_CARD: Final = msg(
    "It earns, spends and takes nothing; debts may be paid, goods come back. See the member's page, ^Y k."
)

NO_CARD: Final = msg("No card is issued on it until that is seen to (member's page, ^Y k).")
NOT_ISSUED: Final = msg("Nothing was booked, the card stays blank. See to it on the member's page (^Y k).")


def rest_text(say: Wording, rest: Rest, tail: str) -> str:
    """Whose membership it is, since when and by which store, and `tail`: what that means here."""
    state, what = say.word(MEMBER_STATES, rest.state), say(tail)
    if rest.since is None:
        text = msg("{name}: membership {state}. {what}")
        return say(text, name=rest.name, state=state, what=what)
    text = msg("{name}: membership {state} ({day}, {store}). {what}")
    day = say.date(rest.since)
    return say(text, name=rest.name, state=state, day=day, store=rest.store, what=what)
