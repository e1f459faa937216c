"""Stored value: what of a demand is principal and what is bonus.

Always true: the shares add up to the demand and none exceeds its account. The door does the same under its
locks, and then takes from lots; its answer counts, and a property test keeps both equal.
"""

from __future__ import annotations

from enum import StrEnum

from huiyuan.domain.model.errors import Refused


class SpendPolicy(StrEnum):
    PRINCIPAL_FIRST = "principal_first"
    BONUS_FIRST = "bonus_first"
    PRO_RATA = "pro_rata"


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
