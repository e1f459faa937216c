"""Stored value: how a demand is taken from principal and bonus, and from which lots.

Always true: the takes add up to the demand, none exceeds its lot, an expired lot is never touched. The door
does the same under its locks and its answer counts; this is the preview, a property test keeps both equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from huiyuan.domain.model.errors import Refused


class SpendPolicy(StrEnum):
    PRINCIPAL_FIRST = "principal_first"
    BONUS_FIRST = "bonus_first"
    PRO_RATA = "pro_rata"


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one top-up or grant. `account` is principal or bonus; None never expires."""

    id: int
    account: str
    remaining_minor: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LotTake:
    lot: int
    account: str
    amount_minor: int


def usable(lots: Iterable[Lot], at: datetime) -> list[Lot]:
    """Lots that count as balance at `at`, in the order they are spent: soonest expiry first, then id."""
    live = [
        lot for lot in lots if lot.remaining_minor > 0 and (lot.expires_at is None or lot.expires_at > at)
    ]
    return sorted(live, key=lambda lot: (lot.expires_at is None, lot.expires_at or at, lot.id))


def split_stored(
    policy: SpendPolicy, amount_minor: int, *, principal_minor: int, bonus_minor: int
) -> tuple[int, int]:
    """What of `amount_minor` comes from principal and what from bonus.

    Pro rata rounds the bonus share down, so the odd fen is the member's own money.

    Raises:
        Refused: `insufficient` (account, balance, wanted).
    """
    whole = principal_minor + bonus_minor
    if amount_minor > whole:
        raise Refused("insufficient", {"account": "stored", "balance": whole, "wanted": amount_minor})
    if policy is SpendPolicy.PRINCIPAL_FIRST:
        from_principal = min(amount_minor, principal_minor)
    elif policy is SpendPolicy.BONUS_FIRST:
        from_principal = amount_minor - min(amount_minor, bonus_minor)
    else:
        from_principal = amount_minor - amount_minor * bonus_minor // max(whole, 1)
    return from_principal, amount_minor - from_principal


def allocate_lots(
    lots: Sequence[Lot], amount_minor: int, *, policy: SpendPolicy, at: datetime
) -> tuple[LotTake, ...]:
    """Expand a demand into takes from lots, principal before bonus.

    Raises:
        Refused: `insufficient`.
        ValueError: the demand is not above zero.
    """
    if amount_minor <= 0:
        raise ValueError("a demand is above zero")
    live = usable(lots, at)
    held = {
        account: sum(lot.remaining_minor for lot in live if lot.account == account)
        for account in ("principal", "bonus")
    }
    shares = split_stored(policy, amount_minor, principal_minor=held["principal"], bonus_minor=held["bonus"])
    takes: list[LotTake] = []
    for account, wanted in zip(("principal", "bonus"), shares, strict=True):
        for lot in live:
            if lot.account == account and wanted > 0:
                take = min(lot.remaining_minor, wanted)
                takes.append(LotTake(lot=lot.id, account=account, amount_minor=take))
                wanted -= take
    return tuple(takes)
