"""The goods on the counter's disk: found, priced and searched without a question; filled, killed, damaged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from huiyuan.domain.model.barcode import check_digit
from huiyuan.domain.model.catalog import Product, micros
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.repositories.counter import catalogue as module
from huiyuan.repositories.counter.catalogue import FRESH_S, CounterCatalogue
from huiyuan.repositories.counter.catalogue_file import CATALOGUE_FILE, CatalogueFile, match_of
from huiyuan.repositories.search_words import product_tokens

NOW = datetime(2026, 5, 1, 4, tzinfo=UTC)
DAY_US = 86_400_000_000
GOODS = (("COLA-330", "可乐 330ml", 300), ("WATER", "农夫山泉矿泉水 550ml", 200),
         ("TEA-LJ", "西湖龙井茶", 16_800),
         ("APPLE", "红富士苹果", 1_198), ("NOTE-A4", "A4 复印纸", 2_500),
         ("4711", "Kölnisch Wasser", 9_900))  # fmt: skip


def product_row(ident: int, code: str, name: str, amount_minor: int | None, **more: Any) -> list[Any]:
    """A row as `api.catalogue` answers it."""
    prices = more.get("prices", [] if amount_minor is None else [[0, 0, None, amount_minor]])
    words = " ".join(t for t in product_tokens(name, code) if t.isascii() and t.isalnum())
    sold_by, open_price = more.get("sold_by", "piece"), more.get("open_price", False)
    return [ident, code, name, "goods", "piece", "vat13", sold_by, open_price, None, None, None,
            words, more.get("barcodes", []), prices]  # fmt: skip


class FakeServer:
    """`api.catalogue` in memory: products by id with the round in which each changed last."""

    def __init__(self) -> None:
        self.epoch, self.store, self.time = "life-1", 3, 1
        self.rows: dict[int, tuple[int, list[Any]]] = {}
        self.asked: list[tuple[str | None, int]] = []
        self.fail: Callable[[int], None] = lambda _n: None
        self.scale: list[str] = []
        for n, (code, name, amount) in enumerate(GOODS, start=1):
            self.put(product_row(n, code, name, amount, barcodes=[[f"690000000000{n}", 1000]]))

    def put(self, row: list[Any]) -> None:
        self.time += 1
        self.rows[row[0]] = (self.time, row)

    def ask(self, statement: str, parameters: Sequence[object]) -> Any:
        assert statement.startswith("select api.catalogue(")
        epoch, horizon, after, most = parameters
        assert isinstance(after, int)
        assert isinstance(most, int)
        self.asked.append((None if horizon is None else str(horizon), after))
        self.fail(len(self.asked))
        since = int(str(horizon)) if horizon is not None and epoch == self.epoch else None
        found = [row for n, (at, row) in sorted(self.rows.items())
                 if n > after and (len(row) > 1 if since is None else at >= since)][:most]  # fmt: skip
        answer = {"epoch": self.epoch, "horizon": str(self.time + 1), "store": self.store,
                  "whole": since is None, "products": found, "more": len(found) == most,
                  "taxes": [["vat13", 1300]], "scale": self.scale}  # fmt: skip
        return json.loads(json.dumps(answer))


@pytest.fixture
def server() -> FakeServer:
    return FakeServer()


@pytest.fixture
def catalogue(
    server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CounterCatalogue]:
    monkeypatch.setattr(module, "PAGE", 2)
    made = CounterCatalogue(tmp_path, server.ask)
    yield made
    made.close()


def found(catalogue: CounterCatalogue, typed: str) -> list[str]:
    return [product.code for product in catalogue.search(typed, at=NOW, most=20)]


def ean(twelve: str) -> str:
    return twelve + check_digit(twelve)


def the(catalogue: CounterCatalogue, code: str, at: datetime = NOW) -> Product:
    product = catalogue.find(code, at=at)
    assert product is not None
    return product


def test_before_it_was_filled_it_knows_nothing_and_says_so(catalogue: CounterCatalogue) -> None:
    assert catalogue.find("COLA-330", at=NOW) is None
    assert found(catalogue, "kele") == []
    assert not catalogue.state().complete


def test_filled_it_finds_by_code_and_barcode(catalogue: CounterCatalogue, server: FakeServer) -> None:
    server.put(product_row(1, "COLA-330", "可乐 330ml", 300, barcodes=[["6901", 1000], ["6906", 6000]]))
    catalogue.refresh()
    assert catalogue.state().complete
    assert catalogue.state().products == len(GOODS)
    cola = the(catalogue, " COLA-330 ")
    assert (cola.id, cola.name, cola.price_minor, cola.tax_rate_bp, cola.qty_milli) == (
        1,
        "可乐 330ml",
        300,
        1300,
        1000,
    )
    assert the(catalogue, "6906").qty_milli == 6000
    assert the(catalogue, "６９０１") == cola
    assert catalogue.find("nothing", at=NOW) is None


@pytest.mark.parametrize(
    ("typed", "codes"),
    [("kele", ["COLA-330"]), ("kl", ["COLA-330"]), ("k", ["COLA-330", "WATER", "4711"]), ("可", ["COLA-330"]),
     ("nfsq", ["WATER"]), ("kuangquan", ["WATER"]), ("kuangquansh", ["WATER"]),
     ("shanquankuang 55", ["WATER"]), ("longjingcha", ["TEA-LJ"]), ("pingguo", ["APPLE"]), ("guoping1", []),
      ("kqs", ["WATER"]), ("矿泉", ["WATER"]), ("矿泉水", ["WATER"]), ("水", ["WATER"]),
     ("苹果", ["APPLE"]), ("果苹", []), ("cola", ["COLA-330"]), ("cola-3", ["COLA-330"]), ("a4", ["NOTE-A4"]),
     ("kolnisch w", ["4711"]), ("矿 550", ["WATER"]), ("可乐330", ["COLA-330"]), ("kele330", ["COLA-330"]),
     ("", []), ("*", []), ('"', []), ('k" OR "a', []), ("NEAR(a b)", []), ("%", []), ("x" * 500, [])],
)  # fmt: skip
def test_words_find_goods(catalogue: CounterCatalogue, typed: str, codes: list[str]) -> None:
    catalogue.refresh()
    assert found(catalogue, typed) == codes


def test_what_is_asked_of_the_index_is_words_only() -> None:
    assert match_of('矿泉水 "or') == '("矿泉"* AND "泉水"* AND "or"*)'
    assert match_of("--- ") == ""


@pytest.mark.parametrize(
    "code",
    ["", "\x00", "]C1\x1d0106901234567892", "\ud800", "9" * 4096, "COLA-330\x1b[2J", "' or 1=1 --", "٣"],
)
def test_what_no_code_can_be_is_known_by_nobody(catalogue: CounterCatalogue, code: str) -> None:
    catalogue.refresh()
    assert catalogue.find(code, at=NOW) is None
    assert catalogue.search(code, at=NOW, most=20) in ([], ()) or "COLA" in code
    assert catalogue.state().complete


def test_at_most_as_many_as_wanted(catalogue: CounterCatalogue, server: FakeServer) -> None:
    for n in range(100, 150):
        server.put(product_row(n, f"TEE-{n}", "茶", 100))
    catalogue.refresh()
    assert len(catalogue.search("茶", at=NOW, most=20)) == 20


def test_the_price_in_force_is_picked_by_the_moment(catalogue: CounterCatalogue, server: FakeServer) -> None:
    now = micros(NOW)
    prices = [
        [1, now + DAY_US, now + 2 * DAY_US, 250],
        [0, 0, now + 3 * DAY_US, 300],
        [0, now + 3 * DAY_US, None, 330],
    ]
    server.put(product_row(1, "COLA-330", "可乐 330ml", None, prices=prices))
    catalogue.refresh()
    by_day = [the(catalogue, "COLA-330", NOW + timedelta(days=day)).price_minor for day in range(5)]
    assert by_day == [300, 250, 300, 330, 330]


def test_without_a_price_only_what_is_open_is_found(catalogue: CounterCatalogue, server: FakeServer) -> None:
    server.put(product_row(1, "COLA-330", "可乐 330ml", None))
    server.put(product_row(2, "WATER", "水", None, open_price=True, sold_by="weight"))
    catalogue.refresh()
    assert catalogue.find("COLA-330", at=NOW) is None
    water = the(catalogue, "WATER")
    assert (water.price_minor, water.open_price, water.sold_by) == (0, True, "weight")


def test_a_scales_label_brings_its_weight(catalogue: CounterCatalogue, server: FakeServer) -> None:
    server.scale = ["20IIIIIWWWWWC"]
    server.put(product_row(9, "00042", "五花肉", 3_580, sold_by="weight"))
    catalogue.refresh()
    pork = the(catalogue, ean("200004201234"))
    assert (pork.code, pork.qty_milli) == ("00042", 1_234)
    assert catalogue.find("200004201234" + str((int(ean("200004201234")[-1]) + 1) % 10), at=NOW) is None
    assert catalogue.find(ean("200004121234"), at=NOW) is None


def test_a_delta_changes_what_changed_and_forgets_what_is_gone(
    catalogue: CounterCatalogue, server: FakeServer
) -> None:
    catalogue.refresh()
    asked = len(server.asked)
    server.put(product_row(1, "COLA-330", "雪碧 330ml", 310, barcodes=[["6901", 1000]]))
    server.put([2])
    catalogue.refresh()
    assert [horizon is None for horizon, _ in server.asked[asked:]] == [False, False]
    assert the(catalogue, "COLA-330").name == "雪碧 330ml"
    assert (found(catalogue, "kele"), found(catalogue, "xuebi")) == ([], ["COLA-330"])
    assert catalogue.find("6900000000001", at=NOW) is None
    assert catalogue.find("WATER", at=NOW) is None
    assert found(catalogue, "kqs") == []


def test_a_barcode_that_moved_is_where_it_moved(catalogue: CounterCatalogue, server: FakeServer) -> None:
    catalogue.refresh()
    server.put(
        product_row(1, "COLA-330", "可乐", 300, barcodes=[["6900000000001", 1000], ["6900000000002", 1000]])
    )
    server.put(product_row(2, "WATER", "水", 200))
    catalogue.refresh()
    assert the(catalogue, "6900000000002").code == "COLA-330"


def test_an_interrupted_fill_goes_on_where_it_was(
    catalogue: CounterCatalogue, server: FakeServer, tmp_path: Path
) -> None:
    def cut(n: int) -> None:
        if n == 3:
            raise Unreachable

    server.fail = cut
    with pytest.raises(Unreachable):
        catalogue.refresh()
    assert not catalogue.state().complete
    assert the(catalogue, "COLA-330").price_minor == 300
    catalogue.close()
    server.fail = lambda _n: None
    server.put(product_row(1, "COLA-330", "可乐", 333))  # behind the place that was reached
    again = CounterCatalogue(tmp_path, server.ask)
    again.refresh()
    assert server.asked[3][1] == 4, "it began anew instead of going on"
    assert again.state().complete
    assert the(again, "COLA-330").price_minor == 333, "what changed behind it was missed"
    again.close()


def test_a_restored_database_or_another_store_is_fetched_anew(
    catalogue: CounterCatalogue, server: FakeServer
) -> None:
    catalogue.refresh()
    server.epoch = "life-2"
    del server.rows[2]
    catalogue.refresh()
    assert catalogue.state().complete
    assert catalogue.find("WATER", at=NOW) is None
    server.store = 4
    del server.rows[3]
    catalogue.refresh()
    assert catalogue.find("TEA-LJ", at=NOW) is None


@pytest.mark.parametrize("damage", ["no database", "torn", "gone", "words"])
def test_a_damaged_file_is_fetched_anew(
    catalogue: CounterCatalogue, server: FakeServer, tmp_path: Path, damage: str
) -> None:
    for n in range(100, 220):
        server.put(product_row(n, f"P{n}", "茶" * 40, 100))
    catalogue.refresh()
    catalogue.close()
    path = tmp_path / CATALOGUE_FILE
    if damage == "no database":
        path.write_bytes(b"\x00garbage" * 1000)
    elif damage == "torn":
        with path.open("r+b") as file:
            file.seek(8192)
            file.write(os.urandom(path.stat().st_size - 12288))
    elif damage == "gone":
        path.unlink()
    else:
        import sqlite3

        with sqlite3.connect(path) as base:
            base.execute("update word_data set block = x'00' where id > 10")
    begun: list[str] = []
    again = CounterCatalogue(tmp_path, server.ask)
    again.in_background(lambda: begun.append("refresh"))
    again.search("cha", at=NOW, most=20)
    assert begun, "nobody was told that it has to be fetched"
    again.refresh()
    assert again.state().complete
    assert the(again, "COLA-330").price_minor == 300
    assert found(again, "kele") == ["COLA-330"]
    again.close()


def test_a_disk_that_takes_nothing_leaves_it_to_the_server(
    catalogue: CounterCatalogue, server: FakeServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("SQLITE_FULL")

    with monkeypatch.context() as patched:
        patched.setattr(CatalogueFile, "apply", full)
        catalogue.refresh()
    assert not catalogue.state().complete
    assert catalogue.find("COLA-330", at=NOW) is None
    catalogue.refresh()
    assert the(catalogue, "COLA-330").price_minor == 300


def test_it_asks_while_somebody_scans_and_not_by_the_clock(server: FakeServer, tmp_path: Path) -> None:
    clock = [0.0]
    wanted: list[float] = []
    catalogue = CounterCatalogue(tmp_path, server.ask, monotonic=lambda: clock[0])
    catalogue.in_background(lambda: wanted.append(clock[0]))
    catalogue.freshen()
    for clock[0] in (1, FRESH_S - 1, FRESH_S, FRESH_S + 1, 10 * FRESH_S):
        catalogue.find("COLA-330", at=NOW)
    catalogue.freshen(at_once=True)
    assert wanted == [0, FRESH_S, 10 * FRESH_S, 10 * FRESH_S]
    catalogue.close()


def test_a_seat_that_is_not_enrolled_any_more_keeps_what_it_has(
    catalogue: CounterCatalogue, server: FakeServer
) -> None:
    catalogue.refresh()

    def no(_n: int) -> None:
        raise Refused("unknown_terminal")

    server.fail = no
    with pytest.raises(Refused):
        catalogue.refresh()
    assert the(catalogue, "COLA-330").price_minor == 300


FILLING = """
import sys, json
from pathlib import Path
from tests.repositories import test_catalogue as t
server = t.FakeServer()
for n in range(100, 220):
    server.put(t.product_row(n, f"P{n}", "茶", 100))
