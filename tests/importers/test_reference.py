"""The whole real folder, imported and reported: equal to the reference to the cent."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from huiyuan.tui import cli
from tests import facts
from tests.cluster import Shop
from tests.importers.chains import dollars, load
from tests.importers.test_rung_up import MISSING, SHARED


@pytest.mark.soak
@pytest.mark.skipif(not SHARED.is_dir(), reason=MISSING)
def test_the_report_of_the_imported_past_is_the_reference(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = load(dollars(shop), SHARED / "retail")
    assert (outcome.posted, outcome.lines, outcome.members, outcome.stores) == (6_486, 59_100, 664, 10)
    assert {row.code for row in outcome.bad_rows} == {"not_listed"}
    assert load(shop, SHARED / "retail").changed is False
    assert shop.rows("select * from ledger.verify()") == []

    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYUAN_LANG", "en")
    pin, pin_end = os.pipe()
    os.write(pin_end, facts.MANAGER.pin.encode())
    os.close(pin_end)
    asked = ["--by", "store,day", "--from", "2017-03-01", "--to", "2017-05-31", "--format", "json"]
    who = ["--staff", facts.MANAGER.number, "--pin-fd", str(pin)]
    assert cli.main(["--database", shop.url(facts.TILL_1), "report", "turnover", *asked, *who]) == 0
    told = json.loads(capsys.readouterr().out)
    os.close(pin)

    answers = json.loads((SHARED / "reference_retail.json").read_text("utf-8"))["answers"]
    assert told["columns"] == answers["turnover_store_day"]["columns"]
    assert [[int(row[0]), *row[1:]] for row in told["rows"]] == answers["turnover_store_day"]["rows"]
    # The mistake has a name of its own: the same rows by UTC date are others.
    by_utc = {(row[0], row[1]): row[2] for row in answers["turnover_store_utc_day_WRONG"]["rows"]}
    assert {(int(row[0]), row[1]): row[2] for row in told["rows"]} != by_utc
