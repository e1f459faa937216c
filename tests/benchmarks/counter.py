"""One counter as a process: the whole Python path of a sale, again and again, for some seconds.

`python -m tests.benchmarks.counter URL FOLDER CARD SECONDS` prints how many sales were posted. A sale here is
what happens from the last scan on: price the cart, collect tenders, make the document, journal it, post it,
journal the answer.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from huiyuan.domain.model.cart import Cart
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.pricing.order import price_cart
from huiyuan.domain.model.tender import Payment
from huiyuan.domain.usecases import checkout
from tests.benchmarks.seats import LINES
from tests.counters import Counter, open_counter

STORED_MINOR = 100


class Seller:
    """A counter with its goods at hand and a card presented."""

    def __init__(self, counter: Counter, card: str) -> None:
        self.counter = counter
        counter.start()
        counter.open_shift()
        self.goods = [counter.reads.find_product(f"BENCH-{n}") for n in range(1, LINES + 1)]
        self.card = counter.reads.open_card(token_kind="number", text=card)

    def document(self, pin_attempt: UUID | None = None) -> Document:
        """The next sale: five lines, cash and stored value, points."""
        cart = Cart().with_card(self.card)
        for product in self.goods:
            cart = cart.add(product)
        priced = price_cart(cart, self.counter.rules)
        wallet = self.card.wallet
        assert wallet is not None
        payment = Payment(priced.total_minor)
        payment = payment.with_stored(
            STORED_MINOR, wallet=wallet, balance_minor=self.card.balances.stored_minor
        )
        payment = payment.with_cash(priced.total_minor - STORED_MINOR)
        return checkout.sale_document(
            self.counter.stamp(),
            priced=priced,
            payment=payment,
            pin_attempt=pin_attempt,
        )

    def sell(self, *, pin: str | None = None) -> None:
        """One sale, posted; with `pin` its card PIN is judged first."""
        attempt = self.counter.ids.new() if pin else None
        document = self.document(attempt)
        if pin and attempt and document.wallet:
            self.counter.door.guess_pin(
                attempt=attempt, document=document.id, wallet=document.wallet, pin=pin
            )
        self.counter.door.post(document)


@contextmanager
def seller(url: str, folder: Path, card: str) -> Iterator[Seller]:
    """A seller on the seat of `url`, its journal in `folder`."""
    with open_counter(url, folder) as counter:
        yield Seller(counter, card)


def main(url: str, folder: str, card: str, seconds: str) -> None:
    with seller(url, Path(folder), card) as one:
        one.sell()
        print("ready", flush=True)
        sys.stdin.readline()  # all counters begin together
        posted, until = 0, time.monotonic() + int(seconds)
        while time.monotonic() < until:
            one.sell()
            posted += 1
    print(posted, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
