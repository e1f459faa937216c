"""A day of paying: a phone's code, a slow gateway, coins, change on the card, a deposit, a debt."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from huiyuan.devices.simulators.payment_gateway import KEY, MERCHANT, PaymentSimulator
from huiyuan.screens import charging
from huiyuan.screens.tendering import REPEAT_S
from tests import facts
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, counter
from tests.screens.walk import Walk

CARD = facts.PLAIN_CARD
CODE, OTHER = "134512345678901234", "2850123456789012"


async def until(walk: Walk, text: str) -> None:
    for _ in range(200):
        if text in walk.text:
            return
        await asyncio.sleep(0.05)
    walk.shows(text)


async def a_customer_pays_by_phone(walk: Walk, gateway: PaymentSimulator) -> None:
    """The code is scanned on the sale; the customer types a password meanwhile."""
    gateway.faults.pending = 2
    await walk.press("f2")
    await walk.type("SOY-500")
    await walk.type(CODE)
    await until(walk, "已收足")
    await walk.press("enter")
    await walk.past_result()


async def one_who_changes_her_mind(walk: Walk, gateway: PaymentSimulator) -> None:
    """The line breaks after the money is taken; Esc gives it back; she pays in coins."""
    gateway.faults.pending, gateway.faults.reset_after = 0, 1
    await walk.type("SOY-500")
    await walk.press("f2")
    await walk.type(OTHER)
    await until(walk, "已收足")
    await walk.press("f8", "enter")
    await until(walk, "已退回")
    await asyncio.sleep(REPEAT_S)
    await walk.press("enter")
    await until(walk, "现金抹零")
    await walk.past_result()


async def the_odd_coins_stay_on_the_card(walk: Walk) -> None:
    await walk.type("SOY-500")
    await walk.type(CARD.number)
    await walk.press("f2")
    await walk.type("20", enter=False)
    await walk.press("f9")
    await until(walk, "存入储值")
    await walk.past_result()
    await walk.press("escape")


async def a_deposit_pays_the_next_sale(walk: Walk) -> None:
    await walk.press("f3", "f6")
    await walk.type(CARD.number)
    await walk.type("5")
    await walk.press("enter")
    await walk.type("定制礼盒")
    await until(walk, "定金单")
    await walk.past_result()
    await walk.press("escape", "escape", "f2")
    await walk.type("SOY-500")
    await walk.type(CARD.number)
    await walk.press("f2", "f2")
    assert walk.shows("定金：可用 ¥5.00")
    await walk.press("1", "enter")
    await until(walk, "合计")
    await walk.past_result()
    await walk.press("escape")


async def test_a_day_of_paying(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.rows("update shop.chain set cash_step_minor = 100, cash_rounding = 'down' returning 1")
    price = "select ledger.price_now(p.id, 2, now()) from shop.product p where p.code = 'SOY-500'"
    ((soy,),) = shop.rows(price)
    assert isinstance(soy, int)
    monkeypatch.setattr(charging, "ASK_EVERY_S", 0.1)
    with PaymentSimulator() as gateway:
        for name, value in (("URL", gateway.url), ("MERCHANT", MERCHANT), ("KEY", KEY)):
            monkeypatch.setenv(f"HUIYUAN_GATEWAY_{name}", value)
        async with counter(shop, tmp_path, monkeypatch) as walk:
            await walk.sign_in(CASHIER)
            await walk.press("f4")
            await walk.type("200")
            await walk.past_result()
            await a_customer_pays_by_phone(walk, gateway)
            await one_who_changes_her_mind(walk, gateway)
            await the_odd_coins_stay_on_the_card(walk)
            await a_deposit_pays_the_next_sale(walk)
        kept = gateway.kept_minor
        assert gateway.heard.count("reverse") == 1

    sums = (
        "select p.debit, p.credit, sum(p.amount)::int from ledger.posting p join ledger.document d on"
        " d.id = p.document where d.session is not null and p.unit <> 'POINT' group by 1, 2"
    )
    moved = {(str(debit), str(credit)): int(str(n)) for debit, credit, n in shop.rows(sums)}
    assert moved[("tender", "revenue")] == kept == soy, "what the gateway kept is what the sales say"
    assert moved[("cash", "advance")] == moved[("advance", "revenue")] == 500
    odd, handed_over = soy % 100, 20_000
    assert odd > 0, "a price that coins of 1.00 do not make"
    assert moved[("rounding", "cash")] == odd * 2 + (soy - 500) % 100
    for (debit, credit), amount in moved.items():
        if (debit, credit) != ("cash", "safe"):
            handed_over += amount if debit == "cash" else -amount if credit == "cash" else 0
    assert shop.rows("select balance::int from ledger.account where drawer is not null and balance <> 0") == [
        (handed_over,)
    ]
    assert shop.rows("select * from ledger.verify()") == []
