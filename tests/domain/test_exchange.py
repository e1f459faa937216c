"""An exchange of any basket says of what goes out exactly what a sale of it says, and asks for the rest."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import CouponRow, Document, Kind
from huiyuan.domain.model.exchange import preview_exchange
from huiyuan.domain.model.pricing.earning import earned_coupons
from huiyuan.domain.model.pricing.order import Priced, price_cart
from huiyuan.domain.model.rules import RuleFamily
from huiyuan.domain.model.stamp import Stamp
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.checkout import sale_document
from huiyuan.domain.usecases.exchange import exchange_document
from tests.domain.builders import AT, card, product, rule, uid
from tests.domain.test_coupons import coupon
from tests.domain.test_earned_coupons import series
from tests.domain.test_returns import sale

GOODS = [product(n, 300 * n, code=f"P{n}", tax_bp=1300 if n % 2 else 0) for n in range(1, 5)]
baskets = st.lists(st.tuples(st.sampled_from(GOODS), st.integers(1, 9)), min_size=1, max_size=4)
NOT_OF_THE_GOODS = {"kind", "of", "reason", "backs", "tenders"}


def rows(priced: Priced) -> tuple[CouponRow, ...]:
    """What the basket earns, as a screen writes it down."""
    earned = [each for each, count in earned_coupons(priced) for _ in range(count)]
    return tuple(CouponRow(f"{n:064x}", "2345", each.rule, each.version) for n, each in enumerate(earned))


def in_cash(due_minor: int) -> Payment:
    """All of it, nothing where nothing is due."""
    return Payment(due_minor).with_cash(due_minor) if due_minor else Payment(0)


def said(document: Document) -> dict[str, Any]:
    """What is said of the goods that go out."""
    return {key: value for key, value in document.to_body().items() if key not in NOT_OF_THE_GOODS}


@settings(max_examples=60)
@given(baskets, st.booleans(), st.booleans(), st.integers(1, 3000))
def test_what_goes_out_is_priced_earns_and_gives_as_a_sale(
    goods: list[tuple[Any, int]], member: bool, used: bool, back_milli: int
) -> None:
    cart = Cart(coupons=(coupon(),) if used else ())
    cart = cart.with_card(card()) if member else cart
    for each, count in goods:
        cart = cart.add(each, count * 1000)
    points = rule(RuleFamily.POINTS, 3, points_rate=100)
    priced = price_cart(cart, [series(), points], AT)
    old = sale()
    due = preview_exchange(old, {1: back_milli}, out_minor=priced.total_minor).due_minor
    stamp = Stamp(uid(1), 3, AT, 1, uid(9))
    sold = sale_document(stamp, priced=priced, payment=in_cash(priced.total_minor), coupons=rows(priced))
    swapped = exchange_document(
        stamp, sale=old, pieces={1: back_milli}, priced=priced, payment=in_cash(due), reason="too small",
        coupons=rows(priced),
    )  # fmt: skip
    assert swapped.kind is Kind.EXCHANGE
    assert said(swapped) == said(sold)
    assert sum(each.amount_minor for each in swapped.tenders) == due <= priced.total_minor
