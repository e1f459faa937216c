"""Seats for benchmarks: as many enrolled terminals as clients, each with a shift, and one card that never runs dry."""

from __future__ import annotations

import importlib
import random
import uuid
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from tests.cluster import Shop
from tests.tills import Till

LINES = 5
PRODUCTS = 40
PRICE_MINOR = 1000


@dataclass(slots=True)
class Seat:
    """A till with an open shift, and what it sells."""

    till: Till
    shift: str
    wallet: int
    token: str
    points_rule: tuple[int, int]
    number: int = 1

    def sale(self, chooser: random.Random) -> dict[str, Any]:
        """A sale of five lines, paid half in cash and half from stored value, with points; the next number."""
        self.number += 1
        return {"number": self.number, "occurred_at": "2026-01-01T00:00:00Z", **self.basket(chooser)}

    def basket(self, chooser: random.Random) -> dict[str, Any]:
        """The sale without number and time: what a pgbench script can repeat."""
        products = chooser.sample(self._products(), LINES)
        total = LINES * PRICE_MINOR
        return {
            "kind": "sale", "session": self.till.session["session"], "shift": self.shift, "wallet": self.wallet,
            "lines": [
                {"n": n, "product": product, "qty_milli": 1000, "price_minor": PRICE_MINOR,
                 "value_minor": PRICE_MINOR, "total_minor": PRICE_MINOR}
                for n, product in enumerate(products, 1)
            ],
            "tenders": [
                {"kind": "cash", "amount_minor": total - 100, "given_minor": total},
                {"kind": "stored", "amount_minor": 100, "wallet": self.wallet},
            ],
            "proofs": [{"wallet": self.wallet, "token_kind": "number", "token": self.token}],
            "grants": [{"kind": "points", "rule": self.points_rule[0], "version": self.points_rule[1],
                        "amount": total // 100}],
            "total_minor": total,
        }

    def _products(self) -> list[int]:
        return [int(str(row[0])) for row in self.till.shop.rows("select id from shop.product where code like 'BENCH-%%' order by id")]


def prepare(shop: Shop) -> None:
    """Goods and limits for benchmarks; everything else is the demo chain."""
    with shop.connect() as owner:
        owner.execute("update shop.chain set pin_floor_minor = 1e15, pin_floor_day_minor = 1e15")
        owner.execute("insert into shop.tax(code, rate_bp) values ('BENCH', 0)")
        owner.execute(
            "insert into shop.product(code, name, tax_code)"
            " select 'BENCH-' || i, 'bench ' || i, 'BENCH' from generate_series(1, %s) i", (PRODUCTS,))
        owner.execute(
            "insert into shop.price(product, amount_minor, valid_from) select id, %s, now() - interval '1 day'"
            " from shop.product where code like 'BENCH-%%'", (PRICE_MINOR,))


def open_seat(shop: Shop, n: int) -> Seat:
    """Enrol the n-th bench seat with a drawer, a staff session, an open shift and a wallet of 10 lots."""
    demo = importlib.import_module("huiyuan.repositories.demo")
    role, code = f"t_bench_{n}", f"{100 + n}"
    token = uuid.uuid4().hex * 2
    with shop.connect() as owner:
        if not owner.execute("select from pg_roles where rolname = %s", (role,)).rowcount:
            owner.execute(sql.SQL("create role {} login in role huiyuan_terminal").format(sql.Identifier(role)))
        owner.execute(
            "with d as (insert into shop.drawer(store, name) select id, %s from shop.unit where code = 'S01'"
            " returning id, store)"
            " insert into sec.terminal(role, store, code, drawer) select %s, store, %s, id from d", (role, role, code))
        wallet, = owner.execute("insert into shop.wallet(member) select id from shop.member limit 1 returning id").fetchone() or (0,)
        owner.execute(
            "insert into ledger.account(kind, unit, wallet)"
            " select kind, case unit when 'money' then 'CNY' else 'POINT' end, %s from ledger.account_kind where owner = 'wallet'", (wallet,))
        owner.execute(
            "with c as (insert into shop.card(number, type, state, wallet)"
            " select %s, id, 'active', %s from shop.card_type limit 1 returning id)"
            " insert into shop.card_token(kind, hmac, card) select 'number', decode(%s, 'hex'), id from c", (f"BENCH-{n}", wallet, token))
        for lot in range(10):
            owner.execute(
                "select api.post_history(gen_random_uuid(), 1, %s)",
                (Jsonb({"kind": "opening_balance", "number": 900_000 + n * 100 + lot, "occurred_at": "2026-01-01T00:00:00Z",
                        "store": int(str(shop.rows("select id from shop.unit where code = 'S01'")[0][0])),
                        "wallet": wallet, "total_minor": 100_000_000,
                        "corrections": [{"account": "principal", "amount": 100_000_000}]}),))
        rule = owner.execute(
            "select v.rule, v.version from shop.rule_version v join shop.rule r on r.id = v.rule"
            " where r.family = 'points' and v.tiers is null and v.valid_to is null limit 1").fetchone()
    till = Till(shop, role, shop.connect(role), {})
    answer = till.sign_in(demo.STAFF[0].number, demo.STAFF[0].pin)
    assert "refused" not in answer, answer
    shift = str(uuid.uuid4())
    opened = till.call("post", uuid.UUID(shift), 1, Jsonb({
        "kind": "shift_open", "session": till.session["session"], "number": 1, "occurred_at": "2026-01-01T00:00:00Z",
        "counted_minor": 0, "total_minor": 0}))
    assert "refused" not in opened, opened
    assert rule is not None
    return Seat(till, shift, int(str(wallet)), token, (int(str(rule[0])), int(str(rule[1]))))
