"""The basket of one seat: what was scanned survives kill -9, a dropped line and a power cut.

Always true: what the screen shows is with the system before it is drawn, and on the disk a moment later; the
journal decides whether it is sold: the disk has the name of the document that sells it before the journal
holds that document, and a basket whose document the journal holds never comes back; a disk that takes no
basket is told, and then nothing is sold.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NotRequired, TypedDict, Unpack
from uuid import UUID

from huiyuan.domain.model.basket import Basket, KeptBasket
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.journal import JournalState
from huiyuan.repositories.counter.journal import CounterJournal
from huiyuan.repositories.counter.slots import Slots

BASKET: Final = "basket"
RETURNING: Final = "returning"
TOPPING: Final = "topping"
OLD_FILE: Final = "basket.db"
"""Where the basket lay before; what an update finds there is taken over once."""
KEPT_FOR: Final = timedelta(days=30)
"""Less than the journal remembers a document: an older basket might be one that was sold."""

WAIT_S: Final = 5.0
UNSOLD: Final = frozenset({None, JournalState.REFUSED, JournalState.PROPOSED})

_log = logging.getLogger(__name__)


class ToldByJournal(TypedDict):
    """What the journal says of a document."""

    state_of: Callable[[UUID], JournalState | None]
    receipt_of: NotRequired[Callable[[UUID], str]]


def told_by(journal: CounterJournal) -> ToldByJournal:
    """The journal of the same seat decides what is sold."""
    return {"state_of": journal.state_of, "receipt_of": journal.receipt_of}


class CounterBasket:
    """Fills the Baskets port over two slots in the seat's folder, beside its journal.

    Args:
        folder: the seat's own folder, whose journal this process owns.
        state_of: where the journal has a document.
        receipt_of: the receipt of a document that the journal has as answered.
        now: the counter's clock.
        name: of its slots.

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
        name: str = BASKET,
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
            self._slots = Slots(folder, name)
            if name == BASKET:
                _take_over(folder / OLD_FILE, self._slots)
        except OSError as error:
            raise Refused("journal_unwritable", {"why": _why(error)}) from None
        self._basket = _basket_of(self._slots.value)

    def keep(self, kept: KeptBasket) -> None:
        """With the system at once; on the disk behind the screen.

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
        """Wait until the disk has that `document` sells it. Raises Refused `journal_unwritable`."""
        with self._news:
            if self._basket is None or self._basket.document != document:
                return
            turn = self._turn
            on_disk = self._news.wait_for(lambda: self._written >= turn or bool(self._why), WAIT_S)
            if not on_disk or self._why:
                raise Refused("journal_unwritable", {"why": self._why or "slow"})

    def take(self, kept: KeptBasket, *, by: str) -> None:
        """The log says who goes on with whose."""
        _log.warning("basket of %s from %s taken over by %s", kept.staff, kept.at.isoformat(), by)

    def drop(self, kept: KeptBasket, *, by: str) -> None:
        """The log says who emptied whose, what was in it, and what had been taken for it."""
        basket = kept.basket
        goods = ", ".join(
            (
                *(f"{line.goods.code} x {line.said['qty_milli']}" for line in basket.lines),
                *(f"{each.kind} {each.amount_minor}" for each in basket.tenders),
            )
        )
        _log.warning("basket of %s from %s emptied by %s: %s", kept.staff, kept.at.isoformat(), by, goods)
        self.clear()

    def trouble(self) -> str:
        """Why the last change could not be written."""
        return self._why

    def close(self) -> None:
        """Wait for the disk and close the files; a second time changes nothing."""
        with self._news:
            self._stopped = True
            self._news.notify_all()
        if self._thread is not None:
            self._thread.join(WAIT_S)
        self._slots.close()

    def _want(self, kept: KeptBasket | None) -> None:
        with self._news:
            if self._stopped:
                return
            self._basket = kept
            try:
                self._turn, self._why = self._slots.put(_row_of(kept)), ""
            except OSError as error:
                self._trouble(error)
                return
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
            try:
                written = self._slots.sync()
            except OSError as error:
                with self._news:
                    self._trouble(error)
                    self._written = self._turn  # nothing more is tried before the next change
                continue
            with self._news:
                self._written = written
                self._news.notify_all()

    def _trouble(self, error: OSError) -> None:
        self._why = _why(error)
        _log.warning("the basket cannot be kept: %s", self._why)
        self._news.notify_all()


class CounterBaskets(CounterBasket):
    """The basket of the sale, beside it those of returns and top-ups; the door and the end concern all.

    Args:
        folder: as of each.
        now: as of each.
        told: `state_of` and `receipt_of`, as of each.

    Raises:
        Refused: `journal_unwritable`.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime], **told: Unpack[ToldByJournal]) -> None:
        super().__init__(folder, now=now, **told)
        self.returning = CounterBasket(folder, now=now, name=RETURNING, **told)
        self.topping = CounterBasket(folder, now=now, name=TOPPING, **told)

    def selling(self, document: UUID) -> None:
        """Whichever of them `document` concerns."""
        super().selling(document)
        self.returning.selling(document)
        self.topping.selling(document)

    def close(self) -> None:
        """All of them."""
        super().close()
        self.returning.close()
        self.topping.close()


class NoBaskets:
    """The baskets of a process that found no free seat: it sells nothing, so there is nothing to keep."""

    @property
    def returning(self) -> NoBaskets:
        """Nothing comes back here either."""
        return self

    @property
    def topping(self) -> NoBaskets:
        """No money is taken here."""
        return self

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


def _row_of(kept: KeptBasket | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    return {
        "staff": kept.staff,
        "at": kept.at.isoformat(),
        "document": str(kept.document) if kept.document else None,
        "basket": kept.basket.to_json(),
    }


def _basket_of(row: Any) -> KeptBasket | None:
    if row is None:
        return None
    try:
        return KeptBasket(
            Basket.from_json(row["basket"]),
            row["staff"],
            datetime.fromisoformat(row["at"]),
            UUID(row["document"]) if row["document"] else None,
        )
    except (ValueError, KeyError, TypeError):
        _log.warning("the basket that was left here cannot be read")
        return None


def _take_over(old: Path, slots: Slots) -> None:
    """What the program of before left, once. Raises OSError."""
    if not old.exists():
        return
    with contextlib.suppress(sqlite3.Error, ValueError), contextlib.closing(sqlite3.connect(old)) as base:
        row = base.execute("select staff, at, document, basket from basket").fetchone()
        if row is not None and slots.value is None:
            slots.put(
                dict(zip(("staff", "at", "document"), row, strict=False)) | {"basket": json.loads(row[3])}
            )
            slots.sync()
    old.unlink()


def _why(error: OSError) -> str:
    """A name, never a path: it may stand on a screen."""
    return os.strerror(error.errno) if error.errno else type(error).__name__
