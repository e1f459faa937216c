"""Returns of lines: what goes back, by the same arithmetic as the door's, so that the preview equals it.

Always true: pieces of a line returned one after the other add up to the line's total exactly, because each
share is a cumulated floor less what went back before; the tenders' shares add up to the lines' shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.money import allocate, floor_share
from huiyuan.domain.model.posted import LineLeft, PaidLeft, PostedDocument


@dataclass(frozen=True, slots=True)
class Refund:
    """What goes back to one posting that paid: cash, tender, principal or bonus."""

    of_n: int
    paid_with: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ReturnPreview:
    """What a return would give back. `shares` is (line number in the sale, minor units).

    `refunds` is empty where it is not known what earlier returns took from each tender; the door knows.
    `points_back` were earned and are taken, `points_given` paid and come back.
    """

    shares: tuple[tuple[int, int], ...]
    refunds: tuple[Refund, ...]
    points_back: int
    tax_back_minor: int
    points_given: int = 0

    @property
    def total_minor(self) -> int:
        return sum(share for _, share in self.shares)


def line_share(
    *, total_minor: int, sold_milli: int, returned_milli: int, returned_minor: int, more: int
) -> int:
    """The money of `more` thousandths of a line: floor(total x returned / sold), cumulated, never below 0.

    Args:
        total_minor: what the line was sold for.
        sold_milli: the quantity sold.
        returned_milli: returned before.
        returned_minor: paid back before for them.
        more: thousandths that come back now.

    Raises:
        ValueError: more comes back than is left.
    """
    if not 0 < more <= sold_milli - returned_milli:
        raise ValueError("more comes back than is left")
    return max(0, floor_share(total_minor, returned_milli + more, sold_milli) - returned_minor)


def split_refund(total_minor: int, paid: Sequence[PaidLeft]) -> tuple[Refund, ...]:
    """Share a refund over the postings that paid, by what is left of each; ties to the earlier posting.

    Returns:
        One row a posting that gets something. They add up to `total_minor`.

    Raises:
        ValueError: less is left than goes back.
    """
    rows = sorted(paid, key=lambda row: row.n)
    if total_minor > sum(row.left_minor for row in rows):
        raise ValueError("less is left than goes back")
    if total_minor == 0:
        return ()
    shares = allocate(total_minor, [row.left_minor for row in rows])
    return tuple(
        Refund(of_n=row.n, paid_with=row.paid_with, amount_minor=share)
        for row, share in zip(rows, shares, strict=True)
        if share
    )


def cumulated(amount: int, *, sale_minor: int, before_minor: int, more_minor: int) -> int:
    """Tax or points that go back now: floor(amount x returned / sale), cumulated over the sale's total."""
    after = floor_share(amount, before_minor + more_minor, sale_minor)
    return after - floor_share(amount, before_minor, sale_minor)


def preview_return(sale: PostedDocument, pieces: Mapping[int, int]) -> ReturnPreview:
    """What returning `pieces` (line number -> thousandths) of a posted sale would give back.

    Raises:
        Refused: `returned_beyond_sold` (line, left), `empty_document` if no piece is named.
    """
    if not pieces:
        raise Refused("empty_document", {"section": "lines"})
    lines = {line.n: line for line in sale.lines}
    shares = tuple((n, _share(lines.get(n), n, more)) for n, more in sorted(pieces.items()))
    total = sum(share for _, share in shares)
    before = sum(line.total_minor - line.left_minor for line in sale.lines)
    whole = sale.posted.total_minor
    taxes = [row.amount for row in sale.posted.postings if row.demand == "tax" and row.debit == "revenue"]
    points = sum(
        row.amount for row in sale.posted.postings if row.demand == "grant" and row.debit == "points_issued"
    )
    paid = _paid(sale, before)
    refunds = split_refund(total, paid) if paid else ()
    return ReturnPreview(
        shares=shares,
        refunds=refunds,
        points_given=_points_given(sale, paid, refunds),
        points_back=cumulated(points, sale_minor=whole, before_minor=before, more_minor=total),
        tax_back_minor=sum(
            cumulated(tax, sale_minor=whole, before_minor=before, more_minor=total) for tax in taxes
        ),
    )


def _points_given(sale: PostedDocument, paid: Sequence[PaidLeft], refunds: Sequence[Refund]) -> int:
    """Points that paid come back as the money they stood for does, by cumulated floor over that money."""
    paid_by = (row for row in sale.posted.postings if row.demand == "redeem" and row.debit == "points")
    points = sum(row.amount for row in paid_by)
    back = {refund.of_n: refund.amount_minor for refund in refunds}
    return sum(
        cumulated(
            points,
            sale_minor=row.amount_minor,
            before_minor=row.amount_minor - row.left_minor,
            more_minor=back.get(row.n, 0),
        )
        for row in paid
        if row.paid_with == "points_redeemed"
    )


def _paid(sale: PostedDocument, before_minor: int) -> tuple[PaidLeft, ...]:
    if sale.paid or before_minor:
        return sale.paid
    tenders = (row for row in sale.posted.postings if row.demand == "tender")
    return tuple(PaidLeft(row.n, row.debit, row.amount, row.amount) for row in tenders)


def _share(line: LineLeft | None, n: int, more: int) -> int:
    if line is None or not 0 < more <= line.left_milli:
        raise Refused("returned_beyond_sold", {"line": n, "left": line.left_milli if line else 0})
    return line_share(
        total_minor=line.total_minor,
        sold_milli=line.qty_milli,
        returned_milli=line.qty_milli - line.left_milli,
        returned_minor=line.total_minor - line.left_minor,
        more=more,
    )
