"""The whole demo chain around the small one: a third store, 400 products, 3,000 members, 60 days of sales.

Always true: the same seed makes the same chain, counted in days before it was made; everything goes in bulk
through the history entry, so it takes seconds and `verify` finds nothing; killed half way, it is completed by
the next start, because every piece knows what is there.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import psycopg

from huiyuan.domain.model.needle import last_four
from huiyuan.domain.model.phone import masked_phone
from huiyuan.repositories.demo_card_types import seed_card_types
from huiyuan.repositories.demo_coupons import seed_coupons
from huiyuan.repositories.demo_data import (
    CHAIN_UID,
    HEADQUARTERS,
    MEMBERS,
    PRODUCTS,
    STORE_1,
    STORE_2,
    DemoStaff,
    DemoTerminal,
)
from huiyuan.repositories.demo_goods import categories, goods
from huiyuan.repositories.demo_holders import seed_holders
from huiyuan.repositories.demo_identity import add_identities
from huiyuan.repositories.demo_names import Person, people
from huiyuan.repositories.demo_past import PastDays, past_sales
from huiyuan.repositories.importers.history import BATCH_MASTER, BATCH_SALES, HistoryEntry, batches
from huiyuan.repositories.sealing import PHONE_MASK, seal
from huiyuan.repositories.search_words import member_tokens, product_tokens
from huiyuan.repositories.secrets import DataKey, IndexKey, staff_key

SEED: Final = 20_260_101
PRODUCTS_WANTED: Final = 400
MEMBERS_WANTED: Final = 3_000
BALANCES: Final = 80
REGION_2: Final = 5
STORE_3: Final = 6
UNITS: Final = (  # id, parent, kind, code, name
    (REGION_2, HEADQUARTERS, "region", "NORTH", "华北区"),
    (STORE_3, REGION_2, "store", "S03", "王府路店"),
)
SEAT: Final = DemoTerminal("t_s03_c01", STORE_3, "01", 4)
CASHIER: Final = DemoStaff("1003", "赵一鸣", "cashier", (STORE_3,))
STORES: Final = (STORE_1, STORE_2, STORE_3)
TIERS: Final = ("basic",) * 14 + ("silver",) * 4 + ("gold",) * 2
CARD_STATES: Final = ("active",) * 40 + ("issued",) * 3 + ("frozen",) * 2 + ("lost",) * 2 + ("closed",) * 2

SHELVES: Final = {  # where the goods of the small chain lie
    "MILK": "MILK-1L MILK-250",
    "YOG": "YOG-01",
    "BAKE": "BREAD-01 BREAD-02",
    "RICE": "RICE-5",
    "OIL": "OIL-5",
    "SAUCE": "SOY-500 SALT-400 SUGAR-500",
    "NOODLE": "NOOD-05",
    "WATER": "WATER-550",
    "SODA": "COLA-330",
    "TEA": "TEA-500 TEA-LJ",
    "JUICE": "JUICE-1L COFFEE-10",
    "BEER": "BEER-500",
    "CANDY": "CHOC-01 BISC-01",
    "CHIPS": "CHIP-01",
    "NUTS": "NUT-200",
    "KITCHEN": "CUP-X",
    "PAPER": "TISSUE-3",
    "CLEAN": "SOAP-01 WASH-2",
    "HAIR": "SHAM-400",
    "MOUTH": "PASTE-01 BRUSH-02",
    "TOOL": "BAG-01 BATT-4 UMBR-01",
    "TEXTILE": "TOWEL-01",
    "FRUIT": "APPLE-KG BANANA-KG",
    "MEAT": "PORK-KG EGG-10",
}

Connection = psycopg.Connection[Any]


def fill(connection: Connection, entry: HistoryEntry, *, index_key: IndexKey, data_key: DataKey) -> bool:
    """Make the small demo chain the whole one.

    Args:
        connection: the owner's, in autocommit, on the small demo chain.
        entry: the history entry of the same database.
        index_key, data_key: make cards and telephones findable, and seal these.

    Returns:
        False if it was whole already.
    """
    if connection.execute("select from ledger.document d where d.id = %s", (_last_id(),)).rowcount:
        return False
    row = connection.execute("select created_at from shop.chain").fetchone()
    assert row is not None
    made: datetime = row[0]
    entry.begin("demo", "CNY")
    connection.execute("set synchronous_commit = off")  # the last document is awaited, and all before with it
    with connection.transaction():
        _add_store(connection)
    _add_goods(connection, entry)
    wallets = _add_members(connection, entry, made.date(), index_key)
    _add_personal(connection, index_key, data_key)
    add_identities(connection, index_key, data_key)
    for table in ("shop.product", "shop.price", "shop.member", "shop.wallet", "shop.card", "ledger.account"):
        connection.execute(f"analyze {table}".encode())
    _add_sales(connection, entry, made.date(), wallets)
    _add_balances(connection, made, wallets)
    seed_coupons(connection, role=SEAT.role, index_key=index_key)
    seed_card_types(connection, index_key=index_key)
    seed_holders(connection, role=SEAT.role, index_key=index_key, data_key=data_key)
    connection.execute("reset synchronous_commit")
    _add_stock(connection, made)
    for table in ("ledger.document", "ledger.line", "ledger.posting", "shop.member_search"):
        connection.execute(f"analyze {table}".encode())
    return True


def _add_store(connection: Connection) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into shop.unit(id, parent, kind, code, name) overriding system value"
            " values (%s, %s, %s, %s, %s) on conflict do nothing",
            UNITS,
        )
    connection.execute("select setval(pg_get_serial_sequence('shop.unit', 'id'), max(id)) from shop.unit")
    connection.execute(
        "insert into shop.drawer(id, store, name) overriding system value values (%s, %s, %s)"
        " on conflict do nothing",
        (SEAT.drawer, STORE_3, f"S03-{SEAT.code}"),
    )
    connection.execute("select setval(pg_get_serial_sequence('shop.drawer', 'id'), max(id)) from shop.drawer")
    known = connection.execute("select from sec.terminal t where t.role = %s", (SEAT.role,)).rowcount
    if not known:
        password = (
            random.SystemRandom().randbytes(32).hex().encode()
        )  # known to nobody: it is asked by socket
        verifier = connection.pgconn.encrypt_password(password, SEAT.role.encode(), b"scram-sha-256")
        connection.execute("select sec.make_login(%s, %s)", (SEAT.role, verifier.decode()))
        connection.execute(
            "insert into sec.terminal(role, store, code, drawer) values (%s, %s, %s, %s)",
            (SEAT.role, STORE_3, SEAT.code, SEAT.drawer),
        )
    connection.execute(
        "insert into sec.staff(number, name, duty, units, verifier)"
        " values (%s, %s, %s, %s, sec.verifier(%s)) on conflict do nothing",
        (
            CASHIER.number,
            CASHIER.name,
            CASHIER.duty,
            list(CASHIER.units),
            staff_key(CASHIER.pin, chain=CHAIN_UID, number=CASHIER.number),
        ),
    )


def _add_goods(connection: Connection, entry: HistoryEntry) -> None:
    entry.categories([{"code": each.code, "parent": each.parent, "name": each.name} for each in categories()])
    entry.products(
        [
            {
                "code": each.code,
                "name": each.name,
                "category": each.category,
                "brand": each.brand or None,
                "spec": each.spec or None,
                "base_unit": each.unit,
                "sold_by": "weight" if each.unit == "kg" else "piece",
                "tax_code": each.tax,
                "barcodes": [{"code": each.barcode}],
                "price_minor": each.price_minor,
                "tokens": product_tokens(each.name, each.code),
            }
            for each in goods(PRODUCTS_WANTED - len(PRODUCTS))
        ]
    )
    for shelf, codes in SHELVES.items():
        connection.execute(
            "update shop.product p set category = c.id from shop.category c"
            " where c.code = %s and p.code = any (%s) and p.category is null",
            (shelf, codes.split()),
        )


def _new_people() -> list[tuple[str, Person]]:
    """Number and person of every member that the small chain has not."""
    first = len(MEMBERS) + 1
    drawn = people(MEMBERS_WANTED - len(MEMBERS), seed=SEED)
    return [(f"{number:06}", person) for number, person in enumerate(drawn, start=first)]


def _add_members(
    connection: Connection, entry: HistoryEntry, made: date, index_key: IndexKey
) -> dict[str, int]:
    """The members with their cards; answers the wallets by member number."""
    draw = random.Random(SEED + 1)  # noqa: S311
    rows: list[dict[str, Any]] = []
    for number, person in _new_people():
        joined = made - timedelta(days=draw.randint(61, 900))
        row: dict[str, Any] = {
            "number": number,
            "name": person.name,
            "tier": draw.choice(TIERS),
            "home_store": ("S01", "S01", "S02", "S03")[draw.randint(0, 3)],
            "joined_at": f"{joined.isoformat()}T{draw.randint(2, 12):02}:{draw.randint(0, 59):02}:00Z",
            "source": draw.choice(("counter", "counter", "counter", "website", "call_centre")),
            "words": member_tokens(person.name),
        }
        if draw.randint(1, 25) > 1:  # some have no card in hand
            card = f"88{int(number) + 10_000:06}"
            tokens = [
                {"kind": kind, "token": index_key.token(kind, card).hex()} for kind in ("number", "barcode")
            ]
            state = draw.choice(CARD_STATES)
            row["card"] = {"number": card, "type": "registered", "state": state, "tokens": tokens}
        rows.append(row)
    wallets: dict[str, int] = {}
    for batch in batches(rows, BATCH_MASTER):
        wallets |= entry.members(batch).wallets
    _replace_lost_cards(connection, index_key)
    return wallets


def _replace_lost_cards(connection: Connection, index_key: IndexKey) -> None:
    """Every other lost card has a successor that opens the same wallet."""
    lost = connection.execute(
        "select c.id, c.number from shop.card c where c.state = 'lost' and c.replaced_by is null"
        " and c.number like '8801%' and c.id % 2 = 0 order by c.id"
    ).fetchall()
    for old, number in lost:
        new = f"89{number[2:]}"
        tokens = [index_key.token("number", new), index_key.token("barcode", new)]
        connection.execute(
            "with made as (insert into shop.card(number, type, state, wallet, holder)"
            "   select %s, c.type, 'active', c.wallet, c.holder from shop.card c where c.id = %s"
            "   returning id),"
            " old as (update shop.card c set replaced_by = made.id from made where c.id = %s)"
            " insert into shop.card_token(kind, hmac, card)"
            " select t.kind, t.hmac, made.id"
            "   from made, (values ('number', %s::bytea), ('barcode', %s)) t(kind, hmac)",
            (new, old, old, *tokens),
        )


def _add_personal(connection: Connection, index_key: IndexKey, data_key: DataKey) -> None:
    """Birthdays and sealed telephones, and the blind indexes by which these are found."""
    found = connection.execute(
        "select m.number, m.id from shop.member m"
        " where not exists (select from shop.personal p where p.member = m.id)"
    ).fetchall()
    ids: dict[str, int] = dict(found)
    personal: list[tuple[Any, ...]] = []
    indexes: list[tuple[Any, ...]] = []
    for number, person in _new_people():
        member = ids.get(number)
        if member is None:
            continue
        phone = person.phone and seal(data_key, person.phone, member=member, field="phone")
        gender = "female" if person.woman else "male"
        personal.append((member, gender, person.year, person.month, person.day, phone or None))
        if person.phone:
            mask = seal(data_key, masked_phone(person.phone), member=member, field=PHONE_MASK)
            whole = index_key.token("phone", person.phone)
            four = index_key.token("phone4", last_four(person.phone))
            indexes.append((whole, four, mask, member))
    with connection.transaction(), connection.cursor() as cursor:
        columns = "member, gender, birth_calendar, birth_year, birth_month, birth_day, phone"
        with cursor.copy(f"copy shop.personal({columns}) from stdin".encode()) as copy:
            for member, gender, year, month, day, phone in personal:
                copy.write_row((member, gender, "solar", year, month, day, phone))
        cursor.executemany(
            "update shop.member_search set phone_index = %s, phone4_index = %s, phone_mask = %s"
            " where member = %s",
            indexes,
        )


def _add_sales(connection: Connection, entry: HistoryEntry, made: date, wallets: dict[str, int]) -> None:
    days = PastDays(
        last=made - timedelta(days=1),
        prices=_prices(connection),
        members=_shoppers(connection, wallets),
        stores={STORE_1: 30, STORE_2: 20, STORE_3: 14},
    )
    for batch in batches(past_sales(days, seed=SEED + 2), BATCH_SALES):
        accepted = entry.sales(batch)
        if accepted.refused:
            raise RuntimeError(f"past sales were refused: {sorted(set(accepted.refused.values()))}")


def _prices(connection: Connection) -> dict[int, list[tuple[int, int, bool]]]:
    """Product, price there and whether it is weighed, by store; what has no price is not sold."""
    rows = connection.execute(
        "select u.id, p.id, ledger.price_now(p.id, u.id, now()), p.sold_by = 'weight' from shop.unit u"
        " cross join shop.product p where u.kind = 'store' and u.id = any (%s) and not p.open_price"
        " and ledger.price_now(p.id, u.id, now()) > 0 order by u.id, p.id",
        (list(STORES),),
    ).fetchall()
    found: dict[int, list[tuple[int, int, bool]]] = {}
    for store, product, price, weighed in rows:
        found.setdefault(store, []).append((product, price, weighed))
    return found


def _shoppers(connection: Connection, wallets: dict[str, int]) -> dict[int, list[tuple[int, str]]]:
    """Wallet and tier of those who may shop, by home store."""
    rows = connection.execute(
        "select m.home_store, m.number, t.code from shop.member m join shop.tier t on t.id = m.tier"
        " order by m.number"
    ).fetchall()
    found: dict[int, list[tuple[int, str]]] = {}
    for store, number, tier in rows:
        if number in wallets:
            found.setdefault(store, []).append((wallets[number], tier))
    return found


def _add_balances(connection: Connection, made: datetime, wallets: dict[str, int]) -> None:
    draw = random.Random(SEED + 3)  # noqa: S311
    for place, number in enumerate(sorted(wallets)[:BALANCES], start=1):
        principal = draw.randint(1, 40) * 5_000
        held = {
            "principal": principal,
            "bonus": principal // 10 * draw.randint(0, 1),
            "points": draw.randint(0, 5_000),
        }
        rows = [{"account": account, "amount": amount} for account, amount in held.items() if amount]
        body = {"wallet": wallets[number], "corrections": rows}
        _post(connection, _id(place), STORE_1, 1_000 + place, made, sum(held.values()), body)


def _add_stock(connection: Connection, made: datetime) -> None:
    """What lies on the shelves; the goods of the small chain lie in its two stores already."""
    draw = random.Random(SEED + 4)  # noqa: S311
    products = connection.execute(
        "select p.id, coalesce(ledger.price_now(p.id, %s, now()), 0) from shop.product p"
        " where p.kind = 'goods' order by p.id",
        (STORE_3,),
    ).fetchall()
    for place, store in enumerate(STORES):
        stock = [
            {"product": product, "qty_milli": draw.randint(6, 240) * 1_000, "cost_minor": price * 6 // 10}
            for product, price in products
            if store == STORE_3 or product > len(PRODUCTS)
        ]
        total = sum(row["qty_milli"] * row["cost_minor"] // 1_000 for row in stock)
        _post(connection, _id(MEMBERS_WANTED + place), store, 2_000 + place, made, total, {"stock": stock})


def _post(
    connection: Connection,
    document: UUID,
    store: int,
    number: int,
    made: datetime,
    total: int,
    rest: dict[str, Any],
) -> None:
    header = {"kind": "opening_balance", "store": store, "number": number, "total_minor": total}
    moment = made.astimezone(UTC).isoformat(timespec="milliseconds")
    body = header | {"occurred_at": moment} | rest
    row = connection.execute("select api.post_history(%s, 1, %s)", (document, json.dumps(body))).fetchone()
    if row is None or "refused" in row[0]:
        raise RuntimeError(f"opening document {number} was refused: {row and row[0]}")


def _id(place: int) -> UUID:
    """A UUIDv7 of a fixed moment (2026-01-01), beyond those of the small chain."""
    return UUID(int=(1_767_225_600_000 << 80) | (0x7 << 76) | (0b10 << 62) | (1 << 20) + place)


def _last_id() -> UUID:
    return _id(MEMBERS_WANTED + len(STORES) - 1)
