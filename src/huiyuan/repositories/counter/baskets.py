"""The basket of one seat: what was scanned survives kill -9, a dropped line and a power cut.

Always true: one row; the journal decides whether it is sold: its row names the document that sells it before
the journal holds that document, and a basket whose document the journal holds never comes back; a disk that
takes no row is told, and then nothing is sold.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypedDict
from uuid import UUID

from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import JournalState
from huiyuan.repositories.counter.journal import CounterJournal

BASKET_FILE: Final = "basket.db"
KEPT_FOR: Final = timedelta(days=30)
"""Less than the journal remembers a document: an older basket might be one that was sold."""

WAIT_S: Final = 5.0
UNSOLD: Final = frozenset({None, JournalState.REFUSED, JournalState.PROPOSED})

_TABLE: Final = """
create table if not exists basket(
  one integer primary key check (one = 1), staff text not null, at text not null, document text,
  basket text not null);
"""
_log = logging.getLogger(__name__)


class ToldByJournal(TypedDict):
    """What the journal says of a document."""

    state_of: Callable[[UUID], JournalState | None]
    receipt_of: Callable[[UUID], str]


def told_by(journal: CounterJournal) -> ToldByJournal:
    """The journal of the same seat decides what is sold."""
    return {"state_of": journal.state_of, "receipt_of": journal.receipt_of}


class CounterBaskets:
    """Fills the Baskets port over one sqlite3 file in the seat's folder, beside its journal.

    Args:
        folder: the seat's own folder, whose journal this process owns.
        state_of: where the journal has a document.
        receipt_of: the receipt of a document that the journal has as answered.
        now: the counter's clock.

    Raises:
        Refused: `journal_unwritable`.
    """

    def __init__(
        self,
        folder: Path,
        *,
        state_of: Callable[[UUID], JournalState | None],
        receipt_of: Callable[[UUID], str] = lambda _: "",
        now: Callable[[], datetime],
    ) -> None:
        self._state_of = state_of
        self._receipt_of = receipt_of
        self._sold_as = ""
        self._now = now
        self._news = threading.Condition()
        self._turn = self._written = 0
        self._why = ""
        self._stopped = False
        self._thread: threading.Thread | None = None
        try:
            self._base = _open(folder / BASKET_FILE)
            self._basket = self._read()
        except (OSError, sqlite3.Error) as error:
            raise Refused("journal_unwritable", {"why": _why(error)}) from None

    def keep(self, kept: KeptBasket) -> None:
        """Written down behind the screen; of several changes that wait, the last one.

        A document that once named this basket names it until another does: what comes late to the basket
        under an open payment, such as the rules, knows nothing of the sale that is being posted from it.
        """
        with self._news:
            before = self._basket
        if kept.document is None and before is not None:
            kept = replace(kept, document=before.document)
        self._want(kept)

    def clear(self) -> None:
        """There is no basket any more."""
        if self._basket is not None:
            self._want(None)

    def kept(self) -> KeptBasket | None:
        """What is here, unless it is sold. Raises Refused `journal_unwritable`."""
        with self._news:
            kept = self._basket
        if kept is None:
            return None
        state = self._state_of(kept.document) if kept.document else None
        old = kept.document is not None and self._now() - kept.at > KEPT_FOR
        if state in UNSOLD and not old:
            return kept
        _log.info("the basket of %s was sold by document %s (%s)", kept.staff, kept.document, state)
        if kept.document is not None and state is JournalState.ANSWERED:
            self._sold_as = self._receipt_of(kept.document)
        self.clear()
        return None

    def sold_before(self) -> str:
        """The receipt of the sale that this basket became in an earlier run; said once."""
        receipt, self._sold_as = self._sold_as, ""
        return receipt

    def selling(self, document: UUID) -> None:
        """Wait until the row names `document`. Raises Refused `journal_unwritable`."""
        with self._news:
            if self._basket is None or self._basket.document != document:
                return
            turn = self._turn
            on_disk = self._news.wait_for(lambda: self._written >= turn, WAIT_S)
            if not on_disk or self._why:
                raise Refused("journal_unwritable", {"why": self._why or "slow"})

    def take(self, kept: KeptBasket, *, by: str) -> None:
        """The log says who goes on with whose."""
        _log.warning("basket of %s from %s taken over by %s", kept.staff, kept.at.isoformat(), by)

    def drop(self, kept: KeptBasket, *, by: str) -> None:
        """The log says who emptied whose, and what was in it."""
        goods = ", ".join(f"{line.goods.code} x {line.said['qty_milli']}" for line in kept.basket.lines)
        _log.warning("basket of %s from %s emptied by %s: %s", kept.staff, kept.at.isoformat(), by, goods)
        self.clear()

    def trouble(self) -> str:
        """Why the last change could not be written."""
        return self._why

    def close(self) -> None:
        """Write what still waits and close the file; a second time changes nothing."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join(WAIT_S)
        self._base.close()

    def _want(self, kept: KeptBasket | None) -> None:
        with self._news:
            if self._stopped:
                return
            self._basket = kept
            self._turn += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="basket", daemon=True)
                self._thread.start()
            self._news.notify_all()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._written < self._turn)
                if self._written >= self._turn:
                    return
                turn, kept = self._turn, self._basket
            why = self._write(kept)
            with self._news:
                self._written, self._why = turn, why
                self._news.notify_all()

    def _write(self, kept: KeptBasket | None) -> str:
        """One statement is one transaction: it is on disk when this returns."""
        try:
            if kept is None:
                self._base.execute("delete from basket")
            else:
                self._base.execute(
                    "insert or replace into basket(one, staff, at, document, basket) values (1, ?, ?, ?, ?)",
                    (
                        kept.staff,
                        kept.at.isoformat(),
                        str(kept.document) if kept.document else None,
                        json.dumps(kept.basket.to_json(), ensure_ascii=False),
                    ),
                )
        except sqlite3.Error as error:
            _log.warning("the basket cannot be kept: %s", _why(error))
            return _why(error)
        return ""

    def _read(self) -> KeptBasket | None:
        row = self._base.execute("select staff, at, document, basket from basket").fetchone()
        if row is None:
            return None
        staff, at, document, basket = row
        try:
            return KeptBasket(
                Basket.from_json(json.loads(basket)),
                staff,
                datetime.fromisoformat(at),
                UUID(document) if document else None,
            )
        except ValueError:
            _log.warning("the basket of %s from %s cannot be read", staff, at)
            return None


