"""The desks of rules, promotions before all, and the tiers that a basket may be asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from huiyuan.domain.model.card import Tier
from huiyuan.domain.model.promotion_desk import Campaign
from huiyuan.domain.model.proposals import Desk, Place
from huiyuan.domain.model.rule_words import RuleChoices


class Promotions(Protocol):
    """One round trip a question. All but `tiers` may raise Refused `not_permitted`, `not_signed_in`."""

    def tiers(self) -> Sequence[Tier]:
        """The tiers of the chain, the lowest first."""
        ...

    def desk(self, families: Sequence[str], *, after: Place | None, most: int) -> Desk[Campaign]:
        """What waits, runs, comes and ended of these families: at most `most` rows behind `after`.

        Series of coupons come with what became of their codes.
        """
        ...

    def choices(self, products: Sequence[int]) -> RuleChoices:
        """What a rule may name, and the codes of these products."""
        ...

    def propose(
        self, *, rule: int | None, name: str, terms: Mapping[str, Any], family: str = "promotion"
    ) -> int:
        """A new rule of the family, or a new version of `rule`; it holds once another person approved it.

        Raises Refused: `rule_unclear` (why), `malformed`, `unclean_text`, `wrong_store`.
        """
        ...

    def approve(self, proposal: int) -> None:
        """Raises Refused: `own_proposal`, `unknown_proposal`, `rule_unclear`."""
        ...

    def decline(self, proposal: int) -> None:
        """Raises Refused: `unknown_proposal`."""
        ...

    def end(self, rule: int) -> None:
        """It holds no longer from now on; what it gave stays as it was given."""
        ...

    def lunar_days(self, month: int, day: int, *, first: date, last: date) -> Sequence[date]:
        """The days between two on which a day of the lunar calendar falls."""
        ...
