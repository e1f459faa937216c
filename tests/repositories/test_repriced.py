"""Labels and the goods on the counter's disk: whose price changes, the barcode of one, a scale's price."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyuan.domain.model.catalog import micros
from huiyuan.repositories.counter.catalogue import CounterCatalogue
from tests.repositories.test_catalogue import DAY_US, NOW, FakeServer, ean, product_row

Filled = Callable[..., CounterCatalogue]


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Filled]:
    """A counter's copy of these goods."""
    with ExitStack() as until:

        def fill(*rows: list[Any], scale: str = "") -> CounterCatalogue:
            server = FakeServer()
            server.scale = [scale] if scale else []
            server.rows.clear()
            for row in rows:
                server.put(row)
            made = CounterCatalogue(tmp_path, server.ask)
            until.callback(made.close)
            made.refresh()
            return made

        yield fill


def price(
    amount: int, *, begins: int = 0, ends: int | None = None, own: int = 0, kind: str = ""
) -> list[Any]:
    """A price as `api.catalogue` answers it; times in microseconds."""
    return [own, begins, ends, amount, *([kind] if kind else [])]


def test_what_changes_its_price_from_a_day_on(filled: Filled) -> None:
    """From the store's or the chain's price, for members too; what was announced anew at the same is none."""
    day = micros(NOW) + DAY_US
    rows = (
        ("COLA-330", [price(300, ends=day), price(350, begins=day)]),
        ("WATER", [price(200, ends=day), price(200, begins=day)]),
        ("TEA-LJ", [price(9), price(8, begins=day, own=1)]),
        ("APPLE", [price(1_198), price(1_000, begins=day, kind="member")]),
        ("NOTE-A4", [price(5, ends=day + DAY_US), price(6, begins=day + DAY_US)]),
    )
    catalogue = filled(
        *(product_row(n, code, code, None, prices=prices) for n, (code, prices) in enumerate(rows, start=1))
    )
    since, at = NOW + timedelta(days=1), NOW + timedelta(days=1, hours=20)

    repriced = catalogue.repriced(since=since, at=at, most=20)

    assert [(each.code, each.price_minor, each.lists) for each in repriced] == [
        ("APPLE", 1_198, (("member", 1_000),)), ("COLA-330", 350, ()), ("TEA-LJ", 8, ()),
    ]  # fmt: skip
    assert [each.code for each in catalogue.repriced(since=since, at=at, most=1)] == ["APPLE"]
    assert catalogue.repriced(since=NOW, at=NOW, most=20) == []


def test_a_barcode_of_one_and_not_of_six(filled: Filled) -> None:
    codes = [["6906", 6000], ["6903", 1000], ["6902", 1000]]
    cola = product_row(1, "COLA-330", "可乐", 300, barcodes=codes)
    catalogue = filled(cola, product_row(2, "WATER", "水", 200))
    assert [catalogue.barcode_of(product) for product in (1, 2, 99)] == ["6902", "", ""]


def test_a_scales_label_brings_its_price(filled: Filled) -> None:
    pork = product_row(9, "00042", "五花肉", 3_580, sold_by="weight")
    bread = product_row(10, "00043", "自制面包", None, open_price=True)
    catalogue = filled(pork, bread, scale="22IIIIIPPPPPC")
    weighed = [
        catalogue.find(ean(f"22{rest}"), at=NOW) for rest in ("0004204418", "0004300700", "0004200000")
    ]
    assert [each and (each.code, each.qty_milli) for each in weighed] == [
        ("00042", 1_234), ("00043", 1_000), None,
    ], "the second has an open price, which a person names"  # fmt: skip
