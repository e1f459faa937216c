"""`huiyuan migrate` waits for what a counter of this machine has not sent: it says so and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.repositories.counter.journal import JOURNAL_FILE, CounterJournal, unsent_in
from huiyuan.tui.cli import main
from tests.domain.builders import AT, posted, uid
from tests.repositories.test_journal import document

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture
def seat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A counter's folder with two sales that nobody answered."""
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    folder = tmp_path / "counter" / "t_s01_c01"
    folder.mkdir(parents=True)
    journal = CounterJournal(folder, now=lambda: AT)
    journal.write(document(1))
    journal.write(document(2))
    journal.close()
    return folder


@pytest.mark.parametrize(
    ("lang", "parts"),
    [
        ("en", ["2 documents", "not sent yet", "t_s01_c01", "--unsent"]),
        ("zh_CN", ["2 张单据", "尚未发送", "t_s01_c01", "--unsent"]),
    ],
)
def test_nothing_is_updated_while_something_is_unsent(
    seat: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    parts: list[str],
) -> None:
    monkeypatch.setenv("HUIYUAN_LANG", lang)
    assert main(["migrate", "--database", NOWHERE]) == 2
    told = capsys.readouterr().err
    assert all(part in told for part in parts), told


def test_once_all_is_answered_or_somebody_insists_it_goes_on(
    seat: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYUAN_LANG", "en")
    assert unsent_in(seat) == 2
    assert main(["migrate", "--unsent", "--database", NOWHERE]) != 0
    assert "not sent" not in capsys.readouterr().err, "it asked the database"
    journal = CounterJournal(seat, now=lambda: AT)
    journal.answer(posted(uid(1)))
    journal.answer(posted(uid(2)))
    assert unsent_in(seat) == 0, "also while the counter runs"
    journal.close()
    assert main(["migrate", "--database", NOWHERE]) != 0
    assert "not sent" not in capsys.readouterr().err
    (seat / JOURNAL_FILE).write_bytes(b"no journal at all")
    assert unsent_in(seat) == 1
