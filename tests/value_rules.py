"""Rules about stored value, published without two people, and a business day some months ahead."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from tests.small_chain import BREAD, MILK, Card, Seat, SmallChain, cash

_PUBLISH = """
with made as (insert into shop.rule(family, name) values (%s, 'rule') returning id)
insert into shop.rule_version
select (jsonb_populate_record(null::shop.rule_version, %s::jsonb
  || jsonb_build_object('rule', made.id, 'version', 1, 'valid_from', now() - interval '9 days',
                        'bounded', false,
                        'published_at', now()))).* from made
returning rule
"""
_BUSINESS_DATE = "ledger.business_date_of(timestamptz, text, int)"


def publish(chain: SmallChain, family: str, body: dict[str, Any], **columns: Any) -> int:
    """Version 1 of a new rule, in force since nine days; answers its id."""
    terms = {"min_minor": 0, "body": body, **columns}
    refused = chain.value("select shop.value_terms_refused(%s, %s::jsonb)", family, json.dumps(terms))
    assert refused is None, refused
    return int(chain.value(_PUBLISH, family, json.dumps(terms)))


@contextlib.contextmanager
def in_force(chain: SmallChain, family: str, body: dict[str, Any], **columns: Any) -> Iterator[int]:
    """A rule for the length of a test: other tests of this database live without it."""
    rule = publish(chain, family, body, **columns)
    try:
        yield rule
    finally:
        chain.run(
            "update shop.rule_version set valid_to = valid_from + interval '1 second' where rule = %s", rule
        )


@contextlib.contextmanager
def months_ahead(chain: SmallChain, months: int) -> Iterator[None]:
    """The business day of whatever is posted lies so many months ahead of the clock."""
    with _ahead(chain, f"make_interval(months => {months})"):
        yield


@contextlib.contextmanager
def days_ahead(chain: SmallChain, days: int) -> Iterator[None]:
    """The same, so many days."""
    with _ahead(chain, f"make_interval(days => {days})"):
        yield


@contextlib.contextmanager
def _ahead(chain: SmallChain, interval: str) -> Iterator[None]:
    text = str(chain.value(f"select pg_get_functiondef('{_BUSINESS_DATE}'::regprocedure)"))
    assert "return case" in text
    ahead = text.replace("return case", f"return {interval} + case")
    chain.admin.execute(ahead.encode())
    try:
        yield
    finally:
        chain.admin.execute(text.encode())


def recharge(seat: Seat, card: Card, amount: int, rule: int, bonus: int, **parts: Any) -> dict[str, Any]:
    """A top-up in cash under a recharge rule."""
    grants = [{"kind": "bonus", "rule": rule, "version": 1, "amount": bonus}]
    whole = {"wallet": card.wallet, "tenders": [cash(amount)], "grants": grants, "total_minor": amount}
    return seat.document("top_up", **{**whole, **parts})


def receive(seat: Seat, milli: int, product: int = MILK) -> None:
    """So much of a product arrives, and what its store has sold beyond its stock."""
    owed = max(0, -seat.chain.on_hand(product, seat.store))
    rows = [{"product": product, "qty_milli": milli + owed, "cost_minor": 0}]
    seat.done("stock_receipt", stock=rows, total_minor=0)


def generous_top_up(seat: Seat, card: Card, bought: str) -> dict[str, Any]:
    """A top-up with bonus, points and goods that a rule gives to who bought bread: with every section."""
    body = {
        "steps": [{"from_minor": 20000, "give_minor": 2000, "points": 2000}],
        "goods": [{"product": MILK, "qty_milli": 1000}], "bought": [{"product": BREAD}],
    }  # fmt: skip
    rule = publish(seat.chain, "recharge", body)
    grants = [{"kind": kind, "rule": rule, "version": 1, "amount": 2000} for kind in ("bonus", "points")]
    receive(seat, 1000)
    return seat.document(
        "top_up", wallet=card.wallet, tenders=[cash(20000)], grants=grants, total_minor=20000,
        buyer=seat.chain.member(), gifts=[{"product": MILK, "qty_milli": 1000, "rule": rule, "version": 1}],
        bought=bought,
    )  # fmt: skip
