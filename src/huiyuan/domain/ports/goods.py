"""The goods of this store as the counter holds them on its own disk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from huiyuan.domain.model.catalog import CatalogueState, Product


class Catalogue(Protocol):
    """Looked up on disk in a few milliseconds, on any thread: no method asks the server or waits for it."""

    def state(self) -> CatalogueState:
        """Whether everything is there, or is still being fetched."""
        ...

    def find(self, code: str, *, at: datetime) -> Product | None:
        """By code, barcode or a scale's label, at the price in force at `at` (the server's time).

        None if this counter does not know it, or no price of it: the server may.
        """
        ...

    def search(self, typed: str, *, at: datetime, most: int) -> Sequence[Product]:
        """Products of which every typed word begins a word: characters, pinyin, initials, code.

        At most `most`, with a price or open to one. Nothing typed, nothing found.
        """
        ...

    def barcode_of(self, product: int) -> str:
        """A barcode of one base unit of the product (its id), of several the first; empty if it has none."""
        ...

    def repriced(self, *, since: datetime, at: datetime, most: int) -> Sequence[Product]:
        """Goods that cost otherwise at `at` than just before `since`, for members too, at the prices of `at`.

        By code, at most `most`; reads all goods, so not on the thread of a screen.
        """
        ...

    def freshen(self, *, at_once: bool = False) -> None:
        """Have changes fetched in the background if it has been a while; never waits.

        Args:
            at_once: something showed that the copy is old: however short a while ago it was.
        """
        ...
