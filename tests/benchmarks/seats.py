"""Seats for benchmarks: an enrolled terminal a client, with a shift and a card that never runs dry."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from psycopg import sql
from psycopg.types.json import Jsonb

from huiyuan.repositories.demo import DEMO_INDEX_KEY, STAFF
from tests.cluster import Shop
from tests.tills import Till

LINES: Final = 5
PRICE_MINOR: Final = 1000
LOTS: Final = 10
NOON: Final = "2026-01-01T12:00:00Z"
HERE: Final = Path(__file__).parent


@dataclass(slots=True)
class Seat:
    """A till with an open shift, what it sells, and the card that pays a part."""

    till: Till
    products: list[int]
    wallet: int
    token: str
    points_rule: int
    shift: str = ""
    number: int = 1

    def sale(self, chooser: random.Random) -> dict[str, Any]:
        """A sale of five lines, paid in cash and from stored value, with points; the next number."""
        self.number += 1
        return {"number": self.number, "occurred_at": NOON, **self.basket(chooser)}

    def basket(self, chooser: random.Random) -> dict[str, Any]:
        """The sale without number and time: what a pgbench script can repeat."""
        total = LINES * PRICE_MINOR
        line = {
            "qty_milli": 1000,
            "price_minor": PRICE_MINOR,
            "value_minor": PRICE_MINOR,
            "total_minor": PRICE_MINOR,
        }
        chosen = enumerate(chooser.sample(self.products, LINES), 1)
        return {
            "kind": "sale",
            "session": self.till.session["session"],
            "shift": self.shift,
            "wallet": self.wallet,
            "lines": [{"n": n, "product": product, **line} for n, product in chosen],
            "tenders": [
                {"kind": "cash", "amount_minor": total - 100, "given_minor": total},
                {"kind": "stored", "amount_minor": 100, "wallet": self.wallet},
            ],
            "proofs": [{"wallet": self.wallet, "token_kind": "number", "token": self.token}],
            "grants": [{"kind": "points", "rule": self.points_rule, "version": 1, "amount": total // 100}],
            "total_minor": total,
        }


def prepare(shop: Shop) -> None:
    """Goods and limits for benchmarks; everything else is the demo chain."""
    with shop.connect() as owner:
        owner.execute((HERE / "goods.sql").read_bytes())


def enrol(shop: Shop, n: int) -> tuple[str, int, int]:
    """Enrol the n-th bench seat with a drawer and a card of ten lots: its role, wallet, points rule."""
    role = f"t_bench_{n}"
    token = DEMO_INDEX_KEY.token("number", role).hex()
    with shop.connect() as owner:
        if not owner.execute("select from pg_roles where rolname = %s", (role,)).rowcount:
            made = sql.SQL("create role {} login in role huiyuan_terminal")
            owner.execute(made.format(sql.Identifier(role)))
        facts = {"role": role, "code": str(100 + n), "token": token}
        row = owner.execute((HERE / "seat.sql").read_bytes(), facts).fetchone()
        assert row is not None
        wallet, store, rule = (int(str(value)) for value in row)
        for lot in range(LOTS):
            owner.execute(
                "select api.post_history(gen_random_uuid(), 1, %s)",
                (Jsonb(opening(900_000 + n * 100 + lot, wallet, store)),),
            )
    return role, wallet, rule


def open_seat(shop: Shop, n: int) -> Seat:
    """The n-th bench seat with a staff session and an open shift, over a bare connection."""
    role, wallet, rule = enrol(shop, n)
    token = DEMO_INDEX_KEY.token("number", role).hex()
    goods = shop.rows("select id from shop.product where tax_code = 'BENCH' order by id")
    till = Till(shop, role, shop.connect(role), {})
    answer = till.sign_in(STAFF[0].number, STAFF[0].pin)
    assert "refused" not in answer, answer
    seat = Seat(till, [int(str(row[0])) for row in goods], wallet, token, rule, shift=str(uuid.uuid4()))
    session = {"session": till.session["session"], "number": 1, "occurred_at": NOON}
    float_of = {"kind": "shift_open", "counted_minor": 0, "total_minor": 0, **session}
    opened = till.call("post", uuid.UUID(seat.shift), 1, Jsonb(float_of))
    assert "refused" not in opened, opened
    return seat


def opening(number: int, wallet: int, store: int) -> dict[str, Any]:
    """An opening balance of one more lot: a million yuan."""
    return {
        "kind": "opening_balance",
        "number": number,
        "occurred_at": NOON,
        "store": store,
        "wallet": wallet,
        "total_minor": 100_000_000,
        "corrections": [{"account": "principal", "amount": 100_000_000}],
    }
