"""The page of cards that are stopped, given back and replaced: states only, the wallet stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.properties.books import Refusal

if TYPE_CHECKING:
    from tests.properties.books import Document

STOPS = {"card_freeze": ({"active"}, "frozen"), "card_lost": ({"issued", "active", "frozen"}, "lost")}
GIVES_BACK = {"card_unfreeze": "frozen", "card_found": "lost"}


class Living:
    """A part of the model; named before its base. `was` is what each card was before it was stopped."""

    cards: list[str]
    opens: list[int]
    is_open: list[bool]
    was: dict[int, list[str]]
    heirs: dict[int, int]

    def live(self, kind: str, card: int) -> None:
        """Frozen or lost, and back to what it was before."""
        state = self.cards[card]
        if kind in STOPS:
            allowed, now = STOPS[kind]
            if state not in allowed:
                raise Refusal("card_state")
            self.was.setdefault(card, []).append(state)
            self.cards[card] = now
        elif state != GIVES_BACK[kind]:
            raise Refusal("card_state")
        else:
            self.cards[card] = self.was[card].pop()

    def replace(self, till: int, card: int) -> None:
        """A new card opens the same wallet; the old one is dead."""
        if not self.is_open[till]:
            raise Refusal("shift_missing")
        state = self.cards[card]
        if state not in {"issued", "active", "lost"}:
            raise Refusal("card_state")
        if state == "lost" and self.was[card][-1] == "frozen":
            raise Refusal("replacement_wrong")
        self.cards[card] = "replaced"
        self.heirs[card] = len(self.cards)
        self.cards.append(self.was[card][-1] if state == "lost" else state)
        self.opens.append(self.opens[card])

    def _still_as_merged(self, move: Document) -> None:
        """A card that was replaced since then has its heir elsewhere: the two stay one."""
        if any(self.heirs.get(card, card) not in move.cards for card in move.cards):
            raise Refusal("merge_refused")
