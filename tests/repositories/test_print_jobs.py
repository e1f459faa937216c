"""Slips that wait: kept over a crash, never twice, in order, and the drawer only at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.printing import JobState, PrintJob
from huiyuan.domain.model.receipt import Receipt
from huiyuan.domain.usecases.printing import put_owed
from huiyuan.repositories.counter.print_jobs import PRINT_JOBS_FILE, CounterPrintJobs


class Now:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


def slip(number: int, *, opens_drawer: bool = True) -> Receipt:
    return Receipt(
        f"S01-1-{number:06}", 32, (f"第 {number} 张", "合计"), opens_drawer=opens_drawer, tall=(1,)
    )


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def jobs(tmp_path: Path, now: Now) -> CounterPrintJobs:
    return CounterPrintJobs(tmp_path, now=now)


def ids(jobs: CounterPrintJobs) -> list[int]:
    return [job.id.int for job in jobs.waiting()]


def test_slips_are_sent_in_the_order_they_were_put_also_after_a_failure(jobs: CounterPrintJobs) -> None:
    for number in (3, 1, 2):
        jobs.put(UUID(int=number), slip(number))
    begun = jobs.begin()
    assert begun is not None
    assert begun.receipt == slip(3)
    jobs.finish(begun.id, JobState.FAILED, "no_paper")
    sent = []
    while (job := jobs.begin()) is not None:
        sent.append(job.id.int)
        jobs.finish(job.id, JobState.PRINTED)
    assert sent == [3, 1, 2]
    assert ids(jobs) == []


def test_the_same_slip_is_put_once(jobs: CounterPrintJobs) -> None:
    jobs.put(UUID(int=1), slip(1))
    begun = jobs.begin()
    assert begun is not None
    jobs.finish(begun.id, JobState.PRINTED)
    assert jobs.put(UUID(int=1), slip(1)).state is JobState.PRINTED
    assert jobs.begin() is None


def test_what_was_at_the_printer_when_the_app_died_asks_a_person(tmp_path: Path, now: Now) -> None:
    jobs = CounterPrintJobs(tmp_path, now=now)
    jobs.put(UUID(int=1), slip(1))
    jobs.put(UUID(int=2), slip(2))
    jobs.begin()
    again = CounterPrintJobs(tmp_path, now=now)  # the first one is never closed: it was killed
    assert [(job.id.int, job.state, job.fault) for job in again.waiting()] == [
        (1, JobState.UNKNOWN, "interrupted"),
        (2, JobState.QUEUED, ""),
    ]
    begun = again.begin()
    assert begun is not None
    assert begun.id.int == 2
    assert (tmp_path / PRINT_JOBS_FILE).stat().st_mode & 0o777 == 0o600


def test_a_person_decides_about_an_unknown_one(jobs: CounterPrintJobs, now: Now, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        jobs.put(UUID(int=number), slip(number))
        jobs.begin()
        jobs.finish(UUID(int=number), JobState.UNKNOWN, "cut")
    jobs.again(UUID(int=1))
    jobs.confirm(UUID(int=2), by="1001")
    with pytest.raises(Refused, match="reason_missing"):
        jobs.discard(UUID(int=3), by="1001", note=" ")
    jobs.discard(UUID(int=3), by="1001", note="撕坏了")
    (left,) = jobs.waiting()
    assert (left.id.int, left.state, left.receipt.is_copy, left.receipt.opens_drawer) == (
        1, JobState.QUEUED, True, False,
    )  # fmt: skip
    assert "副本" in left.receipt.lines[0]
    assert left.receipt.tall == (2,)


@pytest.mark.parametrize("decide", ["again", "confirm", "discard"])
def test_a_slip_at_its_end_stays_there(jobs: CounterPrintJobs, decide: str) -> None:
    jobs.put(UUID(int=1), slip(1))
    jobs.begin()
    jobs.finish(UUID(int=1), JobState.PRINTED)
    told = {"again": {}, "confirm": {"by": "1"}, "discard": {"by": "1", "note": "x"}}[decide]
    with pytest.raises(KeyError):
        getattr(jobs, decide)(UUID(int=1), **told)
    with pytest.raises(KeyError):
        jobs.finish(UUID(int=1), JobState.FAILED)
    assert jobs.state_of(UUID(int=1)) is JobState.PRINTED


def test_the_drawer_opens_with_the_first_try_soon_after_the_sale_only(
    jobs: CounterPrintJobs, now: Now
) -> None:
    opened = []
    for late in (0, 60):
        job = UUID(int=late + 1)
        jobs.put(job, slip(late))
        now.at += timedelta(seconds=late)
        for _ in range(2):
            begun = jobs.begin()
            assert begun is not None
            opened.append(begun.receipt.opens_drawer)
            jobs.finish(job, JobState.FAILED, "no_paper")
        jobs.discard(job, by="1", note="x")
    assert opened == [True, False, False, False]


def test_whoever_watches_is_told_of_every_move(jobs: CounterPrintJobs) -> None:
    told: list[PrintJob] = []
    jobs.watch(told.append)
    jobs.put(UUID(int=1), slip(1))
    jobs.begin()
    jobs.finish(UUID(int=1), JobState.SENT)
    assert [job.state for job in told] == [JobState.QUEUED, JobState.SENDING, JobState.SENT]


def test_old_slips_that_need_nobody_go(tmp_path: Path, now: Now) -> None:
    jobs = CounterPrintJobs(tmp_path, now=now)
    for number in (1, 2):
        jobs.put(UUID(int=number), slip(number))
    jobs.begin()
    jobs.finish(UUID(int=1), JobState.PRINTED)
    jobs.close()
    now.at += timedelta(days=30)
    later = CounterPrintJobs(tmp_path, now=now)
    assert later.state_of(UUID(int=1)) is None
    assert ids(later) == [2]


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path, now: Now) -> None:
    jobs = CounterPrintJobs(tmp_path, now=now)
    jobs.close()
    with pytest.raises(Refused, match="print_jobs_unwritable"):
        jobs.put(UUID(int=1), slip(1))
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match="print_jobs_unwritable"):
        CounterPrintJobs(tmp_path / "file", now=now)


def test_without_a_seat_slips_are_kept_in_memory(tmp_path: Path, now: Now) -> None:
    jobs = CounterPrintJobs(None, now=now)
    jobs.put(UUID(int=1), slip(1))
    assert ids(jobs) == [1]
    assert list(tmp_path.iterdir()) == []


def test_an_answered_document_without_a_job_owes_its_slip(tmp_path: Path, now: Now) -> None:
    asked: list[datetime] = []

    def answered(since: datetime) -> list[tuple[UUID, str]]:
        asked.append(since)
        return [(UUID(int=1), "S01-1-000001"), (UUID(int=2), "S01-1-000002")]

    began = now.at
    jobs = CounterPrintJobs(tmp_path, now=now, answered=answered)
    jobs.put(UUID(int=1), slip(1))
    assert jobs.owed() == ("S01-1-000002",)
    assert asked == [began]  # what was answered before this file was begun had its slip elsewhere
    jobs.close()
    now.at += timedelta(days=30)
    jobs = CounterPrintJobs(tmp_path, now=now, answered=answered)
    jobs.owed()
    assert asked[-1] == now.at - timedelta(days=3)


def test_owed_slips_are_put_once_and_open_no_drawer(tmp_path: Path, now: Now) -> None:
    jobs = CounterPrintJobs(tmp_path, now=now, answered=lambda _: [(UUID(int=7), "S01-1-000007")])
    assert put_owed(jobs, lambda receipt: (UUID(int=7), slip(int(receipt[-1])))) == 1
    assert put_owed(jobs, lambda _: pytest.fail("put already")) == 0
    begun = jobs.begin()
    assert begun is not None
    assert begun.receipt == slip(7, opens_drawer=False)
    assert CounterPrintJobs(None, now=now).owed() == ()
