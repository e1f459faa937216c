"""Messages as files: whole or not there, once for a number, for this user alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from huiyuan.devices.messages.no_messages import NoMessages
from huiyuan.devices.messages.spool import LOG, SpoolFolder
from huiyuan.domain.model.message import Delivery, OutMessage

MESSAGE = OutMessage("a1-0", "13800138000", "S01-1-000001", "合计 3.50")


def test_a_message_is_one_file_for_this_user_alone(tmp_path: Path) -> None:
    spool = SpoolFolder(tmp_path / "out")
    assert spool.query("a1-0").outcome is Delivery.UNKNOWN_MESSAGE
    assert spool.send(MESSAGE).outcome is Delivery.SENT
    (file,) = (tmp_path / "out").glob("*.json")
    assert file.stat().st_mode & 0o777 == 0o600
    assert json.loads(file.read_text("utf-8"))["to"] == "13800138000"
    assert "138" not in (tmp_path / "out" / LOG).read_text("ascii")
    assert "138" not in repr(MESSAGE)


def test_a_number_is_written_once_also_after_it_was_taken_away(tmp_path: Path) -> None:
    SpoolFolder(tmp_path).send(MESSAGE)
    (tmp_path / "a1-0.json").unlink()
    again = SpoolFolder(tmp_path)
    assert (again.query("a1-0").outcome, again.send(MESSAGE).outcome) == (Delivery.SENT, Delivery.SENT)
    assert list(tmp_path.glob("*.json")) == []
    (tmp_path / LOG).unlink()  # control: without the log it would be written twice
    assert again.send(MESSAGE).outcome is Delivery.SENT
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_one_that_was_begun_and_is_not_there_is_not_said_to_be_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = SpoolFolder(tmp_path)

    def full(name: str, content: bytes) -> None:
        raise OSError(28, name, content)

    monkeypatch.setattr(spool, "_write", full)
    assert spool.send(MESSAGE).outcome is Delivery.UNSURE
    assert SpoolFolder(tmp_path).send(MESSAGE).outcome is Delivery.UNSURE


def test_no_folder_and_no_gateway_send_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert SpoolFolder(tmp_path / "file" / "out").send(MESSAGE).outcome is Delivery.AWAY
    assert NoMessages().send(MESSAGE).outcome is Delivery.AWAY
