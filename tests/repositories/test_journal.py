"""The journal on the counter's disk: order, states, numbers, one owner, and a disk that is full."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product as pairs
from pathlib import Path

import pytest

from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import JOURNAL_MOVES, JournalState
from huiyuan.repositories.counter.journal import JOURNAL_FILE, CounterJournal
from tests.domain.builders import AT, posted, uid
from tests.domain.test_document import SALE

NO = Refused("price_changed", {"line": 1, "now": 900})


def document(n: int, number: int | None = None) -> Document:
    return replace(SALE, id=uid(n), number=number if number is not None else n)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[CounterJournal]:
    made = CounterJournal(tmp_path, now=lambda: AT)
    yield made
    made.close()


def test_what_was_written_is_unsent_until_it_is_answered_in_the_order_it_was_written(
    journal: CounterJournal,
) -> None:
    for n in (3, 1, 2):
        journal.write(document(n))
    assert [each.id for each in journal.unsent()] == [uid(3), uid(1), uid(2)]
    journal.answer(posted(uid(1)))
    assert journal.unsent() == (document(3), document(2))


def test_the_number_of_a_refused_document_is_free_again(journal: CounterJournal) -> None:
    assert journal.highest_number() == 0
    journal.write(document(1, number=8))
    assert journal.highest_number() == 8
    journal.refuse(uid(1), NO)
    assert journal.highest_number() == 0
    journal.write(document(1, number=8))
    assert [each.id for each in journal.unsent()] == [uid(1)]


def test_a_parked_document_keeps_its_number_and_is_shown_until_a_person_decides(
    journal: CounterJournal,
) -> None:
    journal.write(document(1, number=8))
    journal.park(uid(1), NO)
    (parked,) = journal.parked()
    assert (parked.document, parked.code, parked.facts, parked.parked_at) == (
        document(1, number=8),
        "price_changed",
        {"line": 1, "now": 900},
        AT,
    )
    assert (journal.unsent(), journal.highest_number()) == ((), 8)
    with pytest.raises(Refused) as missing:
        journal.decide(uid(1), by="Li", note="  ")
    assert missing.value.code == "reason_missing"
    journal.decide(uid(1), by="Li", note="rung up again as 9")
    assert (journal.parked(), journal.highest_number()) == ((), 8)


def test_a_proposal_keeps_its_number_and_is_not_sent_by_itself(journal: CounterJournal) -> None:
    journal.propose(document(1, number=8))
    assert (journal.unsent(), journal.highest_number()) == ((), 8)
    journal.write(document(1, number=8))
    assert len(journal.unsent()) == 1


def test_one_id_never_holds_two_contents(journal: CounterJournal) -> None:
    journal.write(document(1, number=8))
    journal.write(document(1, number=8))
    with pytest.raises(Refused) as refused:
        journal.write(document(1, number=9))
    assert refused.value.code == "id_reused"
    assert journal.unsent() == (document(1, number=8),)


def test_what_waits_for_a_decision_is_not_sent_again(journal: CounterJournal) -> None:
    journal.write(document(1))
    journal.park(uid(1), NO)
    with pytest.raises(Refused) as refused:
        journal.write(document(1))
    assert refused.value.code == "parked"


REACH: dict[JournalState, Callable[[CounterJournal], None]] = {
    JournalState.WRITTEN: lambda j: j.write(document(1)),
    JournalState.PROPOSED: lambda j: j.propose(document(1)),
    JournalState.ANSWERED: lambda j: j.answer(posted(uid(1))),
    JournalState.REFUSED: lambda j: j.refuse(uid(1), NO),
    JournalState.PARKED: lambda j: j.park(uid(1), NO),
    JournalState.DECIDED: lambda j: j.decide(uid(1), by="Li", note="seen"),
}
WAYS = {
    JournalState.WRITTEN: [JournalState.WRITTEN],
    JournalState.PROPOSED: [JournalState.PROPOSED],
    JournalState.ANSWERED: [JournalState.WRITTEN, JournalState.ANSWERED],
    JournalState.REFUSED: [JournalState.WRITTEN, JournalState.REFUSED],
    JournalState.PARKED: [JournalState.WRITTEN, JournalState.PARKED],
    JournalState.DECIDED: [JournalState.WRITTEN, JournalState.PARKED, JournalState.DECIDED],
}
ENDS = (JournalState.ANSWERED, JournalState.REFUSED, JournalState.PARKED, JournalState.DECIDED)


@pytest.mark.parametrize(("was", "now"), list(pairs(JournalState, ENDS)))
def test_every_pair_of_states_either_moves_or_is_refused(
    journal: CounterJournal, was: JournalState, now: JournalState
) -> None:
    for step in WAYS[was]:
        REACH[step](journal)
    assert journal.state_of(uid(1)) is was
    if (was, now) in JOURNAL_MOVES or was is now:
        REACH[now](journal)
        assert journal.state_of(uid(1)) is now
    else:
        with pytest.raises(KeyError):
            REACH[now](journal)
        assert journal.state_of(uid(1)) is was


def test_it_is_private_and_synced_with_its_folder_and_has_no_other_files(
    journal: CounterJournal, tmp_path: Path
) -> None:
    journal.write(document(1))
    for file in tmp_path.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {file.name for file in tmp_path.iterdir()} == {"journal.db", "journal.lock"}
    base = journal._base
    assert base.execute("pragma journal_mode").fetchone()[0] == "delete"
    assert base.execute("pragma synchronous").fetchone()[0] == 3  # EXTRA: FULL and the folder


def test_a_second_process_gets_a_refusal_and_the_file_is_free_after_the_first(
    journal: CounterJournal, tmp_path: Path
) -> None:
    journal.write(document(1))
    script = textwrap.dedent(
        f"""
        from datetime import UTC, datetime
        from pathlib import Path
        from huiyuan.domain.model.errors import Refused
        from huiyuan.repositories.counter.journal import CounterJournal
        try:
            journal = CounterJournal(Path({str(tmp_path)!r}), now=lambda: datetime.now(UTC))
        except Refused as refused:
            raise SystemExit(refused.code)
        raise SystemExit(len(journal.unsent()))
        """
    )
    second = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert "journal_taken" in second.stderr
    journal.close()
    journal.close()
    assert subprocess.run([sys.executable, "-c", script]).returncode == 1


def test_kill_9_right_after_writing_loses_nothing(tmp_path: Path) -> None:
    writer = os.fork()
    if writer == 0:  # pragma: no cover  (the child is killed before it could report)
        made = CounterJournal(tmp_path, now=lambda: AT)
        made.write(document(1))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(writer, 0)
    again = CounterJournal(tmp_path, now=lambda: AT)
    assert again.unsent() == (document(1),)
    again.close()


def test_a_full_disk_refuses_the_document_and_keeps_what_was_there(journal: CounterJournal) -> None:
    journal.write(document(1))
    pages = journal._base.execute("pragma page_count").fetchone()[0]
    journal._base.execute(f"pragma max_page_count = {pages}")
    long = replace(SALE, id=uid(2), number=2, reason="x" * 100_000)
    with pytest.raises(Refused) as refused:
        journal.write(long)
    assert (refused.value.code, refused.value.facts) == ("journal_unwritable", {"why": "SQLITE_FULL"})
    assert journal.unsent() == (document(1),)


def test_a_folder_that_cannot_be_written_or_a_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as missing:
        CounterJournal(tmp_path / "nowhere", now=lambda: AT)
    assert missing.value.code == "journal_unwritable"
    assert "nowhere" not in str(missing.value.facts)
    (tmp_path / JOURNAL_FILE).write_bytes(b"this is no database at all, not even close" * 100)
    with pytest.raises(Refused) as broken:
        CounterJournal(tmp_path, now=lambda: AT)
    assert broken.value.facts == {"why": "SQLITE_NOTADB"}


def test_old_rows_that_need_nobody_are_forgotten_but_never_the_last_number(tmp_path: Path) -> None:
    first = CounterJournal(tmp_path, now=lambda: AT)
    for n in (1, 2, 3, 4):
        first.write(document(n))
    first.answer(posted(uid(1)))
    first.park(uid(2), NO)
    first.answer(posted(uid(4)))
    first.close()
    later = CounterJournal(tmp_path, now=lambda: AT + timedelta(days=40))
    assert later.state_of(uid(1)) is None
    assert later.state_of(uid(2)) is JournalState.PARKED
    assert [each.id for each in later.unsent()] == [uid(3)]
    assert later.highest_number() == 4
    later.close()


def test_the_file_is_plain_sqlite_for_support(journal: CounterJournal, tmp_path: Path) -> None:
    journal.write(document(1, number=8))
    with sqlite3.connect(tmp_path / JOURNAL_FILE) as base:
        assert base.execute("select number, state from document").fetchall() == [(8, "written")]
