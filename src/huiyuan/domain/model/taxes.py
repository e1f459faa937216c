"""Tax inside the price: what of a total is tax, one row a code that has a rate."""

from __future__ import annotations

from collections.abc import Iterable

from huiyuan.domain.model.document import TaxRow
from huiyuan.domain.model.money import divide_half_up


def tax_inside(total_minor: int, rate_bp: int) -> int:
    """The tax contained in a total at `rate_bp` per 10,000, half a minor unit rounded up."""
    return divide_half_up(total_minor * rate_bp, 10_000 + rate_bp)


def tax_rows(totals: Iterable[tuple[str, int, int]]) -> tuple[TaxRow, ...]:
    """One row a code, in the order of the codes.

    Args:
        totals: (tax code, rate per 10,000, line total in minor units) of every line.

    Returns:
        Rows of the codes whose rate is above zero; the rounding is over the code's whole base, not a line's.
    """
    bases: dict[tuple[str, int], int] = {}
    for code, rate_bp, total_minor in totals:
        if rate_bp > 0:
            bases[code, rate_bp] = bases.get((code, rate_bp), 0) + total_minor
    return tuple(
        TaxRow(code=code, rate_bp=rate_bp, base_minor=base, amount_minor=tax_inside(base, rate_bp))
        for (code, rate_bp), base in sorted(bases.items())
    )
