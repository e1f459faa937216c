"""An import that is killed or broken off leaves whole documents; the same command again completes it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from huiyuan.repositories.secrets import make_keys
from tests.cluster import Shop
from tests.importers.chains import SMALL, by_store_and_day, dollars, load, many_baskets, standing
from tests.importers.interrupted import BATCH

PROJECT = Path(__file__).resolve().parents[2]
BASKETS = 12 * BATCH


def run(shop: Shop, home: Path, *arguments: str, module: str = "huiyuan.tui.cli") -> tuple[int, str, str]:
    """A process of its own with a home of its own: what a person would start."""
    environment = {**os.environ, "HUIYUAN_HOME": str(home), "HUIYUAN_LANG": "en"}
    environment["PYTHONPATH"] = f"{PROJECT / 'src'}:{PROJECT}"
    code = f"import sys; from {module} import main; sys.exit(main(sys.argv[1:]))"
    how = ["-c", code] if module.startswith("huiyuan") else ["-m", module]
    done = subprocess.run(
        [sys.executable, *how, *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    return done.returncode, done.stdout, done.stderr


def standing_when_all_is_quiet(shop: Shop) -> int:
    """Documents that stand once the server has ended what the process that is gone had begun."""
    with shop.connect() as owner:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            row = owner.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and backend_type = 'client backend'"
            ).fetchone()
            if row == (0,):
                break
            time.sleep(0.05)
        found = owner.execute("select count(*) from ledger.document where kind = 'history_sale'").fetchone()
    assert found is not None
    return int(str(found[0]))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    make_keys(folder / "keys")
    return folder


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_broken_off_in_the_middle_and_run_again_is_the_same_as_once(
    shop: Shop, home: Path, tmp_path: Path, number: signal.Signals
) -> None:
    folder = many_baskets(tmp_path / "many", BASKETS)
    dollars(shop)
    arguments = (shop.admin_url, str(folder), str(int(number)), str(4 * BATCH))

    code, out, complaint = run(shop, home, *arguments, module="tests.importers.interrupted")

    stands = standing_when_all_is_quiet(shop)
    assert 4 * BATCH <= stands < BASKETS, "it was to be cut in the middle"
    assert stands % BATCH == 0  # a batch is whole or not there
    assert shop.rows("select * from ledger.verify()") == []
    if number == signal.SIGINT:
        assert (code, "the same command again does the rest" in complaint) == (130, True)
        # The batch that was under way when the key was pressed may have been booked all the same.
        assert f" {stands} sales" in out or f" {stands - BATCH} sales" in out
    else:
        assert code == -signal.SIGKILL

    command = (
        "--database",
        shop.admin_url,
        "import",
        "retail",
        str(folder),
        "--timezone",
        "America/New_York",
    )
    code, out, complaint = run(shop, home, *command, "--currency", "usd")
    assert (code, f"({stands} stood already)" in out) == (0, True), (out, complaint)
    assert f"sales: {BASKETS} of {BASKETS}" in complaint
    assert shop.rows(
        "select count(*), sum(total_minor)::int from ledger.document where kind = 'history_sale'"
    ) == [(BASKETS, sum((n % 9) * 100 + n % 100 for n in range(BASKETS)))]
    before = standing(shop)
    code, out, _ = run(shop, home, *command, "--currency", "USD")
    assert (code, out) == (0, f"Nothing new: {BASKETS} sales stand already. Nothing was changed.\n")
    assert standing(shop) == before
    assert shop.rows("select * from ledger.verify()") == []


def test_the_command_lists_what_it_could_not_use_and_refuses_in_sentences(
    shop: Shop, home: Path, tmp_path: Path
) -> None:
    command = ("--database", shop.admin_url, "import", "retail")
    zone = ("--timezone", "America/New_York", "--currency", "USD")
    assert "demo chain" in run(shop, home, *command, str(SMALL), *zone)[2]
    dollars(shop)
    assert "is no folder" in run(shop, home, *command, str(tmp_path / "no"), *zone)[2]

    folder = tmp_path / "folder"
    folder.mkdir()
    for file in SMALL.iterdir():
        text = file.read_text().replace("32065010117,505,12345", "32065010117,505,=1+1\x1b[2J")
        (folder / file.name).write_text(text)
    listed = tmp_path / "look.csv"
    code, out, _ = run(shop, home, *command, str(folder), *zone, "--errors", str(listed))
    assert (code, "19 sales with 23 lines" in out, f"4 rows need a look: {listed}" in out) == (1, True, True)
    assert (listed.stat().st_mode & 0o777, listed.read_bytes()[:3]) == (0o600, b"\xef\xbb\xbf")
    rows = listed.read_text("utf-8-sig").splitlines()
    assert rows[0] == "file,line,reason,row"
    assert rows[1].startswith("transactions.csv,15,quantity cannot be used,")
    assert "\x1b" not in listed.read_text("utf-8-sig")
    assert [row.split(",")[1] for row in rows[2:]] == ["15", "8", "19"]

    code, _, complaint = run(shop, home, *command, str(folder), *zone, "--errors", str(listed))
    assert (code, "is not overwritten" in complaint) == (2, True)
    assert load(shop, SMALL).posted == 1
    assert sum(row[3] for row in by_store_and_day(shop)) == 20  # type: ignore[misc]
