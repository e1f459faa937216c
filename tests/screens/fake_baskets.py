"""The basket of a seat in memory, as JSON: what does not survive that would not survive the disk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.document import Removed


class FakeRemovals:
    """What was taken off baskets and has not arrived anywhere yet."""

    def __init__(self) -> None:
        self.rows: dict[UUID, Removed] = {}

    def note(self, rows: Iterable[Removed]) -> None:
        self.rows |= {row.id: row for row in rows}

    def waiting(self) -> tuple[Removed, ...]:
        return tuple(self.rows.values())

    def forget(self, rows: Sequence[Removed]) -> None:
        for row in rows:
            self.rows.pop(row.id, None)


class FakeBasket:
    """Keeps one; `left` is what an earlier run left here, `said` what the log was told."""

    def __init__(self) -> None:
        self.row: tuple[str, KeptBasket] | None = None
        self.said: list[tuple[str, str]] = []
        self.why = ""
        self.receipt = ""
        self.writes = 0

    def keep(self, kept: KeptBasket) -> None:
        self.writes += 1
        if kept.document is None and self.row is not None:
            kept = replace(kept, document=self.row[1].document)
        self.row = (json.dumps(kept.basket.to_json()), kept)

    def clear(self) -> None:
        self.row = None

    def kept(self) -> KeptBasket | None:
        if self.row is None:
            return None
        text, kept = self.row
        return KeptBasket(Basket.from_json(json.loads(text)), kept.staff, kept.at, kept.document)

    def sold_before(self) -> str:
        receipt, self.receipt = self.receipt, ""
        return receipt

    def selling(self, document: UUID) -> None:
        assert document

    def take(self, kept: KeptBasket, *, by: str) -> None:
        self.said.append(("take", f"{kept.staff} {by}"))

    def drop(self, kept: KeptBasket, *, by: str) -> None:
        self.said.append(("drop", f"{kept.staff} {by}"))
        self.row = None

    def trouble(self) -> str:
        return self.why


class FakeBaskets(FakeBasket):
    """The sale's, and beside it those of the returns and of top-ups."""

    def __init__(self) -> None:
        super().__init__()
        self.returning = FakeBasket()
        self.topping = FakeBasket()
