"""What stores owe each other for passes, three ways: clearing, open accounts, documents told anew.

Passes are sold and used in two stores, uses and sales undone; 1000 fen do not divide by 7 uses, so every
fen that is lost or made up shows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from huiyuan.domain.model.clearing import nets
from tests.card_types import give, shared_pass
from tests.properties.test_clearing import lawyer
from tests.small_chain import NO_PIN, NORTH, SOUTH, Card, Seat, SmallChain, cash, proof

PRICE, USES = 1000, 7


@dataclass(eq=False)
class Sold:
    """What was sold together: what of it was used, and earned."""

    store: int
    packs: int
    used: int = 0
    earned: int = 0

    def draw(self, uses: int) -> int:
        """What so many more earn, by the cumulated floor."""
        self.used += uses
        due = max(0, self.packs * PRICE * self.used // (self.packs * USES) - self.earned)
        self.earned += due
        return due


@dataclass
class Told:
    """Wallets of passes as the documents make them, and who owes whom."""

    wallets: dict[int, list[Sold]] = field(default_factory=lambda: defaultdict(list))
    owed: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))

    def left(self, wallet: int) -> int:
        return sum(each.packs * USES - each.used for each in self.wallets[wallet])

    def use(self, wallet: int, store: int, count: int) -> list[tuple[Sold, int, int]]:
        """The oldest first; what it drew and earned."""
        drawn = []
        for sold in self.wallets[wallet]:
            uses = min(count, sold.packs * USES - sold.used)
            if uses:
                due = sold.draw(uses)
                drawn.append((sold, uses, due))
                self.owed[sold.store, store] += due
                count -= uses
        return drawn

    def undo(self, store: int, drawn: list[tuple[Sold, int, int]]) -> None:
        for sold, uses, due in drawn:
            sold.used -= uses
            sold.earned -= due
            self.owed[sold.store, store] -= due

    def between(self) -> dict[tuple[int, int], int]:
        return {pair: amount for pair, amount in self.owed.items() if pair[0] != pair[1] and amount}


class Walk:
    """One random step after the other, told anew by the way."""

    def __init__(self, chain: SmallChain, seed: int) -> None:
        self.random = random.Random(seed)
        self.rule = shared_pass(chain, count=USES, price_minor=PRICE)
        self.seats = [chain.open_seat(NORTH), chain.open_seat(SOUTH)]
        self.cards = [chain.card(self.seats[n % 2]) for n in range(4)]
        self.told = Told()
        self.uses: list[tuple[str, Seat, list[tuple[Sold, int, int]]]] = []
        self.sales: list[tuple[str, Seat, Card, Sold]] = []

    def step(self) -> None:
        seat, card = self.random.choice(self.seats), self.random.choice(self.cards)
        draw = self.random.random()
        if draw < 0.25 or not self.told.left(card.wallet):
            self.sell(seat, card)
        elif draw < 0.75:
            self.use(seat, card)
        elif draw < 0.92:
            self.undo_use()
        else:
            self.undo_sale()

    def sell(self, seat: Seat, card: Card) -> None:
        packs = self.random.choice([1, 1, 2])
        answer = seat.done(
            "pass_sale", wallet=card.wallet, grants=[give(self.rule, packs * USES)],
            tenders=[cash(packs * PRICE)], total_minor=packs * PRICE,
        )  # fmt: skip
        sold = Sold(int(seat.store), packs)
        self.told.wallets[card.wallet].append(sold)
        self.sales.append((answer["id"], seat, card, sold))

    def use(self, seat: Seat, card: Card) -> None:
        count = self.random.randint(1, min(9, self.told.left(card.wallet)))
        rows = [{"rule": self.rule, "count": count}]
        answer = seat.done("pass_use", wallet=card.wallet, passes=rows, proofs=[proof(card)])
        self.uses.append((answer["id"], seat, self.told.use(card.wallet, int(seat.store), count)))

    def undo_use(self) -> None:
        if self.uses:
            id, seat, drawn = self.uses.pop(self.random.randrange(len(self.uses)))
            seat.done("reversal", of=id, reason="mistake", total_minor=0)
            self.told.undo(int(seat.store), drawn)

    def undo_sale(self) -> None:
        untouched = [each for each in self.sales if not each[3].used]
        if untouched:
            id, seat, card, sold = each = self.random.choice(untouched)
            seat.done("reversal", of=id, reason="mistake", total_minor=sold.packs * PRICE)
            self.told.wallets[card.wallet].remove(sold)
            self.sales.remove(each)


def from_accounts(chain: SmallChain, wallets: list[int]) -> dict[int, int]:
    """The net of each store: what it earned by passes, less what it was paid for and owes no more."""
    found: dict[int, int] = defaultdict(int)
    for store, amount in chain.rows(
        "select x.store, sum(x.amount)::bigint from ("
        "   select p.credit_ref as store, p.amount, p.credit as kind, p.document from ledger.posting p"
        "   union all select p.debit_ref, -p.amount, p.debit, p.document from ledger.posting p) x"
        " join ledger.document d on d.id = x.document"
        " left join ledger.document o on o.id = d.of"
        " where x.kind in ('revenue', 'passes_sold') and coalesce(o.wallet, d.wallet) = any (%s)"
        "   and coalesce(o.kind, d.kind) in ('pass_sale', 'pass_use') group by 1", wallets,
    ):  # fmt: skip
        found[int(store)] += int(amount)
    for store, amount in chain.rows(
        "select d.store, sum(d.total_minor * case d.kind when 'reversal' then -1 else 1 end)::bigint"
        " from ledger.document d left join ledger.document o on o.id = d.of"
        " where coalesce(o.kind, d.kind) = 'pass_sale' and coalesce(o.wallet, d.wallet) = any (%s)"
        " group by 1", wallets,
    ):  # fmt: skip
        found[int(store)] -= int(amount)
    return {store: amount for store, amount in found.items() if amount}


def booked(seat: Seat) -> dict[tuple[int, int], int]:
    pairs = seat.call("select api.clearing_pairs(null, null)")["pairs"]
    return {(issuer, spender): passes for issuer, spender, _, _, passes in pairs if passes}


def test_what_stores_owe_for_passes_agrees_three_ways(chain: SmallChain) -> None:
    books = lawyer(chain)
    before = booked(books)
    with chain.policy(**NO_PIN):
        walk = Walk(chain, 11)
        crossed = False
        for _ in range(3):
            for _ in range(40):
                walk.step()
            now = booked(books)
            grown = {pair: now.get(pair, 0) - before.get(pair, 0) for pair in now.keys() | before.keys()}
            grown = {pair: amount for pair, amount in grown.items() if amount}
            told = walk.told.between()
            assert grown == told
            crossed |= bool(told)
            net = {store: amount for store, amount in nets(told).items() if amount}
            assert net == from_accounts(chain, [card.wallet for card in walk.cards])
            assert sum(net.values()) == 0
    assert crossed, "a pass was used in the other store"
    for (issuer, spender), amount in booked(books).items():
        slips = books.call(
            "select api.clearing_slips(%s::int, %s::int, null, null, null, 100)", issuer, spender
        )
        assert sum(slip["passes_minor"] for slip in slips) == amount or len(slips) == 100


def test_a_use_undone_is_owed_no_more(chain: SmallChain) -> None:
    books = lawyer(chain)
    north, south = chain.open_seat(NORTH), chain.open_seat(SOUTH)
    card = chain.card(north)
    rule = shared_pass(chain, count=USES, price_minor=PRICE)
    before = booked(books).get((NORTH, SOUTH), 0)
    north.done(
        "pass_sale", wallet=card.wallet, grants=[give(rule, USES)], tenders=[cash(PRICE)], total_minor=PRICE
    )
    rows = [{"rule": rule, "count": 2}]
    used = south.done("pass_use", wallet=card.wallet, passes=rows, proofs=[proof(card)])
    assert booked(books)[NORTH, SOUTH] - before == 285
    south.done("reversal", of=used["id"], reason="mistake", total_minor=0)
    assert booked(books).get((NORTH, SOUTH), 0) == before
