"""The counter's goods over a real server: filled by the login, no round trip a scan, fresh after changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyuan.domain.model.catalog import Product
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.repositories.counter import catalogue as module
from huiyuan.repositories.counter.catalogue import CounterCatalogue
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter
from tests.faults.proxy import Proxy


@pytest.fixture
def goods(proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CounterCatalogue]:
    """The catalogue of seat 1 over a line that counts, in pages of seven, with nobody signed in."""
    monkeypatch.setattr(module, "PAGE", 7)
    line = Line(LineSettings(proxy.url(facts.TILL_1)), HeldSession(), name="goods")
    catalogue = CounterCatalogue(tmp_path, line.ask_by_login)
    yield catalogue
    catalogue.close()
    line.close()


@pytest.fixture
def counter(proxy: Proxy, tmp_path: Path) -> Iterator[Counter]:
    """Seat 2 over the same line, somebody signed in."""
    folder = tmp_path / "counter"
    folder.mkdir()
    with open_counter(proxy.url(facts.TILL_2), folder) as opened:
        opened.start()
        yield opened


def test_the_till_and_the_server_say_the_same_of_every_product(
    goods: CounterCatalogue, counter: Counter
) -> None:
    goods.refresh()
    now = counter.clock.now()
    codes = [p.code for p in facts.PRODUCTS] + [facts.ean13(p.barcode) for p in facts.PRODUCTS if p.barcode]
    known = {code: goods.find(code, at=now) for code in codes}
    assert known == {code: counter.reads.find_product(code) for code in codes}


def test_a_scan_is_no_round_trip_and_a_question_is_one(
    goods: CounterCatalogue, counter: Counter, proxy: Proxy
) -> None:
    goods.refresh()
    now = counter.clock.now()
    proxy.reset_count()
    for product in facts.PRODUCTS:
        assert goods.find(product.code, at=now) is not None
    assert [p.code for p in goods.search("kqs", at=now, most=20)] == [facts.WATER]
    assert proxy.count.round_trips == 0
    counter.reads.find_product(facts.WATER)
    assert proxy.count.round_trips == 1, "the line counts nothing"


def test_a_change_comes_with_the_next_refresh_in_one_round_trip(
    goods: CounterCatalogue, proxy: Proxy, shop: Shop
) -> None:
    goods.refresh()
    with shop.connect() as owner:
        owner.execute(
            "update shop.price set valid_to = now() where product = %s and store is null",
            (facts.product_id(facts.WATER),),
        )
        owner.execute(
            "insert into shop.price(product, valid_from, amount_minor) values (%s, now(), 222)",
            (facts.product_id(facts.WATER),),
        )
        row = owner.execute("select now()").fetchone()
    assert row is not None
    proxy.reset_count()
    goods.refresh()
    assert proxy.count.round_trips == 1
    water: Product | None = goods.find(facts.WATER, at=row[0])  # type: ignore[arg-type]
    assert water is not None
    assert water.price_minor == 222


def test_a_line_that_is_cut_while_it_fills_loses_nothing(goods: CounterCatalogue, proxy: Proxy) -> None:
    goods_before = len(facts.PRODUCTS)
    proxy.arm("cut_before_answer", match=b"api.catalogue")
    goods.refresh()
    assert goods.state().complete
    assert goods.state().products == goods_before