t.module.PAGE = 10
def tell(n):
    print(n, flush=True)
server.fail = tell
made = t.CounterCatalogue(Path(sys.argv[1]), server.ask)
while True:
    made.refresh()
    made._begin_anew()
"""


@pytest.mark.parametrize("pages", [1, 7, 19])
def test_killed_while_it_fills_the_next_start_is_right(
    server: FakeServer, tmp_path: Path, pages: int
) -> None:
    for n in range(100, 220):
        server.put(product_row(n, f"P{n}", "茶", 100))
    child = subprocess.Popen([sys.executable, "-c", FILLING, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    for _ in range(pages):
        child.stdout.readline()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    catalogue = CounterCatalogue(tmp_path, server.ask)
    catalogue.refresh()
    assert catalogue.state().complete
    assert {code for n in range(100, 220) if catalogue.find(code := f"P{n}", at=NOW) is None} == set()
    assert found(catalogue, "kele") == ["COLA-330"]
    assert len(catalogue.search("cha", at=NOW, most=1000)) == 121
    catalogue.close()


def test_the_control_a_place_written_before_its_rows_loses_them(
    catalogue: CounterCatalogue, server: FakeServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the one transaction is for: the same stop between two of them leaves a hole that stays."""
    whole = CatalogueFile.apply

    def in_two(self: CatalogueFile, products: Any, meta: dict[str, str | None]) -> None:
        whole(self, [], meta)
        if len(server.asked) == 2:
            raise KeyboardInterrupt
        whole(self, products, {})

    with monkeypatch.context() as patched:
        patched.setattr(CatalogueFile, "apply", in_two)
        with pytest.raises(KeyboardInterrupt):
            catalogue.refresh()
    catalogue.close()
    again = CounterCatalogue(tmp_path, server.ask)
    again.refresh()
    assert again.state().complete
    assert again.find("TEA-LJ", at=NOW) is None
    again.close()
