"""Returns: pieces cumulate to exactly the whole, whatever the order and size of the pieces."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.posted import LineLeft, PaidLeft, PostedDocument
from huiyuan.domain.model.returns import cumulated, line_share, preview_return, split_refund
from tests.domain.builders import AT, posted, uid


def sale(*, left_milli: int = 3000, left_minor: int = 1000) -> PostedDocument:
    postings = [
        {"n": 1, "demand": "tender", "unit": "CNY", "debit": "cash", "credit": "revenue", "amount": 600},
        {"n": 2, "demand": "tender", "unit": "CNY", "debit": "principal", "credit": "revenue", "amount": 400},
        {"n": 3, "demand": "tax", "unit": "CNY", "debit": "revenue", "credit": "tax", "amount": 115},
        {
            "n": 4,
            "demand": "grant",
            "unit": "POINT",
            "debit": "points_issued",
            "credit": "points",
            "amount": 10,
        },
    ]
    return PostedDocument(
        document=Document(uid(5), Kind.SALE, 1, 42, AT, 1000),
        posted=posted(total_minor=1000, postings=postings),
        staff_name="Li",
        lines=(LineLeft(1, 1, "P1", "Tea", 3000, 334, 1000, 1000, left_milli, left_minor),),
    )


def test_a_first_piece_is_the_floor_and_goes_back_to_what_paid() -> None:
    preview = preview_return(sale(), {1: 1000})
    assert preview.shares == ((1, 333),)
    assert [(r.paid_with, r.amount_minor) for r in preview.refunds] == [("cash", 200), ("principal", 133)]
    assert (preview.points_back, preview.tax_back_minor) == (3, 38)


def test_the_last_piece_brings_the_exact_rest() -> None:
    before = sale(left_milli=1000, left_minor=334)
    rest = PostedDocument(
        before.document,
        before.posted,
        "Li",
        before.lines,
        paid=(PaidLeft(1, "cash", 600, 200), PaidLeft(2, "principal", 400, 134)),
    )
    preview = preview_return(rest, {1: 1000})
    assert preview.total_minor == 334
    assert [(r.of_n, r.amount_minor) for r in preview.refunds] == [(1, 200), (2, 134)]
    assert (preview.points_back, preview.tax_back_minor) == (10 - 6, 115 - 76)


@pytest.mark.parametrize("pieces", [{1: 3001}, {1: 0}, {2: 1000}, {1: -1}])
def test_more_than_was_sold_does_not_come_back(pieces: dict[int, int]) -> None:
    with pytest.raises(Refused) as refused:
        preview_return(sale(), pieces)
    assert refused.value.code == "returned_beyond_sold"


def test_a_return_of_nothing_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        preview_return(sale(), {})
    assert refused.value.code == "empty_document"


pieces_of = st.integers(1, 10**5).flatmap(
    lambda sold: st.tuples(st.just(sold), st.lists(st.integers(1, sold), min_size=1, max_size=6))
)


@given(pieces_of, st.integers(0, 10**8))
def test_pieces_of_a_line_cumulate_to_its_total_exactly(drawn: tuple[int, list[int]], total: int) -> None:
    sold, wanted = drawn
    back_milli = back_minor = 0
    for more in [*wanted, sold]:
        more = min(more, sold - back_milli)
        if more:
            share = line_share(
                total_minor=total,
                sold_milli=sold,
                returned_milli=back_milli,
                returned_minor=back_minor,
                more=more,
            )
            assert share >= 0
            back_milli, back_minor = back_milli + more, back_minor + share
    assert (back_milli, back_minor) == (sold, total)


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.data())
def test_refunds_in_pieces_leave_every_tender_at_zero(amounts: list[int], data: st.DataObject) -> None:
    left = list(amounts)
    while sum(left):
        total = data.draw(st.integers(1, sum(left)))
        rows = [PaidLeft(n, "cash", amounts[n], left[n]) for n in range(len(left))]
        refunds = split_refund(total, rows)
        assert sum(refund.amount_minor for refund in refunds) == total
        for refund in refunds:
            left[refund.of_n] -= refund.amount_minor
            assert left[refund.of_n] >= 0
        if len(left) * 3 < data.draw(st.integers(0, 30)):
            continue
        total = sum(left)
        if total:
            rows = [PaidLeft(n, "cash", amounts[n], left[n]) for n in range(len(left))]
            for refund in split_refund(total, rows):
                left[refund.of_n] -= refund.amount_minor
    assert left == [0] * len(left)


def test_a_refund_beyond_what_was_paid_is_a_bug() -> None:
    with pytest.raises(ValueError, match="less is left"):
        split_refund(11, [PaidLeft(1, "cash", 10, 10)])


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_tax_and_points_cumulate_to_the_whole(amount: int, shares: list[int]) -> None:
    whole, before, back = sum(shares), 0, 0
    for share in shares:
        back += cumulated(amount, sale_minor=whole, before_minor=before, more_minor=share)
        before += share
    assert back == amount
