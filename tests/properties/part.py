"""What each part of the model takes from the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.properties.books import Document, Moves, Wallet


class Part:
    """A part of the model; named before its base."""

    wallets: list[Wallet]
    cards: list[str]
    opens: list[int]
    cash: list[int]

    if TYPE_CHECKING:

        def _begin(
            self, kind: str, till: int, total: int, *, shift: bool = True, **more: int
        ) -> Document: ...

        def _move(self, document: Document, key: tuple[int, str, int], amount: int) -> None: ...

        def _take(self, document: Document, kind: str, amount: int, own: Moves) -> None: ...

        def _pay_out(self, till: int, amount: int) -> None: ...
