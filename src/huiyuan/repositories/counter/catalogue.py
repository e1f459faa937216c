"""The Catalogue port: the goods of this store on the counter's own disk, and how they are kept fresh.

Always true: looking up asks nobody; the background asks for what may have changed since the horizon it came
back with, so nothing that commits late is missed; a counter at which nobody scans asks nothing. What is
scanned finds a copy at most `FRESH_S` old or has it fetched, which is less than the door's grace for prices.
"""

from __future__ import annotations

import json
import logging
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from huiyuan.domain.model.barcode import read_scale_label
from huiyuan.domain.model.catalog import RETAIL, CatalogueState, PriceRow, Product, micros, prices_in_force
from huiyuan.domain.model.errors import Refused, Unreachable
from huiyuan.domain.model.quantity import MILLI, quantity_for
from huiyuan.repositories.counter.catalogue_file import FORMAT, CatalogueDamaged, CatalogueFile
from huiyuan.repositories.reads import Ask
from huiyuan.repositories.sign_in import accepted

FRESH_S: Final = 240
AGAIN_S: Final = 20
"""How soon a failed try may be followed by another."""

PAGE: Final = 1000
CODE_MAX: Final = 64
_log = logging.getLogger(__name__)


class CounterCatalogue:
    """Fills the Catalogue port; `refresh` is for the background.

    Args:
        folder: the seat's own folder.
        ask: a line of its own, so that a page never keeps a scan waiting. Raises Unreachable.
        monotonic: seconds, for how long ago something was.
    """

    def __init__(self, folder: Path, ask: Ask, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._file = CatalogueFile(folder)
        self._ask = ask
        self._monotonic = monotonic
        self._asked_at: float | None = None
        self._soon: Callable[[], None] | None = None
        self._known: dict[str, Any] = {}
        self._checked = self._damaged = False
        self._stopped = False
        self._take_over()

    def in_background(self, soon: Callable[[], None]) -> None:
        """`soon` has `refresh` called in the background; until it is set nothing is fetched by itself."""
        self._soon = soon

    def state(self) -> CatalogueState:
        """See the port."""
        at = self._known.get("at")
        as_of = None if at is None else datetime.fromtimestamp(int(at) // 1_000_000, UTC)
        return CatalogueState("horizon" in self._known, int(self._known.get("products", 0)), as_of)

    def freshen(self, *, at_once: bool = False) -> None:
        """See the port."""
        if self._soon is None:
            return
        now = self._monotonic()
        if at_once or self._asked_at is None or now - self._asked_at >= FRESH_S:
            self._asked_at = now
            self._soon()

    def find(self, code: str, *, at: datetime) -> Product | None:
        """See the port."""
        plain = unicodedata.normalize("NFKC", code[: 2 * CODE_MAX]).strip()
        self.freshen()
        if not plain.isprintable() or len(plain) > CODE_MAX:
            return None
        try:
            found = self._file.find(plain)
            if found is None:
                return self._labelled(plain, at)
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
            return None
        return self._product(found[0], found[1], at)

    def _labelled(self, text: str, at: datetime) -> Product | None:
        """By a scale's label: the weight that it says, or that its price buys at the price in force."""
        label = read_scale_label(text, self._known.get("scale", ()))
        found = self._file.find(label.item) if label else None
        product = self._product(found[0], MILLI, at) if found else None
        if label is None or product is None:
            return None
        qty_milli = label.qty_milli
        if label.amount_minor:
            price = product.price_minor  # 0 for an open one, which a person names
            qty_milli = quantity_for(amount_minor=label.amount_minor, price_minor=price) if price else MILLI
        return replace(product, qty_milli=qty_milli) if qty_milli else None

    def search(self, typed: str, *, at: datetime, most: int) -> Sequence[Product]:
        """See the port."""
        self.freshen()
        try:
            rows = self._file.search(typed, most)
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
            return ()
        found = (self._product(row, 1000, at) for row in rows)
        return [product for product in found if product is not None]

    def barcode_of(self, product: int) -> str:
        """See the port."""
        try:
            return self._file.barcode_of(product)
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
            return ""

    def repriced(self, *, since: datetime, at: datetime, most: int) -> Sequence[Product]:
        """See the port."""
        before = micros(since) - 1
        found: list[Product] = []
        try:
            for row in self._file.every_row():
                prices = [PriceRow(bool(own), *rest) for own, *rest in row[-1]]
                if prices_in_force(prices, before) == prices_in_force(prices, micros(at)):
                    continue
                product = self._product(row, 1000, at)
                if product is not None and product.price_minor:
                    found.append(product)
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
        return sorted(found, key=lambda product: product.code)[:most]

    # In the background

    def refresh(self) -> None:
        """Fetch what changed, or everything, page by page; where it was stopped it goes on the next time.

        Raises:
            Unreachable: what was fetched so far is kept.
            Refused: `unknown_terminal`.
        """
        try:
            self._look_over()
            if self._round() and not self._stopped:
                self._round()  # what changed while the pages were fetched
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
        except (Refused, Unreachable):
            self._asked_at = self._monotonic() - FRESH_S + AGAIN_S
            raise

    def stop(self) -> None:
        """Nothing more is asked; the page in flight is still taken."""
        self._stopped = True

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _look_over(self) -> None:
        """Once a run the whole file is read, because a lookup sees only the pages it needs."""
        try:
            if not self._checked and not self._damaged:
                self._file.check()
                self._checked = True
        except CatalogueDamaged:
            self._damaged = True
        if self._damaged:
            _log.warning("catalogue: damaged, fetched anew")
            self._begin_anew()

    def _round(self) -> bool:
        """One round of pages; True if it was for everything."""
        meta = self._file.meta()
        if meta and meta.get("format") != FORMAT:
            self._begin_anew()
            meta = {}
        epoch, horizon = meta.get("epoch"), meta.get("horizon")
        after, first = int(meta.get("after", 0)), meta.get("first")
        while not self._stopped:
            answer = accepted(
                self._ask("select api.catalogue(%s, %s, %s::int, %s::int)", (epoch, horizon, after, PAGE))
            )
            if epoch is not None and (answer["epoch"] != epoch or str(answer["store"]) != meta.get("store")):
                _log.info("catalogue: of another database or store, fetched anew")
                self._begin_anew()
                meta, epoch, horizon, after, first = {}, None, None, 0, None
                continue
            epoch, first = answer["epoch"], first or answer["horizon"]
            after = answer["products"][-1][0] if answer["products"] else after
            meta = self._keep(answer, horizon, after, first)
            if not answer["more"]:
                return horizon is None
        return False

    def _keep(self, answer: dict[str, Any], horizon: str | None, after: int, first: str) -> dict[str, str]:
        """A page and the place it reached: `first` is the horizon of the round that is under way."""
        done = not answer["more"]
        known: dict[str, str | None] = {
            "format": FORMAT,
            "epoch": answer["epoch"],
            "store": str(answer["store"]),
            "taxes": json.dumps(answer["taxes"]),
            "scale": json.dumps(answer["scale"]),
            "care": json.dumps(self._care(answer), ensure_ascii=False),
            "horizon": first if done else horizon,
            "first": None if done or horizon else first,
            "after": None if done or horizon else str(after),
        }
        if done and "at" in answer:
            known["at"] = str(answer["at"])
        if horizon is None:
            known["products"] = str(int(self._known.get("products", 0)) + len(answer["products"]))
        if answer["products"] or done:
            self._file.apply(answer["products"], known)
        self._take_over()
        return {key: value for key, value in known.items() if value is not None}

    def _care(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Least ages and warnings by product: of those on this page anew, of the others as they were."""
        told = {str(row[0]) for row in answer["products"]}
        kept = {ident: row for ident, row in self._known.get("care", {}).items() if ident not in told}
        return kept | {str(ident): [age, text] for ident, age, text in answer.get("care", ())}

    def _begin_anew(self) -> None:
        self._known = {}
        self._file.throw_away()
        self._damaged = False

    def _take_over(self) -> None:
        """What lookups need of the file's own facts, in memory: a few rates and patterns."""
        try:
            meta: dict[str, Any] = dict(self._file.meta())
        except (CatalogueDamaged, OSError) as error:
            self._unusable(error)
            return
        if meta.get("format") == FORMAT:
            taxes, scale = json.loads(meta["taxes"]), json.loads(meta["scale"])
            care = json.loads(meta.get("care", "{}"))
            self._known = {**meta, "taxes": dict(taxes), "scale": scale, "care": care}

    def _unusable(self, error: Exception) -> None:
        """Lookups go to the server; the next time in the background makes it good if it can."""
        _log.warning("catalogue: not usable (%s)", error)
        self._known = {}
        if isinstance(error, CatalogueDamaged) and not self._damaged:
            self._damaged = True
            self.freshen(at_once=True)

    # One row

    def _tax(self, row: Sequence[Any]) -> int | None:
        rate: int | None = self._known.get("taxes", {}).get(row[5])
        return rate

    def _product(self, row: Sequence[Any], qty_milli: int, at: datetime) -> Product | None:
        """The row at the price of `at`; None if it has none, or a tax that is not known yet."""
        ident, code, name, kind, unit, tax, sold_by, open_price, category, brand, spec, prices = row
        rate = self._tax(row)
        min_age, warning = self._known.get("care", {}).get(str(ident), (0, ""))
        held = prices_in_force((PriceRow(bool(own), *rest) for own, *rest in prices), micros(at))
        price = held.pop(RETAIL, None)
        if rate is None or (price is None and not open_price):
            return None
        return Product(
            id=ident,
            code=code,
            name=name,
            kind=kind,
            base_unit=unit,
            tax_code=tax,
            tax_rate_bp=rate,
            price_minor=price or 0,
            qty_milli=qty_milli,
            sold_by=sold_by,
            open_price=open_price,
            category=category,
            spec=spec or "",
            lists=tuple(sorted(held.items())),
            brand=brand or "",
            min_age=min_age or 0,
            warning=warning or "",
        )


class NoCatalogue:
    """A window without a seat keeps no goods: every question goes to the server."""

    def state(self) -> CatalogueState:
        """See the port."""
        return CatalogueState(complete=False)

    def find(self, code: str, *, at: datetime) -> Product | None:
        """Knows nothing."""
        del code, at
        return None

    def search(self, typed: str, *, at: datetime, most: int) -> Sequence[Product]:
        """Finds nothing."""
        del typed, at, most
        return ()

    def barcode_of(self, product: int) -> str:
        """Knows nothing."""
        del product
        return ""

    def repriced(self, *, since: datetime, at: datetime, most: int) -> Sequence[Product]:
        """Finds nothing."""
        del since, at, most
        return ()

    def freshen(self, *, at_once: bool = False) -> None:
        """Nothing to be fetched."""
        del at_once
