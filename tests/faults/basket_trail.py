"""The basket through kills: on disk before the verb begins, and afterwards back or sold, never both."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from huiyuan.domain.model.basket import Basket, KeptBasket, ToppingUp
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Tender
from huiyuan.repositories.counter.baskets import BASKET, TOPPING, CounterBasket, CounterBaskets
from huiyuan.repositories.counter.journal import CounterJournal
from tests import facts
from tests.counters import Counter

IN_BASKET: Final = KeptBasket(
    Basket.of(Cart().add(Product(1, facts.WATER, "Water", "goods", "piece", "V13", 1300, 200))),
    "1001",
    datetime.now(UTC),
)


PARTS: Final = KeptBasket(
    Basket(
        wallet=1,
        tenders=(Tender("bank_card", 10_000, reference="B77"),),
        top_up=ToppingUp(1, 1, "****0001", 30_000),
    ),
    "1001",
    datetime.now(UTC),
)
"""Of a top-up: taken on the bank's machine, and named nowhere else."""
OF_VERB: Final = {"sale": BASKET, "top-up": TOPPING}


def put_in_basket(folder: Path, shelf: CounterBaskets) -> None:
    """What somebody scanned long ago, and parts that somebody took: on disk."""
    for name, (place, kept) in _places(shelf).items():
        place.keep(kept)
        until = time.monotonic() + 10
        while named_on_disk(folder, name) != {None}:
            assert time.monotonic() < until, place.trouble()
            time.sleep(0.001)


def _places(shelf: CounterBaskets) -> dict[str, tuple[CounterBasket, KeptBasket]]:
    return {BASKET: (shelf, IN_BASKET), TOPPING: (shelf.topping, PARTS)}


def named_on_disk(folder: Path, name: str = BASKET) -> set[str | None]:
    """Which document the later of the two places names; nothing where there is no basket."""
    lines = [path.read_text("utf-8").split(" ", 2) for path in folder.glob(f"{name}.[01]")]
    turns = {int(line[0]): json.loads(line[2]) for line in lines if len(line) == 3}
    row = turns[max(turns)] if turns else None
    return {row["document"]} if row else set()


def basket_faults(folder: Path, counter: Counter, document: UUID, verb: str, *, sold: bool) -> list[str]:
    """A basket comes back exactly if nothing was made of it that the journal knows."""
    assert isinstance(counter.journal, CounterJournal)
    shelf = CounterBaskets(folder, state_of=counter.journal.state_of, now=counter.clock.now)
    known = sold or counter.journal.state_of(document) is not None
    faults = []
    for name, (place, kept) in _places(shelf).items():
        found = place.kept()
        if known and OF_VERB.get(verb) == name:
            faults += [f"a {name} that was sold came back"] if found is not None else []
        elif found is None or found.basket != kept.basket:
            faults.append(f"the {name} is lost")
        place.clear()
    shelf.close()
    return faults
