"""What each part of the model takes from the whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tests.properties.books import Document, Moves, Plastic, Wallet


class Part:
    """A part of the model; named before its base.

    A card is a place in `cards` (its state), `plastic` and `opens` (its wallet); a person one in `people`.
    `was`: what each card was before it was stopped; `heirs`: which card took over; `merged`: wallets and
    people that became another one.
    """

    wallets: list[Wallet]
    cards: list[str]
    plastic: list[Plastic]
    opens: list[int]
    people: list[str]
    merged_people: dict[int, int]
    merged_wallets: dict[int, int]
    was: dict[int, list[str]]
    heirs: dict[int, int]
    limits: dict[int, tuple[int | None, int | None]]
    documents: list[Document]
    cash: list[int]
    is_open: list[bool]
    today: date

    if TYPE_CHECKING:

        def _begin(
            self, kind: str, till: int, total: int, *, shift: bool = True, **more: Any
        ) -> Document: ...

        def _move(self, document: Document, key: tuple[int, str, int], amount: int) -> None: ...

        def _take(self, document: Document, kind: str, amount: int, own: Moves) -> None: ...

        def _pay_out(self, till: int, amount: int) -> None: ...

        def standing(self, card: int) -> str: ...

        def _open(self, wallet: int) -> bool: ...

        def _shown(self, card: int) -> None: ...

        def _draw(self, document: Document, card: int, amount: int) -> None: ...

        def _awake(self, *people: int) -> None: ...

        def _rests(self, states: set[str], *people: int) -> None: ...

        def _cap(self, *wallets: int) -> int: ...

        def _use_up(self, document: Document, person: int, kind: str) -> None: ...

        def _may_have(self, person: int, kind: str) -> bool: ...
