"""The first day of a chain: its row, its first store, its first manager, its first terminal, the defaults.

Runs with the owner's URL, once, in one transaction: a set-up that was broken off leaves nothing behind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import psycopg

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.pin import check_new_pin
from huiyuan.repositories import setup_defaults as defaults
from huiyuan.repositories.secrets import staff_key

Connection = psycopg.Connection[Any]
_HEADQUARTERS_CODE: Final = "HQ"


class SetupRefused(Exception):
    """The chain cannot be set up; `code` and `facts` say why. Nothing was changed.

    Codes: already_set_up (name), not_migrated, unknown_zone (zone), not_usable (field).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class FirstDay:
    """What the person who sets up has decided; `lang` is the language of the defaults' names."""

    chain: str
    currency: str
    time_zone: str
    store_code: str
    store: str
    manager_number: str
    manager: str
    terminal_role: str
    terminal_code: str
    minor_digits: int = 2
    lang: str = "zh_CN"


@dataclass(frozen=True, slots=True)
class NewChain:
    """What was made."""

    uid: UUID
    store: int
    terminal: int


def set_up(
    admin_url: str, day: FirstDay, *, manager_pin: str, terminal_verifier: str | None = None
) -> NewChain:
    """Make the chain in a migrated, empty database.

    Args:
        admin_url: libpq URL of a superuser.
        terminal_verifier: SCRAM verifier of the first terminal's password; None where it needs none.

    Raises:
        SetupRefused: see its codes.
        Refused: pin_format, pin_too_simple; of the terminal: malformed, role_taken.
        psycopg.OperationalError: The database cannot be reached.
    """
    check_new_pin(manager_pin)
    try:
        ZoneInfo(day.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise SetupRefused("unknown_zone", zone=day.time_zone) from None
    with psycopg.connect(admin_url, connect_timeout=10) as connection:
        _check_empty(connection)
        try:
            connection.execute("set local role huiyuan_owner")
            uid, store = _make_chain(connection, day)
            _make_defaults(connection, day)
            terminal = _make_terminal(connection, day, store, terminal_verifier)
            key = staff_key(manager_pin, chain=uid, number=day.manager_number)
            connection.execute(
                "insert into sec.staff(number, name, duty, units, verifier)"
                " select %s, %s, 'manager', array[u.id], sec.verifier(%s)"
                " from shop.unit u where u.parent is null",
                (day.manager_number, day.manager, key),
            )
            connection.execute("select sec.write_audit(%s, null, 'set_up', null, '{}')", (terminal,))
        except (psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation) as error:
            raise SetupRefused("not_usable", field=_field_of(error)) from None
    return NewChain(uid=uid, store=store, terminal=terminal)


def _field_of(error: psycopg.Error) -> str:
    """Which of the day's fields a constraint refused: tables have few that a person fills in."""
    columns = {"chain": "chain, currency", "unit": "store", "staff": "manager", "terminal": "terminal"}
    return columns.get(error.diag.table_name or "", error.diag.table_name or "")


def _check_empty(connection: Connection) -> None:
    if connection.execute("select pg_catalog.to_regclass('shop.chain') is null").fetchone() == (True,):
        raise SetupRefused("not_migrated")
    connection.execute("lock table shop.chain in share row exclusive mode")
    found = connection.execute("select c.name from shop.chain c").fetchone()
    if found is not None:
        raise SetupRefused("already_set_up", name=found[0])


def _make_chain(connection: Connection, day: FirstDay) -> tuple[UUID, int]:
    """The chain, its headquarters and its first store; answers the chain's uid and the store's id."""
    row = connection.execute(
        "insert into shop.chain(name, currency, minor_digits, time_zone)"
        " values (%s, %s, %s, %s) returning uid",
        (day.chain, day.currency, day.minor_digits, day.time_zone),
    ).fetchone()
    connection.execute(
        "insert into shop.unit(kind, code, name) values ('headquarters', %s, %s)",
        (_HEADQUARTERS_CODE, day.chain),
    )
    store = connection.execute(
        "insert into shop.unit(parent, kind, code, name)"
        " select u.id, 'store', %s, %s from shop.unit u returning id",
        (day.store_code, day.store),
    ).fetchone()
    assert row is not None
    assert store is not None
    return row[0], store[0]


def _make_defaults(connection: Connection, day: FirstDay) -> None:
    names = [(code, words.in_language(day.lang)) for code, words in defaults.DUTY_NAMES.items()]
    tiers = [(code, words.in_language(day.lang), rank) for code, words, rank in defaults.TIERS]
    types = [(code, words.in_language(day.lang), *rest) for code, words, *rest in defaults.CARD_TYPES]
    rows: list[tuple[str, list[Any]]] = [
        ("sec.duty(code, name)", names),
        ("sec.permission(duty, permission, limit_minor, limit_bp)", defaults.permission_rows()),
        ("shop.tier(code, name, rank)", tiers),
        ("shop.tender(kind, account, reference)", list(defaults.TENDERS)),
        ("shop.tax(code, rate_bp)", list(defaults.TAXES)),
        ("shop.card_type(code, name, registered, balance_max_minor)", types),
    ]
    with connection.cursor() as cursor:
        for table, values in rows:
            places = ", ".join(["%s"] * len(values[0]))
            cursor.executemany(f"insert into {table} values ({places})".encode(), values)
    for rule in defaults.RULES:
        columns = ", ".join(rule.terms)
        places = ", ".join(["%s"] * len(rule.terms))
        statement = (
            "with made as (insert into shop.rule(family, name) values (%s, %s) returning id)"
            f" insert into shop.rule_version(rule, version, valid_from, {columns})"
            f" select made.id, 1, now(), {places} from made"
        )
        terms = (rule.family, rule.name.in_language(day.lang), *rule.terms.values())
        connection.execute(statement.encode(), terms)


def _make_terminal(connection: Connection, day: FirstDay, store: int, verifier: str | None) -> int:
    row = connection.execute(
        "select (s.terminal).id, s.refusal from sec.seat_terminal(%s, %s, %s, null, %s) s",
        (day.terminal_role, store, day.terminal_code, verifier),
    ).fetchone()
    assert row is not None
    if row[1] is not None:
        raise Refused(row[1]["refused"], row[1]["facts"])
    return int(row[0])
