"""The basket through kills: on disk before the verb begins, and afterwards back or sold, never both."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.repositories.counter.baskets import BASKET, CounterBaskets
from huiyuan.repositories.counter.journal import CounterJournal
from tests import facts
from tests.counters import Counter

IN_BASKET: Final = KeptBasket(
    Basket.of(Cart().add(Product(1, facts.WATER, "Water", "goods", "piece", "V13", 1300, 200))),
    "1001",
    datetime.now(UTC),
)


def put_in_basket(folder: Path, shelf: CounterBaskets) -> None:
    """What somebody scanned long ago: on disk."""
    shelf.keep(IN_BASKET)
    until = time.monotonic() + 10
    while named_on_disk(folder) != {None}:
        assert time.monotonic() < until, shelf.trouble()
        time.sleep(0.001)


def named_on_disk(folder: Path) -> set[str | None]:
    """Which document the later of the two places names; nothing where there is no basket."""
    lines = [path.read_text("utf-8").split(" ", 2) for path in folder.glob(f"{BASKET}.[01]")]
    turns = {int(line[0]): json.loads(line[2]) for line in lines if len(line) == 3}
    row = turns[max(turns)] if turns else None
    return {row["document"]} if row else set()


def basket_faults(folder: Path, counter: Counter, document: UUID, verb: str, *, sold: bool) -> list[str]:
    """A basket comes back exactly if nothing was made of it that the journal knows."""
    assert isinstance(counter.journal, CounterJournal)
    shelf = CounterBaskets(folder, state_of=counter.journal.state_of, now=counter.clock.now)
    kept = shelf.kept()
    shelf.clear()
    shelf.close()
    known = counter.journal.state_of(document) is not None
    if verb == "sale" and (known or sold):
        return ["a basket that was sold came back"] if kept is not None else []
    return ["the basket is lost"] if kept is None or kept.basket != IN_BASKET.basket else []
