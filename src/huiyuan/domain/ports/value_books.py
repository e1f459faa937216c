"""The books of stored value: clearing between stores, what is filed, and how a wallet stood at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.clearing import Clearing, ClearingSlip, Story
from huiyuan.domain.model.filing import Filing
from huiyuan.domain.model.moment import Moment
from huiyuan.domain.model.wallet_statement import WalletStatement


class ValueBooks(Protocol):
    """One round trip a question, but for `clearing_stories`. All may raise Refused `not_permitted`."""

    def clearing(self, *, first: date | None, last: date | None) -> Clearing:
        """Every position that a store of this person's takes part in; None: since ever, until now."""
        ...

    def clearing_slips(
        self,
        issuer: int,
        spender: int,
        *,
        first: date | None,
        last: date | None,
        after: UUID | None,
        most: int,
    ) -> Sequence[ClearingSlip]:
        """The documents behind one position, newest first, those older than `after`."""
        ...

    def clearing_stories(self, *, first: date, last: date) -> Sequence[Story]:
        """What a simulation needs, in as many trips as there are pages. Raises Refused: `wrong_store`."""
        ...

    def filing(self, year: int, *, asked_by: str) -> Filing:
        """A year's quarters and what is owed now. Raises Refused: `wrong_store` (not the whole chain)."""
        ...

    def put_revenue(self, year: int, amount_minor: int, *, services: bool) -> None:
        """The main revenue of a year, in minor units. Raises Refused: `wrong_store`, `malformed`."""
        ...

    def as_of(self, wallet: int, at: datetime) -> Moment:
        """Raises Refused: `unknown_wallet`, `malformed` (a moment that has not come)."""
        ...

    def statement(
        self, wallet: int, *, first: date | None, last: date | None, after: UUID | None, most: int
    ) -> WalletStatement:
        """What moved a wallet, oldest first, behind the document `after`; None: this month, until today.

        Raises Refused: `unknown_wallet`, `malformed` (no such span).
        """
        ...
