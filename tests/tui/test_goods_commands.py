"""`huiyuan demo`, `verify` and `report` on a real database, in both languages."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from huiyuan.config.i18n import translate
from huiyuan.tui import cli
from huiyuan.tui.subcommands.verify import FAULTS, NAMING, fault_in_words
from tests import facts
from tests.cluster import Cluster, Shop
from tests.posting import line, open_shift, sell
from tests.tills import Till

Tills = Callable[[int], Till]
Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home without a database; every test here names its own."""
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.delenv("HUIYUAN_DATABASE_URL", raising=False)
    monkeypatch.setenv("HUIYUAN_LANG", "en")
    monkeypatch.setattr("huiyuan.config.logs.set_up_logs", lambda *_, **__: None)
    return tmp_path


def pin_file(text: str) -> int:
    """A file that is open already and holds a PIN."""
    read, write = os.pipe()
    os.write(write, text.encode())
    os.close(write)
    return read


def report(shop: Shop, staff: facts.DemoStaff, *words: str, role: str = facts.TILL_1) -> int:
    pin = pin_file(staff.pin + "\n")
    try:
        asked = ["report", "--staff", staff.number, "--pin-fd", str(pin), *words]
        return cli.main(["--database", shop.url(role), *asked])
    finally:
        os.close(pin)


def test_demo_makes_the_chain_says_how_to_sign_in_and_does_nothing_twice(
    capsys: Output, cluster: Cluster
) -> None:
    with cluster.empty() as shop, cluster.alone():
        assert cli.main(["--database", shop.admin_url, "demo", "--small"]) == 0
        first = capsys.readouterr().out
        assert cli.main(["--database", shop.admin_url, "demo", "--small"]) == 0
        again = capsys.readouterr().out
        assert shop.rows("select count(*) from sec.staff") == [(len(facts.STAFF),)]
    assert "ready" in first
    assert "1001" in first
    assert facts.GOLD_CARD.number in first
    assert "nothing was changed" in again


def test_reset_asks_first_and_never_touches_a_real_chain(
    capsys: Output, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("yes\n"))
    assert cli.main(["--database", shop.admin_url, "demo", "--reset"]) == 2
    assert "--yes" in capsys.readouterr().err

    with shop.connect() as connection:
        connection.execute("update shop.member set name = '改过' where id = 1")
    assert cli.main(["--database", shop.admin_url, "demo", "--reset", "--small", "--yes"]) == 0
    assert shop.rows("select name from shop.member where id = 1") == [("张伟",)]

    with shop.connect() as connection:
        connection.execute("update shop.chain set demo = false")
    capsys.readouterr()
    assert cli.main(["--database", shop.admin_url, "demo", "--reset", "--yes"]) == 2
    assert "real chain" in capsys.readouterr().err
    assert shop.rows("select demo from shop.chain") == [(False,)]


def test_verify_finds_nothing_in_an_honest_ledger(capsys: Output, shop: Shop, till: Tills) -> None:
    one = till(1)
    sell(one, open_shift(one), [line(1, facts.WATER)])

    assert cli.main(["--database", shop.admin_url, "verify"]) == 0
    assert capsys.readouterr().out.startswith("Nothing found")


def test_verify_names_what_was_touched_in_both_languages_and_ends_with_1(capsys: Output, shop: Shop) -> None:
    with shop.connect() as connection:
        connection.execute(
            "update ledger.account set balance = balance + 1 where kind = 'principal' and wallet = 1"
        )
    wallet = shop.rows("select id from ledger.account where kind = 'principal' and wallet = 1")[0][0]

    assert cli.main(["--database", shop.admin_url, "verify"]) == 1
    english = capsys.readouterr().out
    assert f"account {wallet}: balance or head differs from its last entry" in english
    assert cli.main(["--database", shop.admin_url, "--lang", "zh", "verify"]) == 1
    assert f"账户 {wallet}：" in capsys.readouterr().out.replace(": ", "：")


def test_every_fault_that_the_ledger_can_name_has_its_words(shop: Shop) -> None:
    bodies = shop.rows("select prosrc from pg_proc where proname like 'verify%%'")
    source = " ".join(str(body) for (body,) in bodies)
    for fault in FAULTS:
        assert f"'{fault}'" in source, fault
    named = set(re.findall(r"'([a-z][a-z, ]+ [a-z, ]*[a-z])'", source))
    words = set(FAULTS) | {pattern.split(" (", maxsplit=1)[0] for pattern in NAMING} | {"differ"}
    assert {fault for fault in named if fault.strip() not in words} == set()
    zh = translate("zh_CN")
    assert [fault for fault in FAULTS if zh(FAULTS[fault]) == FAULTS[fault]] == []
    for pattern in NAMING:
        assert fault_in_words(pattern.replace(r"(\S+)", "0190"), zh) != pattern
        assert "0190" in fault_in_words(pattern.replace(r"(\S+)", "0190"), zh)


def test_verify_and_report_make_no_database(capsys: Output, home: Path) -> None:
    for words in (["verify"], ["report"]):
        assert cli.main(words) == 2
        assert "no database" in capsys.readouterr().err
    assert not (home / "postgres").exists()


