"""Stored value beside the till: its rules, what is due, whose bank account it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol
from uuid import UUID

from huiyuan.domain.model.recharge import Purchase
from huiyuan.domain.model.value_desk import DueRow


class ValueBook(Protocol):
    """One round trip a question. Each may raise Refused `not_permitted`, `not_signed_in`."""

    def propose(self, *, family: str, name: str, terms: Mapping[str, Any], rule: int | None = None) -> int:
        """A new rule, or the next version of `rule`; it holds once another person approved it.

        Raises Refused: `rule_unclear` (why).
        """
        ...

    def due(self, most: int) -> Sequence[DueRow]:
        """Parts of bonus and cash back that can be booked now: the first `most` of each."""
        ...

    def purchase(self, receipt: str, *, wallet: int) -> Purchase:
        """A sale by its printed number, as far as it may entitle this wallet's top-up to something.

        Raises Refused: `gift_refused` (why `unknown`): there is no such sale.
        """
        ...

    def payee_seen(self, document: UUID, *, wallet: int, name: str) -> None:
        """The name of the bank account is compared with the owner's, and forgotten.

        Raises Refused: `payee_differs` (wallet), `unknown_wallet` (a bearer card), `unclean_text`.
        """
        ...
