"""The card desk: cards, memberships and applications with what may be done with them, fees that are due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from huiyuan.domain.model.card_life import CardApplication, CardLife, MemberLife, OpenFee, PastCard
from huiyuan.domain.model.document import IdentityRow


class CardDesk(Protocol):
    """One round trip a question. Every method may raise Refused `not_permitted`, `not_signed_in`."""

    def card(self, *, token_kind: str, text: str) -> CardLife:
        """A presented card. Raises Refused: `unknown_card`."""
        ...

    def member(self, member: int) -> MemberLife:
        """A membership. Raises Refused: `unknown_member`."""
        ...

    def identity(self, holder: int, *, paper: str, number: str) -> IdentityRow:
        """The row that says how `holder` was known; `number` on the paper leaves as an HMAC only.

        Asks nobody. An empty number: the paper was seen. Raises Refused: `key_missing`, `key_damaged`.
        """
        ...

    def fees_open(self, most: int, *, after: OpenFee | None) -> Sequence[OpenFee]:
        """Fees of a year that are due, the longest due first, those after `after`."""
        ...

    def past(self, most: int) -> Sequence[PastCard]:
        """Cards past their last day that are not written down as expired."""
        ...

    def applications(self, member: int | None) -> Sequence[CardApplication]:
        """Those of one member; None: those of this store that wait."""
        ...
