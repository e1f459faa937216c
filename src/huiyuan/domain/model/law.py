"""The law about prepaid cards as dated rows, and what it says of an amount while somebody types it.

Always true: a verdict names the row that it follows from, with article and source; a row that is not in force
at the moment asked about says nothing. The door judges the same again by its own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.proposals import Place

REGISTERED_CAP: Final = "registered_cap"
BEARER_CAP: Final = "bearer_cap"
IDENTITY_REGISTERED: Final = "identity_registered"
IDENTITY_BEARER: Final = "identity_bearer"
IDENTITY_UNNAMED: Final = "identity_unnamed"
TRANSFER_COMPANY: Final = "transfer_company"
TRANSFER_PERSON: Final = "transfer_person"
REFUND_CASH: Final = "refund_cash"
LIABILITY_RETAIL: Final = "liability_retail"
LIABILITY_SERVICES: Final = "liability_services"


@dataclass(frozen=True, slots=True)
class LawRule:
    """One row: `amount_minor` minor units, `rate_bp` per 10,000, `months` and `window_minutes` as they say.

    Sums of a buyer count what was bought within `window_minutes`. `bought_minor` is that sum where the row
    was read for a buyer.
    """

    id: int
    rule: str
    jurisdiction: str
    article: str
    source: str
    valid_from: datetime
    valid_to: datetime | None = None
    amount_minor: int | None = None
    rate_bp: int | None = None
    months: int | None = None
    window_minutes: int | None = None
    bought_minor: int = 0

    def holds(self, at: datetime) -> bool:
        """Whether the row is in force at `at`."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the law refuses: the code and facts of the refusal, and the row behind it."""

    code: str
    rule: LawRule
    facts: Mapping[str, Any] = field(default_factory=dict)

    def refusal(self) -> Refused:
        """As the door would answer."""
        row = self.rule
        named = {"rule": row.rule, "article": row.article, "source": row.source}
        return Refused(self.code, {**named, **self.facts})


@dataclass(frozen=True, slots=True)
class Purchase:
    """Stored value that is about to be bought; amounts are minor units.

    Args:
        held_minor: what the card holds now, principal and bonus together.
        amount_minor: what is paid; `bonus_minor` comes on top of it.
        cash_minor: what of it is paid in cash; None: nobody chose yet.
        named: somebody said who buys; `identified`: that member's identity document was seen.
        type_cap_minor: the most that this type of card may hold, None for no cap of its own.
    """

    registered: bool
    amount_minor: int
    held_minor: int = 0
    bonus_minor: int = 0
    cash_minor: int | None = None
    named: bool = True
    identified: bool = True
    company: bool = False
    type_cap_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a counter asks before an amount is typed: the rows in force, who buys onto what, whether here."""

    at: datetime
    rules: tuple[LawRule, ...]
    registered: bool
    held_minor: int
    named: bool
    identified: bool
    company: bool
    buyer: str = ""
    type_cap_minor: int | None = None
    outlet: bool = True

    def purchase(self, amount_minor: int, *, bonus_minor: int, cash_minor: int | None) -> Purchase:
        """The purchase of `amount_minor` onto this card."""
        return Purchase(
            registered=self.registered,
            amount_minor=amount_minor,
            held_minor=self.held_minor,
            bonus_minor=bonus_minor,
            cash_minor=cash_minor,
            named=self.named,
            identified=self.identified,
            company=self.company,
            type_cap_minor=self.type_cap_minor,
        )


@dataclass(frozen=True, slots=True)
class LawProposal:
    """A row that waits for a second person; `terms` are what `LawRule` would hold."""

    id: int
    row: LawRule
    by: str
    own: bool


def law_place(row: LawRule | LawProposal, at: datetime) -> Place:
    """Where it stands on the desk at `at`: what waits, what holds and will, what ended."""
    if isinstance(row, LawProposal):
        return 0, row.id
    return (2 if row.valid_to is not None and row.valid_to <= at else 1), row.id


def rows_of(rules: Iterable[LawRule], rule: str, at: datetime) -> list[LawRule]:
    """The rows of one rule that hold at `at`, the strictest amount first."""
    held = [row for row in rules if row.rule == rule and row.holds(at)]
    return sorted(held, key=lambda row: (row.amount_minor or 0, row.id))


def judge_purchase(rules: Iterable[LawRule], purchase: Purchase, *, at: datetime) -> Verdict | None:
    """The first thing in the way of this purchase, in the door's order; None: nothing is."""
    known = tuple(rules)
    return (
        _over_cap(known, purchase, at)
        or _without_identity(known, purchase, at)
        or _not_by_transfer(known, purchase, at)
    )


