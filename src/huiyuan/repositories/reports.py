"""Reports: Core selects under row-level security, one statement a report, in autocommit.

Always true: the server decides which stores' rows come, and every report names them; a store outside them is
a refusal and no empty table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import ColumnElement, Connection, Select, case, create_engine, func, select, text
from sqlalchemy.pool import StaticPool

from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.turnover import By, Scope, Turnover, TurnoverRow
from huiyuan.repositories import sign_in
from huiyuan.repositories.schema.ledger import DOCUMENT, POSTING
from huiyuan.repositories.schema.shop import CHAIN, UNIT


@contextmanager
def reporting(connection: psycopg.Connection[Any]) -> Iterator[Connection]:
    """Core over `connection`, which is in autocommit and, unless it is a reader's, signed in."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: connection,
        poolclass=StaticPool,
        isolation_level="AUTOCOMMIT",
        pool_reset_on_return=None,
        use_native_hstore=False,
    )
    with engine.connect() as reader:
        yield reader


@contextmanager
def signed_in_reader(
    url: str, *, staff_number: str | None, read_pin: Callable[[], str], attempt: UUID
) -> Iterator[Connection]:
    """Core over a connection of its own, with staff signed in until the block ends.

    Args:
        url: libpq URL of a terminal or a reader.
        staff_number: Who asks; None where the login is a reader's, which needs nobody.
        read_pin: Asked for the PIN, only if somebody signs in.
        attempt: Names the guess.

    Raises:
        Refused: as `sign_in`.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        if staff_number is not None:
            chain = sign_in.hello(connection).chain.uid
            pin = read_pin()
            sign_in.sign_in(connection, chain=chain, attempt=attempt, staff_number=staff_number, pin=pin)
        try:
            with reporting(connection) as reader:
                yield reader
        finally:
            if staff_number is not None:
                with suppress(psycopg.Error):
                    connection.execute("select api.sign_out()")


def scope_of(reader: Connection) -> Scope:
    """The stores whose rows this login may read.

    Raises:
        Refused: not_signed_in: none at all.
    """
    mine = func.any(text("(select api.my_stores())::int[]"))
    chain = reader.execute(select(CHAIN.c.name, CHAIN.c.currency, CHAIN.c.demo)).one()
    stores = reader.execute(
        select(UNIT.c.code, (UNIT.c.id == mine).label("mine"))
        .where(UNIT.c.kind == "store")
        .order_by(UNIT.c.code)
    ).all()
    seen = tuple(row.code for row in stores if row.mine)
    if not seen:
        raise Refused("not_signed_in")
    return Scope(seen, len(stores), chain.name, chain.currency, chain.demo)


def today_of(reader: Connection, now: datetime) -> date:
    """The calendar day in the chain's time zone at `now` (aware)."""
    zone = reader.execute(select(CHAIN.c.time_zone)).scalar_one()
    return now.astimezone(ZoneInfo(zone)).date()


def turnover(
    reader: Connection, *, first: date, last: date, stores: Sequence[str] = (), by: Sequence[By] = tuple(By)
) -> Turnover:
    """Turnover of the business days `first` to `last`, both included.

    Args:
        stores: Codes; none means all that this login may read.
        by: What the rows are split by; they are ordered by it too.

    Raises:
        Refused: not_signed_in; wrong_store (store): it does not exist or its rows may not be read.
    """
    scope = scope_of(reader)
    for code in stores:
        if code not in scope.stores:
            raise Refused("wrong_store", {"store": code})
    if stores:
        wanted = tuple(code for code in scope.stores if code in stores)
        scope = Scope(wanted, scope.stores_of_chain, scope.chain, scope.currency, scope.demo)
    rows = reader.execute(_select_turnover(first, last, scope, by)).all()
    return Turnover(
        first=first,
        last=last,
        scope=scope,
        rows=tuple(
            TurnoverRow(
                day=getattr(row, By.DAY, None),
                store=getattr(row, By.STORE, None),
                tender=getattr(row, By.TENDER, None),
                documents=row.documents,
                sold_minor=int(row.sold),
                returned_minor=int(row.returned),
            )
            for row in rows
        ),
    )


def _select_turnover(first: date, last: date, scope: Scope, by: Sequence[By]) -> Select[Any]:
    """Money that moved to revenue is sold, money that left it is returned; tax inside revenue is neither."""
    columns: dict[By, ColumnElement[Any]] = {
        By.DAY: DOCUMENT.c.business_date,
        By.STORE: UNIT.c.code,
        By.TENDER: POSTING.c.method,
    }
    split = [columns[each].label(each) for each in by]
    sold = func.coalesce(func.sum(case((POSTING.c.credit == "revenue", POSTING.c.amount))), 0)
    returned = func.coalesce(func.sum(case((POSTING.c.debit == "revenue", POSTING.c.amount))), 0)
    return (
        select(
            *split,
            func.count(DOCUMENT.c.id.distinct()).label("documents"),
            sold.label("sold"),
            returned.label("returned"),
        )
        .select_from(DOCUMENT)
        .join(POSTING, POSTING.c.document == DOCUMENT.c.id)
        .join(UNIT, UNIT.c.id == DOCUMENT.c.store)
        .where(
            DOCUMENT.c.business_date.between(first, last),
            UNIT.c.code.in_(scope.stores),
            POSTING.c.demand.in_(("tender", "refund")),
            (POSTING.c.credit == "revenue") | (POSTING.c.debit == "revenue"),
        )
        .group_by(*(columns[each] for each in by))
        .order_by(*(columns[each] for each in by))
    )
