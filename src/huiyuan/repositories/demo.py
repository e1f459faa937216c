"""A small demo chain: two stores, three seats, staff, goods, rules, members, cards, opening balances.

Always true: a chain that is not marked demo is never touched; balances and stock come in as documents of
history through the ledger's own door, so `verify` finds nothing; a second call does nothing, and one that was
killed half way is completed by the next.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import sql

from huiyuan.repositories.demo_data import (
    CARD_TYPES,
    CARDS,
    CHAIN_NAME,
    CHAIN_UID,
    MEMBERS,
    PACKS,
    PRODUCTS,
    RULES,
    SLIP,
    STAFF,
    STORE_1,
    STORE_2,
    TAXES,
    TERMINALS,
    TIERS,
    UNITS,
    DemoCard,
    ean13,
)
from huiyuan.repositories.demo_identity import add_identities
from huiyuan.repositories.demo_promotions import seed_promotions
from huiyuan.repositories.importers.history import history_entry
from huiyuan.repositories.search_index import index_missing, index_missing_goods, see_all_again
from huiyuan.repositories.secrets import DataKey, IndexKey, card_key, staff_key
from huiyuan.repositories.setup_defaults import DUTY_NAMES, TENDERS, permission_rows

__all__ = [
    "CARDS",
    "DEMO_DATA_KEY",
    "DEMO_INDEX_KEY",
    "MEMBERS",
    "PRODUCTS",
    "STAFF",
    "TERMINALS",
    "DemoRefused",
    "reset",
    "seed",
]

DEMO_INDEX_KEY: Final = IndexKey(hashlib.sha256(b"huiyuan demo index key").digest())
"""Every demo chain has the same key, so that its cards open on every machine. A real chain makes its own."""
DEMO_DATA_KEY: Final = DataKey(hashlib.sha256(b"huiyuan demo data key").digest())
"""As the index key: whoever has the program can open the demo's phone numbers, which belong to nobody."""

_LOCK: Final = 0x6875_6979_64
_FIRST_MS: Final = 1_767_225_600_000  # 2026-01-01, the time within the ids of the opening documents

Connection = psycopg.Connection[Any]