def judge_refund(
    rules: Iterable[LawRule], *, held_minor: int, cash_minor: int, at: datetime
) -> Verdict | None:
    """Whether what is left of a card may be paid out in cash.

    Args:
        held_minor: principal on the card before the refund.
        cash_minor: what of it would be handed out in cash.
    """
    for row in rows_of(rules, REFUND_CASH, at):
        if cash_minor > 0 and row.amount_minor is not None and held_minor > row.amount_minor:
            return Verdict("refund_route", row, {"limit": row.amount_minor, "amount": held_minor})
    return None


def judge_liability(
    rules: Iterable[LawRule], *, outstanding_minor: int, revenue_minor: int, services: bool, at: datetime
) -> Verdict | None:
    """Whether what is owed to holders of cards is more than the law allows beside last year's revenue."""
    for row in rows_of(rules, LIABILITY_SERVICES if services else LIABILITY_RETAIL, at):
        most = revenue_minor * (row.rate_bp or 0) // 10_000
        if outstanding_minor > most:
            return Verdict("liability_high", row, {"limit": most, "amount": outstanding_minor})
    return None


def ratio_bp(outstanding_minor: int, revenue_minor: int) -> int | None:
    """What is outstanding per 10,000 of revenue, rounded up; None without a revenue."""
    return -(-outstanding_minor * 10_000 // revenue_minor) if revenue_minor > 0 else None


def _over_cap(rules: tuple[LawRule, ...], purchase: Purchase, at: datetime) -> Verdict | None:
    would_be = purchase.held_minor + purchase.amount_minor + purchase.bonus_minor
    for row in rows_of(rules, REGISTERED_CAP if purchase.registered else BEARER_CAP, at):
        if row.amount_minor is not None and would_be > row.amount_minor:
            own = purchase.type_cap_minor
            cap = row.amount_minor if own is None else min(own, row.amount_minor)
            return Verdict("balance_cap", row, {"cap": cap, "would_be": would_be})
    return None


def _without_identity(rules: tuple[LawRule, ...], purchase: Purchase, at: datetime) -> Verdict | None:
    if purchase.identified and purchase.named:
        return None
    if purchase.registered:
        name = IDENTITY_REGISTERED
    else:
        name = IDENTITY_BEARER if purchase.named else IDENTITY_UNNAMED
    for row in rows_of(rules, name, at):
        whole = purchase.amount_minor + (0 if purchase.registered else row.bought_minor)
        if row.amount_minor is not None and whole >= row.amount_minor:
            return Verdict("identity_needed", row, {"limit": row.amount_minor, "amount": whole})
    return None


def _not_by_transfer(rules: tuple[LawRule, ...], purchase: Purchase, at: datetime) -> Verdict | None:
    if not purchase.cash_minor:
        return None
    for row in rows_of(rules, TRANSFER_COMPANY if purchase.company else TRANSFER_PERSON, at):
        whole = purchase.amount_minor + row.bought_minor
        if row.amount_minor is not None and whole >= row.amount_minor:
            return Verdict("transfer_needed", row, {"limit": row.amount_minor, "amount": whole})
    return None