def test_a_report_says_what_it_counts_and_which_stores(capsys: Output, shop: Shop, till: Tills) -> None:
    one = till(1)
    sell(one, open_shift(one), [line(1, facts.WATER, qty_milli=3_000)])

    assert report(shop, facts.MANAGER, "--by", "store,tender", "--apart") == 0

    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("Net sales, tax included")
    assert out[1].startswith("DEMO 演示连锁: stores S01, S02 (2 of 2)")
    assert f"asked by {facts.MANAGER.name} at" in out[1]
    assert out[2].split() == ["Store", "Paid", "with", "Net", "sales", "Baskets", "Lines", "Sold", "Returned"]
    assert out[4].split() == ["S01", "Cash", "6.00", "1", "1", "6.00", "0.00"]
    assert out[5].split() == ["total", "6.00", "1", "1", "6.00", "0.00"]


def test_a_report_in_chinese_for_one_store(capsys: Output, shop: Shop) -> None:
    assert report(shop, facts.MANAGER, "--store", "s02", "--lang", "zh") == 0
    out = capsys.readouterr().out
    assert "净营业额" in out
    assert "演示 演示连锁：门店 S02（共 2 家中的 1 家）" in out


def test_every_form_carries_the_same_rows(capsys: Output, shop: Shop, till: Tills, tmp_path: Path) -> None:
    one = till(1)
    sell(one, open_shift(one), [line(1, facts.WATER)])
    columns = ["store_id", "business_date", "net_sales_cents", "baskets", "line_count"]
    by = ("--by", "store,day")

    assert report(shop, facts.CASHIER, *by, "--format", "csv") == 0
    shown = capsys.readouterr()
    header, row = list(csv.reader(io.StringIO(shown.out)))
    assert header == columns
    assert row[0:1] + row[2:] == ["S01", "200", "1", "1"]
    assert "stores S01 (1 of 2)" in shown.err

    assert report(shop, facts.CASHIER, *by, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["report", "definition", "scope", "columns", "rows"]
    assert (found["report"], found["columns"]) == ("turnover", columns)
    assert found["rows"] == [["S01", row[1], 200, 1, 1]]

    book = tmp_path / "out.xlsx"
    assert report(shop, facts.CASHIER, *by, "-o", str(book)) == 0
    assert str(book) in capsys.readouterr().out
    sheet = load_workbook(book).worksheets[0]
    assert [[cell.value for cell in line] for line in sheet] == [columns, found["rows"][0]]

    plain = tmp_path / "out.json"
    assert report(shop, facts.CASHIER, *by, "--from", row[1], "--to", row[1], "-o", str(plain)) == 0
    assert json.loads(plain.read_text("utf-8"))["rows"] == found["rows"]


def test_stock_names_goods_stores_and_what_is_below_zero(capsys: Output, shop: Shop, till: Tills) -> None:
    assert report(shop, facts.MANAGER, "stock", "--search", facts.WATER, "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["report"], found["columns"][1], found["columns"][-1]) == (
        "stock",
        "product_code",
        "on_hand_milli",
    )
    assert [row[:2] for row in found["rows"]] == [["S01", facts.WATER], ["S02", facts.WATER]]
    assert all(isinstance(row[-1], int) for row in found["rows"])

    one = till(1)
    sell(one, open_shift(one), [line(1, facts.WATER, qty_milli=found["rows"][0][-1] + 1_000)])
    assert report(shop, facts.CASHIER, "stock", "--only", "negative", "--lang", "zh") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("门店现有数量")
    assert lines[-1].split()[:2] == ["S01", facts.WATER]
    assert lines[-1].endswith(" -1")


def test_a_report_refuses_in_words(capsys: Output, shop: Shop) -> None:
    stranger = facts.DemoStaff("1001", "x", "cashier", ())
    cases: tuple[tuple[tuple[str, ...], str], ...] = (
        (("--store", "S02"), "S02"),
        (("--by", "day,moon"), "cannot be split by moon"),
        (("--by", "day,day"), "cannot be split by day"),
        (("--format", "xlsx"), "-o FILE"),
        (("--format", "json", "-o", "/nowhere/x.json"), "cannot be written"),
        (("--from", "2026-02-02", "--to", "2026-02-01"), "first day"),
    )
    for words, part in cases:
        assert report(shop, facts.CASHIER, *words) == 2
        assert part in capsys.readouterr().err
    wrong = pin_file("9999")
    assert (
        cli.main(
            [
                "--database",
                shop.url(facts.TILL_1),
                "report",
                "--staff",
                stranger.number,
                "--pin-fd",
                str(wrong),
            ]
        )
        == 2
    )
    assert "4 tries left" in capsys.readouterr().err
    os.close(wrong)
    assert cli.main(["--database", shop.url(facts.TILL_1), "report"]) == 2
    assert "--staff" in capsys.readouterr().err


def test_a_report_signs_out_again(shop: Shop, capsys: Output) -> None:
    assert report(shop, facts.CASHIER) == 0
    assert shop.rows("select count(*) from sec.session where closed_at is null") == [(0,)]
    assert capsys.readouterr().out
