"""The counter's copy of the goods in memory: the whole of the fake ledger's goods, or nothing yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from huiyuan.domain.model.catalog import CatalogueState, Product
from huiyuan.domain.model.needle import search_words
from huiyuan.repositories.search_words import product_tokens


@dataclass
class FakeCatalogue:
    """`here` False: nothing has been fetched yet, every code is asked of the server."""

    goods: Callable[[], Iterable[Product]]
    here: bool = True
    barcodes: dict[int, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    freshened: list[bool] = field(default_factory=list)

    def state(self) -> CatalogueState:
        return CatalogueState(self.here, len(list(self.goods())) if self.here else 0)

    def find(self, code: str, *, at: datetime) -> Product | None:
        assert at.tzinfo
        known = (each for each in self.goods() if code in {each.code, self.barcode_of(each.id)})
        return next(known, None) if self.here else None

    def search(self, typed: str, *, at: datetime, most: int) -> Sequence[Product]:
        assert at.tzinfo
        words = set(search_words(typed))
        found = [
            p for p in self.goods() if self.here and words and words <= set(product_tokens(p.name, p.code))
        ]
        return found[:most]

    def barcode_of(self, product: int) -> str:
        return self.barcodes.get(product, "")

    def repriced(self, *, since: datetime, at: datetime, most: int) -> Sequence[Product]:
        assert since <= at
        return [each for each in self.goods() if each.code in self.changed][:most]

    def freshen(self, *, at_once: bool = False) -> None:
        self.freshened.append(at_once)
