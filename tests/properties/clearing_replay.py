"""What stores owe each other, once more out of the documents alone: lists of lots, nothing of the product.

Every figure here comes from bodies. Sales of this replay are paid by stored value of one wallet, in one line
of pieces of one fen, so that a return of n pieces brings n fen.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any


@dataclass(eq=False)
class Lot:
    """What is left of a top-up or a gift; `seq` orders lots of one account."""

    account: str
    store: int
    left: int
    seq: int
    wallet: int


@dataclass
class Posted:
    """What has to be known to take a document back: from which lots what came, and what of it is back."""

    kind: str
    store: int
    wallet: int
    takes: list[tuple[Lot, int]] = field(default_factory=list)
    puts: list[tuple[Lot, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Document:
    """A document as it was posted."""

    id: str
    kind: str
    store: int
    of: str | None
    body: dict[str, Any]


class Replay:
    """Wallets, lots and positions after the documents so far; bonus is counted like principal."""

    def __init__(self) -> None:
        self.wallets: dict[int, list[Lot]] = defaultdict(list)
        self.documents: dict[str, Posted] = {}
        self.positions: dict[tuple[int, int], int] = defaultdict(int)
        self.seq = 0

    def tell(self, document: Document) -> None:
        """The next document."""
        step = getattr(self, f"_{document.kind}", None)
        if step is not None:
            step(document)

    def held(self, wallet: int, account: str) -> int:
        return sum(lot.left for lot in self.wallets[wallet] if lot.account == account)

    def pairs(self) -> dict[tuple[int, int], int]:
        return {pair: amount for pair, amount in self.positions.items() if amount}

    def _new(self, posted: Posted, wallet: int, account: str, store: int, amount: int) -> None:
        self.seq += 1
        lot = Lot(account, store, amount, self.seq, wallet)
        self.wallets[wallet].append(lot)
        posted.puts.append((lot, amount))

    def _owe(self, lot: Lot, store: int, amount: int) -> None:
        if lot.store != store:
            self.positions[lot.store, store] += amount

    def _take(self, posted: Posted, wallet: int, account: str, amount: int) -> None:
        for lot in self.wallets[wallet]:
            used = min(lot.left, amount) if lot.account == account else 0
            if used:
                lot.left -= used
                amount -= used
                posted.takes.append((lot, used))
                self._owe(lot, posted.store, used)
        assert amount == 0, "the door took what the replay does not have"
        self.wallets[wallet] = [lot for lot in self.wallets[wallet] if lot.left]

    def _fill(self, lot: Lot, amount: int) -> None:
        """Back into a lot, in its old place where it was empty."""
        if lot.left == 0 and lot not in self.wallets[lot.wallet]:
            bisect.insort(self.wallets[lot.wallet], lot, key=lambda each: each.seq)
        lot.left += amount

    def _spend(self, posted: Posted, wallet: int, amount: int) -> None:
        principal = min(amount, self.held(wallet, "principal"))
        for account, part in (("principal", principal), ("bonus", amount - principal)):
            if part:
                self._take(posted, wallet, account, part)

    def _top_up(self, told: Document) -> None:
        posted = self.documents[told.id] = Posted("top_up", told.store, told.body["wallet"])
        self._new(posted, told.body["wallet"], "principal", told.store, told.body["total_minor"])
        for grant in told.body.get("grants", ()):
            self._new(posted, told.body["wallet"], "bonus", told.store, grant["amount"])

    def _sale(self, told: Document) -> None:
        wallet = told.body["tenders"][0]["wallet"]
        posted = self.documents[told.id] = Posted("sale", told.store, wallet)
        self._spend(posted, wallet, told.body["total_minor"])

    def _value_transfer(self, told: Document) -> None:
        (row,) = told.body["transfers"]
        posted = self.documents[told.id] = Posted("value_transfer", told.store, row["wallet"])
        self._spend(posted, row["wallet"], row["amount_minor"])
        for lot, used in list(posted.takes):
            self._owe(
                lot, told.store, -used
            )  # it only goes to another wallet: the same store still has the money
            self._new(posted, row["taker"], lot.account, lot.store, used)

    def _return(self, told: Document) -> None:
        assert told.of is not None
        sale = self.documents[told.of]
        rest = {"principal": 0, "bonus": 0}
        for lot, used in sale.takes:
            rest[lot.account] += used
        amount = told.body["total_minor"]
        whole = sum(rest.values())
        part = {name: amount * rest[name] // whole for name in rest}
        by_odd = sorted(rest, key=lambda name: (-(amount * rest[name] % whole), name == "bonus"))
        for name in by_odd[: amount - sum(part.values())]:
            part[name] += 1
        for name, back in part.items():
            self._put_back(sale, name, back, told.store)

    def _put_back(self, sale: Posted, account: str, amount: int, store: int) -> None:
        for place in reversed(range(len(sale.takes))):
            lot, used = sale.takes[place]
            back = min(used, amount) if lot.account == account else 0
            if back:
                sale.takes[place] = (lot, used - back)
                self._fill(lot, back)
                amount -= back
                self._owe(lot, store, -back)
        assert amount == 0

    def _reversal(self, told: Document) -> None:
        assert told.of is not None
        posted = self.documents[told.of]
        for lot, used in posted.takes:
            self._fill(lot, used)
            if posted.kind != "value_transfer":
                self._owe(lot, posted.store, -used)
        for lot, put in posted.puts:
            assert lot.left >= put, "a reversal takes back what is still there"
            lot.left -= put
