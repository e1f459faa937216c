"""The one box."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.found import Found
from huiyuan.domain.model.needle import Needle


class MemberFinder(Protocol):
    """Finds members by whatever was typed, swiped or scanned. One round trip a question, none for nothing."""

    def find(self, needle: Needle) -> Found:
        """At most twenty members. Only the newest of several questions is answered.

        Raises Refused: `superseded` (a newer question), `not_permitted`, `not_signed_in`, `key_missing`.
        """
        ...

    def fold_last_seen(self, shift: UUID) -> int:
        """Count whoever was here in `shift` as seen on its day; answers how many members changed.

        Raises Refused: `shift_missing`, `not_signed_in`.
        """
        ...
