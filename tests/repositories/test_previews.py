"""What the counter shows before posting is what the door books: stored value by lots, returns, tax."""

from __future__ import annotations

import random
from collections import Counter as Sums
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from huiyuan.domain.model.card import OpenedCard
from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.posted import LineLeft, Posted
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.redeem import best_redemption
from huiyuan.domain.model.returns import preview_return
from huiyuan.domain.model.stored_value import SpendPolicy, split_stored
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases import checkout, corrections
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter

WALLET = facts.wallet_id(facts.PLAIN_CARD)


@pytest.fixture
def counter(shop: Shop, tmp_path: Path) -> Iterator[Counter]:
    shop.rows("update shop.chain set pin_floor_minor = 1e9, pin_floor_day_minor = 1e12 returning 1")
    with open_counter(shop.url(facts.TILL_1), tmp_path) as one:
        one.start(facts.MANAGER)
        one.open_shift(float_minor=1_000_000)
        yield one


def test_the_split_of_stored_value_is_the_doors(shared_shop: Shop) -> None:
    statement = b"select * from ledger.split_stored(%s, %s::bigint, %s::bigint, %s::bigint)"
    with shared_shop.connect() as reader:

        @settings(max_examples=200, deadline=None)
        @given(st.sampled_from(list(SpendPolicy)), st.integers(0, 10**9), st.integers(0, 10**9), st.data())
        def compare(policy: SpendPolicy, principal: int, bonus: int, data: st.DataObject) -> None:
            amount = data.draw(st.integers(0, principal + bonus))
            theirs = reader.execute(statement, (str(policy), amount, principal, bonus)).fetchone()
            ours = split_stored(policy, amount, principal_minor=principal, bonus_minor=bonus)
            assert ours == theirs

        compare()


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of one top-up or grant; None never expires."""

    id: int
    account: str
    remaining_minor: int
    expires_at: datetime | None


def takes(lots: Sequence[Lot], amount_minor: int, *, policy: SpendPolicy, at: datetime) -> Sums[int]:
    """What each lot gives: of principal and bonus their shares, what ends soonest first."""
    live = sorted(
        (lot for lot in lots if lot.expires_at is None or lot.expires_at > at),
        key=lambda lot: (lot.expires_at is None, lot.expires_at or at, lot.id),
    )
    held = Sums[str]()
    for lot in live:
        held[lot.account] += lot.remaining_minor
    shares = split_stored(policy, amount_minor, principal_minor=held["principal"], bonus_minor=held["bonus"])
    taken = Sums[int]()
    for account, wanted in zip(("principal", "bonus"), shares, strict=True):
        for lot in live:
            if lot.account == account and wanted:
                taken[lot.id] = min(lot.remaining_minor, wanted)
                wanted -= taken[lot.id]
    return taken


def lots_of(shop: Shop) -> list[Lot]:
    rows = shop.rows(
        "select l.id, a.kind, l.remaining, l.expires_at from ledger.lot l"
        " join ledger.account a on a.id = l.account"
        " where a.wallet = %s and a.kind in ('principal', 'bonus')",
        WALLET,
    )
    return [Lot(int(str(r[0])), str(r[1]), int(str(r[2])), r[3]) for r in rows]  # type: ignore[arg-type]


def scatter_lots(shop: Shop, chance: random.Random) -> None:
    """Give the wallet several lots of both kinds, some of them expired, and balances that agree."""
    with shop.connect() as admin:
        for kind in ("principal", "bonus"):
            for _ in range(chance.randrange(1, 4)):
                days = chance.choice([None, -1, 5, 5, 30]) if kind == "bonus" else None
                amount = chance.randrange(1, 900)
                admin.execute(
                    "with a as (update ledger.account set balance = balance + %(amount)s"
                    "  where wallet = %(wallet)s and kind = %(kind)s returning id)"
                    " insert into ledger.lot(account, kind, document, store, expires_at, amount, remaining)"
                    " select id, %(kind)s, gen_random_uuid(), 3, now() + %(days)s::int * interval '1 day',"
                    "  %(amount)s, %(amount)s from a",
                    {"amount": amount, "wallet": WALLET, "kind": kind, "days": days},
                )


@pytest.mark.parametrize("policy", list(SpendPolicy))
def test_the_lots_that_a_sale_takes_are_those_of_the_preview(
    counter: Counter, shop: Shop, policy: SpendPolicy
) -> None:
    shop.rows("update shop.chain set spend_policy = %s returning 1", str(policy))
    chance = random.Random(str(policy))
    for _ in range(6):
        scatter_lots(shop, chance)
        lots = lots_of(shop)
        sale = counter.sale(*chance.sample([facts.WATER, facts.MILK, "SALT-400"], 2), card=facts.PLAIN_CARD)
        preview = takes(lots, sale.total_minor, policy=policy, at=datetime.now(UTC))
        posted = counter.door.post(sale)
        known = {lot.id for lot in lots}
        taken = Sums({row.lot: -row.delta for row in posted.lots if row.lot in known})
        assert taken == preview


def opened_tier(card: OpenedCard) -> int | None:
    return card.member.tier.id if card.member else None


def sell_for(counter: Counter, chance: random.Random) -> Posted:
    """A sale of a member: weighed and counted goods, paid by stored value, bank card and cash."""
    opened = counter.card(facts.GOLD_CARD)
    cart = Cart().with_card(opened)
    for code in chance.sample([facts.APPLES, facts.MILK, facts.WATER, "BREAD-01"], 3):
        qty = chance.randrange(1, 4000) if code == facts.APPLES else chance.randrange(1, 5) * 1000
        cart = cart.add(counter.reads.find_product(code), qty)
    priced = price_cart(cart, counter.rules)
    third = priced.total_minor // 3
    held = opened.balances.points
    found = best_redemption(
        counter.rules, total_minor=priced.total_minor, due_minor=third, points=held, tier=opened_tier(opened)
    )
    payment = Payment(priced.total_minor)
    if found is not None:
        payment = payment.with_points(found, wallet=facts.wallet_id(facts.GOLD_CARD))
    payment = payment.with_stored(third, wallet=facts.wallet_id(facts.GOLD_CARD), balance_minor=10**9)
    payment = payment.with_bank_card(third, reference="0815")
    if payment.due_minor:
        payment = payment.with_cash(10**7)
    return counter.door.post(checkout.sale_document(counter.stamp(), priced=priced, payment=payment))


def some(chance: random.Random, line: LineLeft) -> int:
    """A part of a line: whole pieces, or any weight of what is weighed."""
    step = 1 if line.code == facts.APPLES else 1000
    return chance.randrange(step, line.left_milli + 1, step)


def test_a_return_in_pieces_gives_back_what_each_preview_said_and_in_the_end_everything(
    counter: Counter, shop: Shop
) -> None:
    chance = random.Random(7)
    start = balances(shop)
    shop.rows("update ledger.kind set approval_above_minor = null where kind = 'return' returning 1")
    for _ in range(4):
        sold = sell_for(counter, chance)
        while any(line.left_milli for line in counter.reads.document(sold.id).lines):
            sale = counter.reads.document(sold.id)
            left = [line for line in sale.lines if line.left_milli]
            pieces = {
                line.n: chance.choice([line.left_milli, some(chance, line)])
                for line in chance.sample(left, chance.randrange(1, len(left) + 1))
            }
            preview = preview_return(sale, pieces)
            posted = counter.door.post(
                corrections.return_document(counter.stamp(), sale=sale, pieces=pieces, reason="not wanted")
            )
            back = Sums[str]()
            for row in posted.postings:
                back[row.demand if row.demand != "refund" else row.credit] += row.amount
            expected = Sums[str]()
            for refund in preview.refunds:
                expected[refund.paid_with] += refund.amount_minor
            expected["tax"] += preview.tax_back_minor
            expected["grant"] += preview.points_back
            expected["redeem"] += preview.points_given
            assert +back == +expected
            assert posted.total_minor == preview.total_minor
    assert balances(shop) == start


def balances(shop: Shop) -> list[tuple[object, ...]]:
    return shop.rows("select kind, wallet, drawer, balance from ledger.account order by id")


def test_the_mirror_of_a_sale_restores_every_balance(counter: Counter, shop: Shop) -> None:
    start = balances(shop)
    sold = sell_for(counter, random.Random(3))
    found = counter.reads.document(sold.id)
    counter.door.post(corrections.reversal_document(counter.stamp(), of=found, reason="wrong card"))
    assert balances(shop) == start
