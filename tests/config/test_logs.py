"""The log keeps secrets out, stays one line an event, and survives two writers, a full file and no folder."""

from __future__ import annotations

import logging
import multiprocessing
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from huiyuan.config import logs


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "log" / "huiyuan.log"
    before = list(logging.getLogger().handlers), logging.getLogger().level, logging.raiseExceptions
    logs.set_up_logs(path)
    yield path
    for handler in list(logging.getLogger().handlers):
        if handler not in before[0]:
            logging.getLogger().removeHandler(handler)
            handler.close()
    logging.getLogger().setLevel(before[1])
    logging.raiseExceptions = before[2]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("connect postgresql://t_s01:geheim@db.example/huiyuan failed", "geheim"),
        ("connect postgresql://t_s01:a:b@db.example/huiyuan failed", "a:b"),
        ("host=db password=geheim user=x", "geheim"),
        ("host=db password='ge heim' user=x", "heim"),
        ("{'pin': '482913', 'x': 1}", "482913"),
        ('new_pin="48 29"', "29"),
        ("token=deadbeef01", "deadbeef01"),
        ("key=b'\\x01ab'", "x01ab"),
        ("card 6222 0212 3456 7890 was read", "6222"),
        ("card 6222021234567890 was read", "622202"),
        ("card_number=88230017", "8823"),
    ],
)
def test_a_secret_never_reaches_the_file(log_file: Path, text: str, secret: str) -> None:
    logging.getLogger("huiyuan.test").error("before %s after", text)
    line = log_file.read_text("utf-8")
    assert secret not in line.split("before ")[1]  # a time or a process number may look like it
    assert "***" in line
    assert "before" in line


@pytest.mark.parametrize(
    "text",
    [
        "document 0193a1b2-0000-7000-8000-123456789012 posted",
        "12.50 CNY in 3 lines at 2026-11-21 22:40:36",
        "host=db user=t_s01 port=5432",
        "receipt S01-2-000042",
    ],
)
def test_what_support_needs_stays_readable(text: str) -> None:
    assert logs.redact(text) == text


def test_one_event_is_one_line_even_with_a_traceback_and_hostile_text(log_file: Path) -> None:
    try:
        raise ValueError("a\nb\x1b[2J\u202ec\u2028d")
    except ValueError:
        logging.getLogger("huiyuan.test").exception("name %s", "x\r\nforged line\x9b\x00")
    text = log_file.read_bytes().decode("utf-8")
    assert len(text.splitlines()) == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", text)
    assert "\\x1b[2J" in text


def test_chinese_stays_chinese(log_file: Path) -> None:
    logging.getLogger("huiyuan.test").info("会员 张三")
    assert "会员 张三" in log_file.read_text("utf-8")


def test_the_file_is_private(log_file: Path) -> None:
    logging.getLogger("huiyuan.test").info("x")
    assert log_file.stat().st_mode & 0o777 == 0o600


def _write_many(path: Path, word: str, count: int) -> None:
    logs.set_up_logs(path)
    for number in range(count):
        logging.getLogger("huiyuan.test").info("%s %06d %s", word, number, "x" * 60)


def test_two_processes_rotate_one_file_and_lose_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "BYTES_MAX", 100_000)
    path = tmp_path / "huiyuan.log"
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write_many, args=(path, word, 1500)) for word in ("one", "two")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    files = [kept for kept in tmp_path.iterdir() if not kept.name.endswith(".lock")]
    lines = [line for kept in files for line in kept.read_text("utf-8").splitlines()]
    assert len(files) > 1
    assert all(kept.stat().st_size < 110_000 for kept in files)
    assert len(lines) == 3000


def test_no_folder_means_no_log_and_no_noise(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = list(logging.getLogger().handlers), logging.raiseExceptions
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    try:
        logs.set_up_logs(blocked / "huiyuan.log")
        logging.getLogger("huiyuan.test").error("lost")
    finally:
        logging.getLogger().handlers[:] = before[0]
        logging.raiseExceptions = before[1]
    assert capfd.readouterr().err == ""
