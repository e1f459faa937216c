"""The door of a process that found no free seat: nothing goes through it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from huiyuan.domain.model.approval import Proposed
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import Drained, ParkedDocument
from huiyuan.domain.model.offline import OfflineCaps, Outage
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.ports import OnState


class ReadOnlyDoor:
    """The door of a process that found no free seat: it looks, and never posts."""

    def watch(self, on_state: OnState) -> None:
        """Nothing ever happens here."""

    def post(self, document: Document) -> Posted:
        """Raises Refused `read_only`."""
        raise Refused("read_only", {"kind": str(document.kind)})

    def keep_offline(self, document: Document, caps: OfflineCaps) -> None:
        """Raises Refused `read_only`."""
        del caps
        raise Refused("read_only", {"kind": str(document.kind)})

    def outage(self) -> Outage | None:
        """None: nothing is ever sold from here."""
        return None

    def settle(self, document: UUID) -> Posted:
        """Raises KeyError: nothing was ever sent from here."""
        raise KeyError(document)

    def propose(self, document: Document) -> Proposed:
        """Raises Refused `read_only`."""
        raise Refused("read_only", {"kind": str(document.kind)})

    def withdraw(self, document: UUID) -> None:
        """Raises KeyError."""
        raise KeyError(document)

    def guess_pin(self, *, attempt: UUID, document: UUID, wallet: int, pin: str) -> None:
        """Raises Refused `read_only`."""
        del attempt, document, wallet, pin
        raise Refused("read_only")

    def next_number(self) -> int:
        """Always 1: no number is ever used."""
        return 1

    def drain(self) -> Drained:
        """Nothing to resend."""
        return Drained()

    def unsettled(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Document]:
        """Nothing."""
        del after, most
        return ()

    def parked(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[ParkedDocument]:
        """Nothing."""
        del after, most
        return ()

    def open_counts(self) -> tuple[int, int]:
        """Nothing."""
        return 0, 0

    def decide(self, document: UUID, *, by: str, note: str) -> None:
        """Raises KeyError."""
        del by, note
        raise KeyError(document)
