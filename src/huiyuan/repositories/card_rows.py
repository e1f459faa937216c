"""Rows of answers about cards as frozen values: what a type may do, the passes of a wallet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from huiyuan.domain.model.card import Rest
from huiyuan.domain.model.passes import CardTerms, HeldPass


def terms_of_card(row: Mapping[str, Any]) -> CardTerms:
    """What `api.open_card` says about the type."""
    return CardTerms(row["who"], tuple(row["functions"]))


def held_passes(rows: Sequence[Mapping[str, Any]] | None) -> tuple[HeldPass, ...]:
    """The passes of a wallet; none of a card without one."""
    return tuple(
        HeldPass(
            rule=row["pass"],
            name=row["name"],
            unlimited=row["unlimited"],
            left=row["left"],
            expires_at=None if row["expires_at"] is None else datetime.fromisoformat(row["expires_at"]),
            day_max=row["day_max"],
            used_today=row["used_today"],
            worth_minor=row["worth_minor"],
        )
        for row in rows or ()
    )


def resting(row: Mapping[str, Any] | None) -> Rest | None:
    """A membership that is not active; None where it is."""
    if row is None:
        return None
    since = None if row["since"] is None else datetime.fromisoformat(row["since"])
    return Rest(row["name"], row["state"], since, row["store"] or "")