class DemoRefused(Exception):
    """This database is no place for a demo; `code` says why: not_demo (a real chain lives here)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def seed(
    admin_url: str,
    *,
    index_key: IndexKey = DEMO_INDEX_KEY,
    data_key: DataKey = DEMO_DATA_KEY,
    whole: bool = False,
) -> bool:
    """Make the demo chain where there is no chain yet.

    Args:
        admin_url: libpq URL of a superuser on a migrated database.
        index_key: Makes the tokens of the cards.
        data_key: Seals the members' telephones.
        whole: With a third store, 400 products, 3,000 members and 60 days of sales around the small chain.

    Returns:
        False if it was complete already.

    Raises:
        DemoRefused: not_demo.
        psycopg.Error: The database cannot be reached or is not migrated.
    """
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("select pg_catalog.pg_advisory_lock(%s)", (_LOCK,))
        chain = connection.execute("select demo from shop.chain").fetchone()
        if chain is not None and not chain[0]:
            raise DemoRefused("not_demo")
        if chain is None:
            with connection.transaction():
                _seed_chain(connection)
                _seed_goods(connection)
                _seed_rules(connection)
                if whole:
                    seed_promotions(connection)
                _seed_staff(connection)
                _seed_members(connection, index_key)
                add_identities(connection, index_key, data_key)
            for table in ("shop.chain", "shop.product", "shop.price", "shop.card", "shop.card_token"):
                connection.execute(f"analyze {table}".encode())
        made = _post_openings(connection)
        if whole:
            from huiyuan.repositories.demo_chain import fill

            with history_entry(admin_url) as entry:
                made |= fill(connection, entry, index_key=index_key, data_key=data_key)
            if made:
                see_all_again(connection)
        return made


def reset(admin_url: str, *, index_key: IndexKey = DEMO_INDEX_KEY, whole: bool = False) -> None:
    """Throw the demo chain away and make it anew, in the same database.

    Raises:
        DemoRefused: not_demo; nothing was thrown away.
    """
    from huiyuan.repositories.migrate import migrate

    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        name = connection.info.dbname
        found = connection.execute("select pg_catalog.to_regclass('shop.chain') is not null").fetchone()
        if found is not None and found[0]:
            chain = connection.execute("select demo from shop.chain").fetchone()
            if chain is not None and not chain[0]:
                raise DemoRefused("not_demo")
    with psycopg.connect(admin_url, dbname="postgres", autocommit=True, connect_timeout=10) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(database))
        connection.execute(sql.SQL("create database {}").format(database))
    migrate(admin_url)
    seed(admin_url, index_key=index_key, whole=whole)


def _many(connection: Connection, statement: str, rows: object) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement.encode(), rows)  # type: ignore[arg-type]


def _next_id(connection: Connection, table: str) -> None:
    """After rows with ids of their own, the next id of `table` follows the highest."""
    connection.execute(
        f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))".encode()
    )


def _seed_chain(connection: Connection) -> None:
    connection.execute(
        "insert into shop.chain(uid, name, currency, time_zone, demo) values (%s, %s, 'CNY', %s, true)",
        (CHAIN_UID, CHAIN_NAME, "Asia/Shanghai"),
    )
    _many(
        connection,
        "insert into shop.unit(id, parent, kind, code, name) overriding system value"
        " values (%s, %s, %s, %s, %s)",
        UNITS,
    )
    _next_id(connection, "shop.unit")
    _many(
        connection,
        "insert into shop.setting(unit, key, value) values (%s, %s, %s)",
        [(unit, key, json.dumps(lines)) for unit, key, lines in SLIP],
    )
    names = {unit[0]: unit[3] for unit in UNITS}
    _many(
        connection,
        "insert into shop.drawer(id, store, name) overriding system value values (%s, %s, %s)",
        [(seat.drawer, seat.store, f"{names[seat.store]}-{seat.code}") for seat in TERMINALS],
    )
    _next_id(connection, "shop.drawer")
    for seat in TERMINALS:
        password = secrets.token_hex(32).encode()  # known to nobody: the demo's server is asked by socket
        verifier = connection.pgconn.encrypt_password(password, seat.role.encode(), b"scram-sha-256")
        connection.execute("select sec.make_login(%s, %s)", (seat.role, verifier.decode()))
        connection.execute(
            "insert into sec.terminal(role, store, code, drawer) values (%s, %s, %s, %s)",
            (seat.role, seat.store, seat.code, seat.drawer),
        )


def _seed_goods(connection: Connection) -> None:
    _many(connection, "insert into shop.tax(code, rate_bp) values (%s, %s)", TAXES)
    _many(connection, "insert into shop.tender(kind, account, reference) values (%s, %s, %s)", TENDERS)
    _many(
        connection,
        "insert into shop.product(id, code, name, kind, base_unit, tax_code, sold_by, open_price)"
        " overriding system value values (%s, %s, %s, %s, %s, %s, %s, %s)",
        [
            (
                n,
                p.code,
                p.name,
                p.kind,
                p.base_unit,
                p.tax,
                "weight" if p.base_unit == "kg" else "piece",
                p.open_price,
            )
            for n, p in enumerate(PRODUCTS, start=1)
        ],
    )
    _next_id(connection, "shop.product")
    ids = {product.code: n for n, product in enumerate(PRODUCTS, start=1)}
    single = [(ean13(p.barcode), ids[p.code], 1_000) for p in PRODUCTS if p.barcode]
    packs = [(ean13(twelve), ids[code], qty) for twelve, code, qty in PACKS]
    _many(
        connection, "insert into shop.barcode(code, product, qty_milli) values (%s, %s, %s)", single + packs
    )
    prices: list[tuple[int, str, int | None, int]] = [
        (ids[p.code], "retail", None, p.price_minor) for p in PRODUCTS if not p.open_price
    ]
    prices += [
        (ids[p.code], "retail", STORE_2, p.price_store_2) for p in PRODUCTS if p.price_store_2 is not None
    ]
    prices += [(ids[p.code], "member", None, p.member_minor) for p in PRODUCTS if p.member_minor is not None]
    prices += [(ids[p.code], "gold", None, p.gold_minor) for p in PRODUCTS if p.gold_minor is not None]
    _many(
        connection,
        "insert into shop.price(product, list, store, amount_minor, valid_from)"
        " values (%s, %s, %s, %s, now() - interval '1 day')",
        prices,
    )
    index_missing_goods(connection)


def _seed_rules(connection: Connection) -> None:
    _many(
        connection,
        "insert into shop.tier(id, code, name, rank) overriding system value values (%s, %s, %s, %s)",
        TIERS,
    )
    _next_id(connection, "shop.tier")
    _many(
        connection,
        "insert into shop.card_type(code, name, registered, balance_max_minor) values (%s, %s, %s, %s)",
        CARD_TYPES,
    )
    for number, rule in enumerate(RULES, start=1):
        connection.execute(
            "insert into shop.rule(id, family, name) overriding system value values (%s, %s, %s)",
            (number, rule.family, rule.name),
        )
        columns = sql.SQL(", ").join(sql.Identifier(name) for name in rule.terms)
        values = sql.SQL(", ").join(sql.Placeholder() for _ in rule.terms)
        statement = sql.SQL(
            "insert into shop.rule_version(rule, version, valid_from, {})"
            " values (%s, 1, now() - interval '1 day', {})"
        ).format(columns, values)
        connection.execute(statement, (number, *rule.terms.values()))
    _next_id(connection, "shop.rule")


def _seed_staff(connection: Connection) -> None:
    duties = [(code, words.zh) for code, words in DUTY_NAMES.items()]
    _many(connection, "insert into sec.duty(code, name) values (%s, %s)", duties)
    _many(
        connection,
        "insert into sec.permission(duty, permission, limit_minor, limit_bp) values (%s, %s, %s, %s)",
        permission_rows(),
    )
    with ThreadPoolExecutor() as slow:  # the library lets go of the interpreter while it works
        keys = list(slow.map(lambda each: staff_key(each.pin, chain=CHAIN_UID, number=each.number), STAFF))
    _many(
        connection,
        "insert into sec.staff(number, name, duty, units, verifier)"
        " values (%s, %s, %s, %s, sec.verifier(%s))",
        [(s.number, s.name, s.duty, list(s.units), key) for s, key in zip(STAFF, keys, strict=True)],
    )


def _wallets() -> list[tuple[int, DemoCard]]:
    """The cards that open a wallet, and the id of each wallet."""
    return list(enumerate((card for card in CARDS if card.state != "blank"), start=1))


def _seed_members(connection: Connection, index_key: IndexKey) -> None:
    _many(
        connection,
        "insert into shop.member(id, number, kind, name, tier, home_store) overriding system value"
        " values (%s, %s, %s, %s, %s, %s)",
        [
            (n, f"{n:06}", member.kind, member.name, member.tier, STORE_1 if n % 3 else STORE_2)
            for n, member in enumerate(MEMBERS, start=1)
        ],
    )
    _next_id(connection, "shop.member")
    index_missing(connection)
    with_pin = [(wallet, card.pin) for wallet, card in _wallets() if card.pin]
    with ThreadPoolExecutor() as slow:
        made = slow.map(lambda each: card_key(each[1], chain=CHAIN_UID, wallet=each[0]), with_pin)
        keys = {wallet: key for (wallet, _), key in zip(with_pin, made, strict=True)}
    _many(
        connection,
        "insert into shop.wallet(id, member, pin_verifier) overriding system value"
        " values (%s, %s, sec.verifier(%s::bytea))",
        [(wallet, card.member or None, keys.get(wallet)) for wallet, card in _wallets()],
    )
    _next_id(connection, "shop.wallet")
    connection.execute(
        "insert into ledger.account(kind, unit, wallet)"
        " select k.kind, ledger.unit_of(k.kind, 'CNY'), w.id from shop.wallet w"
        " cross join ledger.account_kind k where k.owner = 'wallet' order by w.id, k.kind"
    )
    wallet_of = {card.number: wallet for wallet, card in _wallets()}
    _many(
        connection,
        "insert into shop.card(id, number, type, state, wallet, holder) overriding system value"
        " select %s, %s, y.id, %s, %s, %s from shop.card_type y where y.code = %s",
        [
            (n, card.number, card.state, wallet_of.get(card.number), card.member or None, card.type)
            for n, card in enumerate(CARDS, start=1)
        ],
    )
    _next_id(connection, "shop.card")
    _many(
        connection,
        "insert into shop.card_token(kind, hmac, card) values (%s, %s, %s)",
        [
            (kind, index_key.token(kind, card.number), n)
            for n, card in enumerate(CARDS, start=1)
            for kind in ("number", "barcode")
        ],
    )


def _post_openings(connection: Connection) -> bool:
    """Post the opening balances and stock; False if they stand already. Their ids never change."""
    bodies = _opening_bodies(connection)
    last = connection.execute(
        "select from ledger.document d where d.id = %s", (_opening_id(len(bodies)),)
    ).rowcount
    if last:
        return False
    for number, body in enumerate(bodies, start=1):
        row = connection.execute(
            "select api.post_history(%s, 1, %s)", (_opening_id(number), json.dumps(body))
        ).fetchone()
        if row is None or "refused" in row[0]:
            raise RuntimeError(f"opening document {number} was refused: {row and row[0]}")
    return True


def _opening_id(number: int) -> UUID:
    """A UUIDv7 of a fixed moment: the n-th opening document has the same id in every demo."""
    return UUID(int=(_FIRST_MS << 80) | (0x7 << 76) | (0b10 << 62) | number)


def _opening_bodies(connection: Connection) -> list[dict[str, Any]]:
    row = connection.execute("select created_at from shop.chain").fetchone()
    assert row is not None
    created: datetime = row[0]
    numbers = {STORE_1: 0, STORE_2: 0}
    bodies: list[dict[str, Any]] = []

    def add(store: int, total_minor: int, **sections: Any) -> None:
        numbers[store] += 1
        header = {
            "kind": "opening_balance",
            "number": numbers[store],
            "store": store,
            "occurred_at": created.isoformat(),
            "total_minor": total_minor,
        }
        bodies.append(header | sections)

    for wallet, card in _wallets():
        held = {"principal": card.principal_minor, "bonus": card.bonus_minor, "points": card.points}
        rows = [{"account": account, "amount": amount} for account, amount in held.items() if amount]
        if rows:
            add(STORE_1, sum(held.values()), wallet=wallet, corrections=rows)
    for store in (STORE_1, STORE_2):
        stock = [
            {"product": n, "qty_milli": p.stock * 1_000, "cost_minor": p.price_minor * 6 // 10}
            for n, p in enumerate(PRODUCTS, start=1)
            if p.kind == "goods"
        ]
        add(store, sum(row["qty_milli"] * row["cost_minor"] // 1_000 for row in stock), stock=stock)
    return bodies
