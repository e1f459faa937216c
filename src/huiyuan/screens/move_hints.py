"""What may be typed into the fields of a card's move."""

from __future__ import annotations

from collections.abc import Sequence

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card_life import PAPERS
from huiyuan.screens.life_words import PAPER_WORDS
from huiyuan.screens.wording import Wording


def move_hint(say: Wording, name: str, types: Sequence[str]) -> str:
    """For the field `name`; `types` are the card types to choose from."""
    if name == "paper":
        return "  ".join(f"{n} {say.word(PAPER_WORDS, each)}" for n, each in enumerate(PAPERS, start=1))
    if name == "type":
        return "  ".join(f"{n} {each}" for n, each in enumerate(types, start=1))
    if name == "number":
        return say(msg("Compared with the file; empty: the paper was seen. It is kept nowhere."))
    if name == "card":
        return say(msg("It takes over wallet, points, PIN and history; the old number is dead."))
    return say(msg("It stays with the document."))
