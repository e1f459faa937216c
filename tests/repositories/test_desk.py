"""What a counter looks up beside selling, over the real door; and exchanges that book what was shown."""

from __future__ import annotations

import random
from collections import Counter as Sums
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from huiyuan.domain.model.basket import Basket
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.desk import SaleFilter
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.exchange import preview_exchange
from huiyuan.domain.model.paid_back import paid_back
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases.exchange import exchange_document
from huiyuan.repositories.desk import DatabaseDesk
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter


@pytest.fixture
def counter(shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    shop.rows("update shop.chain set pin_floor_minor = 1e9, pin_floor_day_minor = 1e12 returning 1")
    shop.rows(
        "update ledger.kind set approval_above_minor = null where kind in ('return', 'exchange') returning 1"
    )
    with open_counter(shop.url(facts.TILL_1), tmp_path) as one:
        one.start(facts.MANAGER)
        one.open_shift(float_minor=1_000_000)
        yield one


def desk_of(counter: Counter) -> DatabaseDesk:
    return DatabaseDesk(counter.read_line.ask)


def test_a_sale_is_found_by_day_amount_and_tender(counter: Counter) -> None:
    sold = counter.door.post(counter.sale(facts.WATER, facts.MILK))
    desk, today = desk_of(counter), sold.business_date
    wanted = SaleFilter(today, today + timedelta(days=1), sold.total_minor, "cash")
    found = {row.document: row for row in desk.find_sales(wanted, after=None, most=50)}
    row = found[sold.id]
    assert (row.receipt, row.total_minor, row.lines, row.methods) == (
        sold.receipt, sold.total_minor, 2, ("cash",),
    )  # fmt: skip
    assert not row.reversed
    assert sold.id not in {each.document for each in desk.find_sales(wanted, after=sold.id, most=50)}
    with pytest.raises(Refused) as refused:
        desk.find_sales(SaleFilter(date(2020, 1, 1), today), after=None, most=5)
    assert refused.value.code == "malformed"


def test_a_basket_goes_aside_and_comes_back_as_it_was(counter: Counter) -> None:
    desk, held = desk_of(counter), counter.ids.new()
    card = counter.card(facts.PLAIN_CARD)
    cart = counter.priced(facts.WATER, facts.MILK, card=card).cart
    member = cart.member.id if cart.member else None
    basket = Basket.of(cart)
    state = desk.hold(
        held, basket=basket.to_json(), total_minor=700, line_count=2, member=member, note="红衣服"
    )
    assert state == "held"
    row = next(each for each in desk.held_sales() if each.id == held)
    assert (row.note, row.total_minor, row.line_count, row.here) == ("红衣服", 700, 2, False)

    back = desk.recall(held)
    assert Basket.from_json(back.basket) == basket
    assert back.attached is not None
    assert back.attached.member.id == member
    assert next(each for each in desk.held_sales() if each.id == held).here
    desk.drop_held(held, reason="left the shop")
    with pytest.raises(Refused, match="held_gone"):
        desk.recall(held)


def test_everything_about_a_product_in_one_answer(counter: Counter, shop: Shop) -> None:
    product = counter.reads.find_product(facts.MILK)
    item = desk_of(counter).item_info(product.id)
    assert (item.name, item.price_minor, item.lists) == (product.name, product.price_minor, product.lists)
    assert item.stock[0].here
    assert len(item.stock) > 1
    other = product.id + 1
    shop.rows("insert into shop.rule(family, name) values ('promotion', '别的商品九折') returning 1")
    shop.rows(
        "insert into shop.rule_version(rule, version, valid_from, max_bp, products)"
        " select max(id), 1, now() - interval '1 day', 1000, %s from shop.rule returning 1",
        [other],
    )
    assert "别的商品九折" not in {offer.name for offer in desk_of(counter).item_info(product.id).offers}
    assert "别的商品九折" in {offer.name for offer in desk_of(counter).item_info(other).offers}
    with pytest.raises(Refused, match="unknown_product"):
        desk_of(counter).item_info(10**9)


def test_without_a_rule_nothing_is_said_to_come_back_without_a_receipt(counter: Counter, shop: Shop) -> None:
    desk, product = desk_of(counter), counter.reads.find_product(facts.MILK)
    assert desk.return_policy().blind is None
    with pytest.raises(Refused, match="blind_return_refused"):
        desk.blind_price(product.id)
    shop.rows("insert into shop.rule(family, name) values ('blind_return', '无单退货') returning 1")
    shop.rows(
        "insert into shop.rule_version(rule, version, valid_from, amount_minor, term_days)"
        " select max(id), 1, now() - interval '1 day', 5000, 14 from shop.rule returning 1"
    )
    assert "blind_return" in {rule.family for rule in counter.reads.rules()}
    limits = desk.return_policy().blind
    assert limits is not None
    assert (limits.days, limits.cash_minor, limits.member_from_minor) == (14, 5000, None)
    assert 0 < desk.blind_price(product.id) <= product.price_minor


GOODS = (facts.WATER, facts.MILK, "SALT-400")


def test_an_exchange_books_what_was_shown(counter: Counter) -> None:
    """Random sales, pieces and goods out, again against what is left: every figure is the door's."""
    chance = random.Random(5)
    for _ in range(8):
        card = facts.PLAIN_CARD if chance.random() < 0.5 else None
        sold = counter.door.post(counter.sale(*chance.choices(GOODS, k=3), card=card)).id
        for _ in range(3):
            sale = counter.reads.document(sold)
            left = [line for line in sale.lines if line.left_milli]
            if not left:
                break
            pieces = {line.n: chance.randrange(1, line.left_milli // 1000 + 1) * 1000 for line in left[:2]}
            goods = counter.priced(*chance.choices(GOODS, k=chance.randrange(1, 5))).cart
            cart = Cart(lines=goods.lines, named=sale.attached)
            priced = price_cart(cart, counter.rules)
            preview = preview_exchange(sale, pieces, out_minor=priced.total_minor)
            payment = Payment(preview.due_minor)
            if preview.due_minor:
                payment = payment.with_cash(preview.due_minor)
            document = exchange_document(
                counter.stamp(), sale=sale, pieces=pieces, priced=priced,
                payment=payment, reason="another colour",
            )  # fmt: skip
            posted = counter.door.post(document)
            shown, booked = Sums[str](), Sums[str]()
            for each in preview.paid_back:
                if each.paid_with != "points_redeemed":
                    shown[each.paid_with] += each.amount_minor
            for row, amount in paid_back(document, posted):
                booked[row.credit] += amount
            assert +booked == +shown
            taxes = sum(row.amount for row in posted.postings if row.debit == "tax")
            assert taxes == preview.back.tax_back_minor
            if chance.random() < 0.5:
                sold = posted.id
