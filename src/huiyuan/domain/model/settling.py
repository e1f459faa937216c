"""Paying back a card that is closed: what is paid, what is forfeited, how, before anybody posts it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

CASH_MOST_MINOR: Final = 10_000
"""Where no rule says less: what the law lets go out in cash."""


@dataclass(frozen=True, slots=True)
class PaidOut:
    """`paid_minor` goes back to the holder; bonus of `forfeit_minor` and `points` are lost with the card.

    `rule` and `version` are those of the rule about it, None where there is none.
    """

    paid_minor: int
    forfeit_minor: int
    points: int
    cash_most_minor: int = CASH_MOST_MINOR
    rule: int | None = None
    version: int | None = None

    @property
    def in_cash(self) -> bool:
        """Whether it may be handed out in cash."""
        return self.paid_minor <= self.cash_most_minor


def paid_out(card: OpenedCard, rules: Iterable[RuleVersion]) -> PaidOut:
    """What closing this card brings: all principal, and of the bonus what the rule in force pays."""
    found = sorted(
        (rule for rule in rules if rule.family is RuleFamily.SETTLEMENT and rule.tiers is None),
        key=lambda rule: (-rule.version, rule.rule),
    )
    rule = found[0] if found else None
    share = card.balances.bonus * (rule.max_bp or 0) // 10_000 if rule else 0
    most = rule.max_document_minor if rule else None
    return PaidOut(
        paid_minor=card.balances.principal + share,
        forfeit_minor=card.balances.bonus - share,
        points=card.balances.points,
        cash_most_minor=CASH_MOST_MINOR if most is None else most,
        rule=rule.rule if rule else None,
        version=rule.version if rule else None,
    )