class NoBaskets:
    """The baskets of a process that found no free seat: it sells nothing, so there is nothing to keep."""

    def keep(self, kept: KeptBasket) -> None:
        """Nothing is kept."""

    def clear(self) -> None:
        """Nothing is there."""

    def kept(self) -> KeptBasket | None:
        """Nothing was left here."""
        return None

    def sold_before(self) -> str:
        """Nothing was sold here."""
        return ""

    def selling(self, document: UUID) -> None:
        """Nothing is sold here."""

    def take(self, kept: KeptBasket, *, by: str) -> None:
        """There is none."""

    def drop(self, kept: KeptBasket, *, by: str) -> None:
        """There is none."""

    def trouble(self) -> str:
        """None."""
        return ""


def _open(path: Path) -> sqlite3.Connection:
    try:
        return _opened(path)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
        _log.warning("the file of the basket is damaged (%s) and put aside", _why(error))
        path.replace(path.with_name(path.name + ".damaged"))
        return _opened(path)


def _opened(path: Path) -> sqlite3.Connection:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600))
    base = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
    base.execute("pragma journal_mode = delete")
    base.execute("pragma synchronous = extra")  # as the journal: power that fails brings nothing back
    base.executescript(_TABLE)
    return base


def _why(error: Exception) -> str:
    """A name, never a path: it may stand on a screen."""
    return str(getattr(error, "sqlite_errorname", type(error).__name__))
