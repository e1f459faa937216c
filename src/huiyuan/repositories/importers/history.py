"""The history entry of the database, as the role that no terminal has.

Always true: a call is one batch and one transaction in autocommit; what stands already is counted as known
and not written again, so whatever was cut off is completed by the same run again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

import psycopg

from huiyuan.repositories.importers.outcome import ImportRefused

BATCH_MASTER: Final = 2_000
BATCH_SALES: Final = 500
"""Documents of one transaction: some thousand lines, half a second, so that an interruption loses little."""

Rows = Sequence[Mapping[str, Any]]
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What a batch of documents came to: new ones with their lines; `refused` maps an id to its code."""

    posted: int
    lines: int
    known: int
    refused: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """What a batch of master data came to: new rows, what each key became, keys that were refused.

    `wallets` are those of members, by the same key.
    """

    made: int
    ids: dict[str, int]
    refused: dict[str, str]
    wallets: dict[str, int] = field(default_factory=dict)


class HistoryEntry:
    """The calls of `api.import_...`. Each raises ImportRefused with the database's code."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def begin(self, source: str, currency: str) -> dict[str, Any]:
        """The chain that this goes into. Raises no_chain, currency_differs (chain, asked)."""
        return self._ask("import_begin(%s, %s)", source, currency)

    def stores(self, rows: Rows) -> Made:
        """`code, name, time_zone`. Raises unknown_zone, zone_differs (store, zone, asked), unknown_store."""
        answer = self._ask("import_stores(%s)", json.dumps(rows))
        return Made(answer["made"], answer["stores"], {})

    def categories(self, rows: Rows) -> Made:
        """`code, parent, name`, parents first; parent is a code or None."""
        answer = self._ask("import_categories(%s)", json.dumps(rows))
        return Made(answer["made"], answer["categories"], {})

    def products(self, rows: Rows) -> Made:
        """`code, name, tax_code`, optionally `kind, base_unit, category, brand, spec, sold_by, open_price,
        tokens, barcodes, price_minor`.
        """
        answer = self._ask("import_products(%s)", json.dumps(rows))
        return Made(answer["made"], answer["products"], answer["refused"])

    def members(self, rows: Rows) -> Made:
        """`number, name`, optionally `kind, tier, home_store, joined_at, source, words, card`."""
        answer = self._ask("import_members(%s)", json.dumps(rows))
        return Made(answer["made"], answer["members"], answer["refused"], answer["wallets"])

    def sales(self, documents: Rows) -> Accepted:
        """`id, body` of kind history_sale, all of them or none in one transaction; refused ones stay out."""
        answer = self._ask("import_sales(1, %s)", json.dumps(documents))
        refused = {str(each["id"]): str(each["refused"]) for each in answer["refused"]}
        return Accepted(answer["posted"], answer["lines"], answer["known"], refused)

    def openings(self, stores: Sequence[str], ids: Sequence[UUID]) -> dict[str, Any]:
        """For openings: `stores` (id by code), `next` (number by code), `passes`, `known` (number by id)."""
        return self._ask("import_openings(%s, %s)", list(stores), list(ids))

    def signed(self, staff: str, digest: str, totals: Mapping[str, Any]) -> None:
        """Who stands for the totals of a list. Raises unknown_staff (number)."""
        self._ask("import_signed(%s, %s, %s)", staff, digest, json.dumps(totals))

    def phones(self, rows: Rows) -> None:
        """`member, phone, mask, index, index4` in hex, for members who have no telephone yet."""
        if rows:
            self._ask("import_phones(%s)", json.dumps(rows))

    def history(self, documents: Rows) -> list[dict[str, Any]]:
        """Post `id, body` one by one through the door of history, in one trip; each has its own answer."""
        with self._connection.pipeline():
            cursors = [
                self._connection.execute(
                    "select api.post_history(%s, 1, %s)", (each["id"], json.dumps(each["body"]))
                )
                for each in documents
            ]
        return [row[0] for cursor in cursors if (row := cursor.fetchone())]

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Whatever is done within is taken back at its end."""
        with self._connection.transaction(force_rollback=True):
            yield

    def _ask(self, call: str, *parameters: object) -> dict[str, Any]:
        row = self._connection.execute(f"select api.{call}".encode(), parameters).fetchone()
        answer: dict[str, Any] = row[0] if row else {}
        if "refused" in answer and isinstance(answer["refused"], str):
            raise ImportRefused(answer["refused"], **answer["facts"])
        return answer


@contextmanager
def history_entry(admin_url: str) -> Iterator[HistoryEntry]:
    """The entry over a connection of its own; `admin_url` is the owner's."""
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        connection.execute("set role huiyuan_import")
        yield HistoryEntry(connection)


def document_id(source: str, store: str, number: int, at: datetime) -> UUID:
    """The id of a past document: a UUIDv7 of its own moment, the same whenever it is imported.

    The moment is milliseconds in the upper 48 bits, so that history lies before today in every index.
    """
    digest = hashlib.sha256(f"{source}:{store}:{number}".encode()).digest()
    chance = int.from_bytes(digest[:10], "big")
    moment = int(at.timestamp()) * 1_000
    low = (0b10 << 62) | (chance & ((1 << 62) - 1))
    return UUID(int=(moment << 80) | (0x7 << 76) | (((chance >> 62) & 0xFFF) << 64) | low)


def batches(rows: Sequence[_T], most: int) -> Iterator[Sequence[_T]]:
    """`rows` in pieces of at most `most`."""
    for start in range(0, len(rows), most):
        yield rows[start : start + most]
