"""Small goods, cards and rules for the tests of the domain."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from huiyuan.domain.model.card import Balances, CardState, CardToken, Member, OpenedCard, Tier
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.identity import Chain, Hello, SlipText, Store, Terminal
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.model.rules import RuleFamily, RuleVersion

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
GOLD, SILVER = 2, 1
FIVE = UUID(int=5)


def uid(n: int) -> UUID:
    return UUID(int=n)


def product(
    id: int = 1,
    price: int = 1000,
    *,
    tax_bp: int = 0,
    code: str = "P1",
    name: str = "Tea",
    sold_by: str = "piece",
    open_price: bool = False,
    lists: tuple[tuple[str, int], ...] = (),
) -> Product:
    return Product(
        id=id,
        code=code,
        name=name,
        kind="goods",
        base_unit="piece",
        tax_code=f"T{tax_bp}",
        tax_rate_bp=tax_bp,
        price_minor=price,
        sold_by=sold_by,
        open_price=open_price,
        lists=lists,
    )


def card(
    *, tier: int | None = GOLD, wallet: int | None = 7, state: CardState = CardState.ACTIVE
) -> OpenedCard:
    member = Member(3, "M0003", "张三", Tier(tier, "gold", "Gold")) if tier is not None else None
    return OpenedCard(
        id=11,
        number="880000000011",
        state=state,
        type="standard",
        version=1,
        wallet=wallet,
        member=member,
        balances=Balances(principal=5000, bonus=1000, points=10),
        pin_set=True,
        token=CardToken("number", "ab" * 32),
    )


def rule(family: RuleFamily, id: int = 1, **bounds: Any) -> RuleVersion:
    return RuleVersion(rule=id, version=1, family=family, name=f"rule {id}", **bounds)


def hello(*, demo: bool = True) -> Hello:
    return Hello(
        schema=1,
        now=AT,
        chain=Chain(uid(1), "好味茶行", "CNY", 2, "Asia/Shanghai", demo, 10_000),
        store=Store(1, "SH01", "人民广场店"),
        terminal=Terminal(1, "01", "till_1", 1),
        shift=None,
        next_number=1,
        slip=SlipText(("上海市黄浦区",), ("谢谢惠顾",)),
    )


def result(document: UUID = FIVE, **more: Any) -> dict[str, Any]:
    """An answer of the door as docs/LEDGER.md section 8 has it."""
    return {
        "id": str(document),
        "kind": "sale",
        "number": 42,
        "receipt": "SH01-01-000042",
        "posted_at": "2026-03-01T09:30:01.123456+00:00",
        "business_date": "2026-03-01",
        "total_minor": 3000,
        "change_minor": None,
        "postings": [],
        "lots": None,
        "balances": None,
        "chain_seq": 42,
        "digest": "00" * 32,
        "head": "deadbeef" + "00" * 28,
    } | more


def posted(document: UUID = FIVE, **more: Any) -> Posted:
    return Posted.from_result(result(document, **more))
