"""kill -9 inside putting a basket aside and inside taking one: afterwards it is in exactly one place.

A place is where it can be sold from: this till's disk, if the server says that this till has it or knows of
none; the server's list, for any till; the server's list for this till again, where it had asked for it. The
control empties the till before the server has the basket, and loses it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.cart import Cart
from huiyuan.repositories.counter.baskets import CounterBaskets
from huiyuan.repositories.counter.clock import CounterClock
from huiyuan.repositories.desk import DatabaseDesk
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.kill_points import Moment, Points, in_a_child

STATE = (
    "select t.role from shop.held_sale h left join sec.terminal t on t.id = h.taken_by"
    " where h.id = %s and h.ended_at is null"
)
STEPS = ("Baskets.keep", "Baskets.clear", "SalesDesk.hold", "SalesDesk.recall")


class Written(CounterBaskets):
    """On disk when it returns: between naming the basket and sending it lies a person's key."""

    def keep(self, kept: KeptBasket) -> None:
        super().keep(kept)
        self.written()

    def clear(self) -> None:
        super().clear()
        self.written()

    def written(self) -> None:
        with self._news:
            assert self._news.wait_for(lambda: self._written >= self._turn, 20)


class Counting:
    """A till's folder with somebody signed in for all the kills."""

    def __init__(self, shop: Shop, folder: Path) -> None:
        self.shop = shop
        self.folder = folder
        self.cart = Cart()
        with open_counter(shop.url(facts.TILL_1), folder) as counter:
            counter.start()
            self.token = counter.held.token
            self.cart = counter.priced(facts.WATER).cart
            counter.close_all()

    def baskets(self) -> Written:
        return Written(self.folder, now=CounterClock().now, state_of=lambda _: None, receipt_of=lambda _: "")

    def opened(self) -> Counter:
        counter = open_counter(self.shop.url(facts.TILL_1), self.folder)
        counter.held.token = self.token
        return counter

    def basket(self, held: uuid.UUID | None) -> KeptBasket:
        cart = replace(self.cart, held=held)
        return KeptBasket(Basket.of(cart), facts.CASHIER.number, CounterClock().now())

    def hold(self, held: uuid.UUID, points: Points, *, control: bool) -> None:
        """As the sale screen does: the id first, then the server, then the till is empty."""
        counter, kept = self.opened(), self.baskets()
        kept.keep(self.basket(None))
        baskets = points.wrap("Baskets", kept)
        desk = points.wrap("SalesDesk", DatabaseDesk(counter.read_line.ask))
        points.armed = True
        if control:
            baskets.clear()
        else:
            baskets.keep(self.basket(held))
        desk.hold(
            held, basket=Basket.of(self.cart).to_json(), total_minor=200, line_count=1, member=None, note=None
        )
        if not control:
            baskets.clear()
        points.armed = False

    def recall(self, held: uuid.UUID, points: Points, *, control: bool) -> None:
        """As the list does: the server first, then the till's disk."""
        del control
        counter, kept = self.opened(), self.baskets()
        DatabaseDesk(counter.read_line.ask).hold(
            held, basket=Basket.of(self.cart).to_json(), total_minor=200, line_count=1, member=None, note=None
        )
        baskets = points.wrap("Baskets", kept)
        desk = points.wrap("SalesDesk", DatabaseDesk(counter.read_line.ask))
        points.armed = True
        desk.recall(held)
        baskets.keep(self.basket(held))
        points.armed = False

    def places(self, held: uuid.UUID) -> list[str]:
        """Where the basket can be sold from now."""
        kept = self.baskets()
        found = kept.kept()
        here = found is not None and bool(found.basket.lines)
        named = None if found is None else found.basket.said.get("held")
        kept.clear()
        kept.close()
        row: Any = self.shop.rows(STATE, held)
        places = []
        if here and (not row or (row[0][0] == facts.TILL_1 and named == held)):
            places.append("this till")
        if row and row[0][0] is None:
            places.append("any till")
        if row and row[0][0] == facts.TILL_1 and not here:
            places.append("this till again")
        return places


@pytest.mark.parametrize("verb", ["hold", "recall"])
def test_kill_9_leaves_the_basket_in_exactly_one_place(shop: Shop, tmp_path: Path, verb: str) -> None:
    bench, killed = Counting(shop, tmp_path), 0
    faults: list[str] = []
    for at in range(1, len(STEPS) + 1):
        for moment in _moments():
            held = uuid.uuid4()
            points = Points(at=at, moment=moment)
            died = in_a_child(partial(getattr(bench, verb), held, points, control=False))
            killed += died
            places = bench.places(held)
            if len(places) != 1:
                faults.append(f"{moment} step {at}: {places}")
    assert faults == []
    assert killed >= 4


def test_a_till_that_is_emptied_first_loses_the_basket(shop: Shop, tmp_path: Path) -> None:
    bench = Counting(shop, tmp_path)
    held = uuid.uuid4()
    assert in_a_child(partial(bench.hold, held, Points(at=1, moment="after"), control=True))
    assert bench.places(held) == []


def _moments() -> tuple[Moment, ...]:
    return ("before", "after")
