"""What is owed on account: which charges are unpaid, when they are due, how much is to be paid at least.

Always true: money that was paid back goes to the oldest debt first; what is unpaid of all charges together is
what is owed; the least to pay is never more than that. Nothing here adds interest or a penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

FULL_RATE: Final = 10_000


@dataclass(frozen=True, slots=True)
class CreditTerms:
    """What the card type says now.

    Attributes:
        least_rate: part of what is owed that is paid at least, per 10,000.
        least_minor: the floor of it in minor units.
    """

    least_rate: int = 0
    least_minor: int = 0


@dataclass(frozen=True, slots=True)
class Charge:
    """An amount in minor units taken on account on a business day; `due_on` None: no day was agreed."""

    on: date
    due_on: date | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CreditDue:
    """How a debt stands on a day, in minor units.

    Attributes:
        due_on: the first day by which something unpaid is due; None: no day was agreed.
        least_minor: the least to pay; None: nothing was agreed.
        overdue_minor: unpaid and past its day.
        unpaid: what is left of each charge, oldest first.
    """

    owed_minor: int
    due_on: date | None
    least_minor: int | None
    overdue_minor: int
    unpaid: tuple[Charge, ...]


@dataclass(frozen=True, slots=True)
class Debtor:
    """A wallet that owes: whose it is, a card that opens it, how the debt stands, its place in the list."""

    wallet: int
    holder: str
    member: str
    card: str
    due: CreditDue
    place: tuple[int, ...] = ()


def unpaid_of(charges: Sequence[Charge], owed_minor: int) -> tuple[Charge, ...]:
    """What is left of each charge when all but `owed_minor` was paid back, the oldest first.

    Args:
        charges: oldest first; at least the newest of them that together make `owed_minor`.
    """
    left: list[Charge] = []
    rest = owed_minor
    for each in reversed(charges):
        if rest <= 0:
            break
        amount = min(each.amount_minor, rest)
        left.append(Charge(each.on, each.due_on, amount))
        rest -= amount
    return tuple(reversed(left))


def least_to_pay(owed_minor: int, terms: CreditTerms) -> int:
    """The larger of share (rounded up to a minor unit) and floor, and never more than what is owed."""
    share = -(-owed_minor * terms.least_rate // FULL_RATE)
    return min(owed_minor, max(share, terms.least_minor))


def credit_due(
    charges: Sequence[Charge], owed_minor: int, terms: CreditTerms | None, *, today: date
) -> CreditDue:
    """How the debt stands on the business day `today`; `charges` as in `unpaid_of`."""
    unpaid = unpaid_of(charges, owed_minor)
    days = [each.due_on for each in unpaid if each.due_on is not None]
    return CreditDue(
        owed_minor=owed_minor,
        due_on=min(days, default=None),
        least_minor=None if terms is None or terms == CreditTerms() else least_to_pay(owed_minor, terms),
        overdue_minor=sum(
            each.amount_minor for each in unpaid if each.due_on is not None and each.due_on < today
        ),
        unpaid=unpaid,
    )
