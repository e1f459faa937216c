"""From the server's answer about a debt to what the domain makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from huiyuan.domain.model.credit import Charge, CreditDue, CreditTerms, Debtor, credit_due


def due_of(row: Mapping[str, Any] | None) -> CreditDue | None:
    """An answer of shop.credit_debt; None: nothing is owed."""
    return None if row is None else _due(row)


def debtor_of(row: Mapping[str, Any]) -> Debtor:
    """A row of api.credits_due."""
    return Debtor(
        row["wallet"],
        row["holder"] or "",
        row["member"] or "",
        row["card"] or "",
        _due(row),
        tuple(row["place"]),
    )


def _due(row: Mapping[str, Any]) -> CreditDue:
    terms = row["terms"]
    return credit_due(
        [
            Charge(date.fromisoformat(on), None if due is None else date.fromisoformat(due), amount)
            for on, due, amount in row["charges"]
        ],
        row["owed_minor"],
        None if terms is None else CreditTerms(terms["least_rate"], terms["least_minor"]),
        today=date.fromisoformat(row["today"]),
    )
