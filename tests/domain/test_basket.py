"""The basket as JSON: what goes in comes back, and what a newer version adds hurts nobody."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.domain.model.basket import Basket, pay_again, restore
from huiyuan.domain.model.card import AttachedMember, Balances, CardState, CardToken, Member, OpenedCard, Tier
from huiyuan.domain.model.cart import Cart, CartLine, ManualDiscount
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.plain_rows import from_plain, to_plain
from huiyuan.domain.model.tender import Payment

MEMBER = Member(7, "M0007", "欧阳娜娜", Tier(2, "gold", "金卡"))
NAMED = AttachedMember(MEMBER, 71, Balances(principal=5000, points=30))
CARD = OpenedCard(
    3,
    "88000003",
    CardState.ACTIVE,
    "gold",
    1,
    71,
    MEMBER,
    Balances(5000),
    True,
    CardToken("number", "ab" * 32),
)
TENDERS = (
    Tender("cash", 300, given_minor=500),
    Tender("bank_card", 200, reference="VISA 1"),
    Tender("stored", 100, wallet=71),
    Tender("points", 100, wallet=71, points=10, rule=5, version=1),
)

amounts = st.integers(1, 10**9)
discounts = st.one_of(
    st.builds(ManualDiscount, amount_minor=amounts, name=st.text(max_size=8)),
    st.builds(ManualDiscount, rate_bp=st.integers(0, 10_000), name=st.text(max_size=8)),
)
products = st.builds(
    Product,
    id=st.integers(1, 10**6),
    code=st.text(min_size=1, max_size=14),
    name=st.text(max_size=20),
    kind=st.just("goods"),
    base_unit=st.just("piece"),
    tax_code=st.just("V13"),
    tax_rate_bp=st.just(1300),
    price_minor=amounts,
)
lines = st.builds(
    CartLine,
    product=products,
    qty_milli=st.integers(1, 99).map(lambda n: n * 1000),
    manual=st.lists(discounts, max_size=3).map(tuple),
    typed_minor=st.none() | amounts,
)
carts = st.builds(
    Cart,
    lines=st.lists(lines, max_size=6, unique_by=lambda line: line.product.id).map(tuple),
    named=st.none() | st.just(NAMED),
)


@settings(max_examples=150, deadline=None)
@given(carts, st.sets(st.sampled_from(TENDERS)))
def test_what_is_kept_comes_back_as_it_was(cart: Cart, taken: set[Tender]) -> None:
    basket = Basket.of(cart, tuple(taken))
    again = Basket.from_json(json.loads(json.dumps(basket.to_json())))
    assert again == basket
    assert not again.unread
    goods = {line.product.id: line.product for line in cart.lines}
    restored = restore(again, goods, cart.named)
    assert restored.cart == cart
    assert (restored.gone, restored.repriced) == ((), ())
    assert again.tenders == tuple(taken)


def test_nothing_of_a_member_and_nothing_that_opens_a_card_is_written_down() -> None:
    basket = Basket.of(Cart(card=CARD), TENDERS)
    text = json.dumps(basket.to_json(), ensure_ascii=False)
    assert (basket.member, basket.wallet, basket.card_shown) == (7, 71, True)
    for secret in (MEMBER.name, MEMBER.number, CARD.number, CARD.token.hmac):
        assert secret not in text
    assert restore(basket, {}, NAMED).cart == Cart(named=NAMED)


def test_what_a_newer_version_wrote_is_passed_over_and_said() -> None:
    product = Product(1, "COLA", "可乐", "goods", "piece", "V13", 1300, 350)
    kept = Basket.of(Cart().add(product, 2000)).to_json()
    kept |= {"v": 9, "weather": "rain"}
    kept["lines"][0] |= {"gift_wrap": {"colour": "red"}}
    kept["cart"] = {"moon": [1]}
    kept["tenders"] = [{"kind": "cash", "amount_minor": 100, "coins": {"1": 100}}]
    basket = Basket.from_json(kept)
    assert basket.unread == ("gift_wrap", "moon", "weather")
    assert basket.tenders == (Tender("cash", 100),)
    assert restore(basket, {1: product}).cart == Cart().add(product, 2000)


@pytest.mark.parametrize("text", ["{}", "[]", '{"lines": 3}', '{"lines": [{"goods": {"id": 1}}]}'])
def test_what_is_no_basket_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"no basket|missing"):
        Basket.from_json(json.loads(text))


def test_goods_that_are_gone_or_sold_otherwise_now_are_named() -> None:
    cola = Product(1, "COLA", "可乐", "goods", "piece", "V13", 1300, 350)
    apple = Product(2, "APPLE", "苹果", "goods", "kg", "V13", 1300, 1280, sold_by="weight")
    tea = Product(3, "TEA", "茶", "goods", "piece", "V13", 1300, 900)
    cart = Cart().add(cola).add(apple, 1500).add(tea)
    basket = Basket.of(cart)
    now = {1: replace(cola, price_minor=400), 2: replace(apple, sold_by="piece")}
    restored = restore(basket, now)
    assert [line.product.code for line in restored.cart.lines] == ["COLA"]
    assert [goods.code for goods in restored.gone] == ["APPLE", "TEA"]
    assert restored.repriced == ("可乐",)
    assert restored.cart.lines[0].price_minor == 400


def test_tenders_of_before_are_taken_again_but_none_that_needs_a_card() -> None:
    payment, left = pay_again(Payment(1000), TENDERS)
    assert payment.tenders == (Tender("cash", 500, given_minor=500), TENDERS[1])
    assert left == TENDERS[2:]
    assert pay_again(Payment(400), TENDERS[:2]) == (
        Payment(400).with_cash(500),
        (TENDERS[1],),
    )


def test_every_field_of_a_cart_and_its_lines_survives_or_is_the_card() -> None:
    """A field that somebody adds is kept by its type; one of a type that cannot be kept is found here."""
    product = Product(1, "COLA", "可乐", "goods", "piece", "V13", 1300, 350)
    Basket.of(Cart(lines=(CartLine(product, 1000),), card=CARD)).to_json()
    with pytest.raises(TypeError):
        to_plain({"at": object()})


def test_a_value_of_another_type_is_refused() -> None:
    assert from_plain(UUID | None, str(UUID(int=5))) == UUID(int=5)
    for hint, value in ((int, True), (int, "3"), (str, 3), (int | None, "3")):
        with pytest.raises((TypeError, ValueError)):
            from_plain(hint, value)


def test_a_basket_that_was_put_aside_knows_it_after_a_crash() -> None:
    """The sale names it then, and the door settles it once, on the till that has it."""
    held = UUID(int=5)
    kept = json.loads(json.dumps(Basket.of(Cart(held=held)).to_json()))
    assert restore(Basket.from_json(kept), {}).cart.held == held
