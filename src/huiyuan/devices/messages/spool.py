"""Messages as files in a folder, for a program of the shop's that sends them.

Each is one JSON file, `<number>.json`, for this user alone; it holds a telephone number, so the program takes
it away. `numbers.log` keeps which numbers were begun and which were written, and nothing else.

Always true: a file is whole or not there; a number that was written once is not written again; one that was
begun and whose file is not there any more is not said to be sent, nor sent once more: a person looks.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

from huiyuan.domain.model.message import Delivery, MessageAnswer, OutMessage

LOG: Final = "numbers.log"
BEGUN: Final = "begun"
WRITTEN: Final = "written"


class SpoolFolder:
    """Fills the MessageGateway port with the folder `folder`, made if it is missing."""

    configured = True

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: OutMessage) -> MessageAnswer:
        """`sent` once it is on disk; `away` where the folder takes nothing."""
        known = self.query(message.number)
        if known.outcome is not Delivery.UNKNOWN_MESSAGE:
            return known
        told = {"number": message.number, "to": message.to, "title": message.title,
                "text": message.text, "copy": message.copy}  # fmt: skip
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._note(BEGUN, message.number)
        except OSError:
            return MessageAnswer(Delivery.AWAY)
        try:
            self._write(f"{message.number}.json", json.dumps(told, ensure_ascii=False).encode())
            self._note(WRITTEN, message.number)
        except OSError:
            return MessageAnswer(Delivery.UNSURE)
        return MessageAnswer(Delivery.SENT)

    def query(self, number: str) -> MessageAnswer:
        """Whether it was written."""
        try:
            log = self._folder / LOG
            said = set(log.read_text("ascii").splitlines()) if log.exists() else set()
            if f"{WRITTEN} {number}" in said or (self._folder / f"{number}.json").exists():
                return MessageAnswer(Delivery.SENT)
        except (OSError, ValueError):
            return MessageAnswer(Delivery.AWAY)
        begun = f"{BEGUN} {number}" in said
        return MessageAnswer(Delivery.UNSURE if begun else Delivery.UNKNOWN_MESSAGE)

    def _note(self, word: str, number: str) -> None:
        handle = os.open(self._folder / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, f"{word} {number}\n".encode("ascii"))
            os.fsync(handle)
        finally:
            os.close(handle)

    def _write(self, name: str, content: bytes) -> None:
        whole, part = self._folder / name, self._folder / f".{name}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            os.write(handle, content)
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(whole)
