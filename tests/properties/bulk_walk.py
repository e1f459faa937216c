"""A walk over stored value that is posted a hundred documents at a time, by the door's own function.

Each document is refused or booked by itself, as through `api.post`; only the journey there and the commit are
shared. A batch names nothing that the same batch makes, so it can be drawn up before any of it is answered.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Final, cast

from psycopg.types.json import Jsonb

from tests.lives import seen
from tests.small_chain import (
    BONUS,
    NORTH,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    move,
    proof,
    stored,
)  # fmt: skip

BATCH: Final = 100
STEPS_A_CARD: Final = 120
"""A card's day has limits that are sums over it: one with thousands of steps a day measures those."""

_POST_MANY: Final = """
create or replace function api.post_many_of_a_test(ids uuid[], bodies jsonb[]) returns text[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare v_told text[] := '{}';
begin
  for i in 1 .. cardinality(ids) loop
    begin
      perform ledger.post_document(ids[i], 1, bodies[i], 'live');
      v_told := array_append(v_told, '');
    exception when sqlstate 'HY001' then v_told := array_append(v_told, sqlerrm);
    end;
  end loop;
  return v_told;
end $$;
"""


def allow_bulk(chain: SmallChain) -> None:
    """The database of a test that has it for itself learns to take many documents in one statement."""
    chain.run("set role huiyuan_owner")
    chain.run(_POST_MANY.replace("%", "%%"))
    chain.run("grant execute on function api.post_many_of_a_test(uuid[], jsonb[]) to huiyuan_terminal")
    chain.run("reset role")


@dataclass(eq=False)
class Sold:
    """A sale that stands: what of it did not come back yet."""

    id: str
    seat: Seat
    whole: int
    left: int


@dataclass
class Asked:
    """A document on its way, and what is known once it stands."""

    body: dict[str, Any]
    seat: Seat
    sold: Sold | None = None
    back: tuple[Sold, int] | None = None
    gone: Sold | None = None
    charged: bool = False
    taken_over: tuple[int, Card] | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


class BulkWalk:
    """Two tills in two stores, some cards of its own, and batches of steps."""

    def __init__(self, chain: SmallChain, seed: int, steps: int) -> None:
        self.chain = chain
        self.random = random.Random(seed)
        # A batch holds the stock of its store until it is booked: two walks take turns at the stores.
        stores = (NORTH, SOUTH) if seed % 2 else (SOUTH, NORTH)
        self.seats = [chain.open_seat(store) for store in stores]
        self.cards = [chain.card(self.seats[n % 2]) for n in range(max(6, steps // STEPS_A_CARD))]
        self.holders = [
            int(chain.value("select holder from shop.card where id = %s", card.id)) for card in self.cards
        ]
        self.sales: list[Sold] = []
        self.charges: list[tuple[str, Seat, int]] = []
        self.booked = 0
        self.refused = 0

    @property
    def wallets(self) -> list[int]:
        return [card.wallet for card in self.cards]

    def run(self, steps: int) -> None:
        """So many steps; what the door refuses is one too."""
        while self.booked + self.refused < steps:
            self.batch()

    def batch(self) -> None:
        """Drawn up, sent from both tills, and taken over."""
        busy: set[int] = set()
        asked = [each for _ in range(BATCH) if (each := self.step(busy)) is not None]
        for seat in self.seats:
            mine = [each for each in asked if each.seat is seat]
            row = seat.connection.execute(
                "select api.post_many_of_a_test(%s::uuid[], %s::jsonb[])",
                ([each.id for each in mine], [Jsonb(each.body) for each in mine]),
            ).fetchone()
            assert row is not None
            for each, code in zip(mine, cast("list[str]", row[0]), strict=True):
                self.take(each, code)

    def take(self, asked: Asked, code: str) -> None:
        """What the door said of one document."""
        if code:
            self.refused += 1
            return
        self.booked += 1
        if asked.sold is not None:
            self.sales.append(asked.sold)
        if asked.back is not None:
            asked.back[0].left -= asked.back[1]
        if asked.gone is not None:
            self.sales.remove(asked.gone)
        if asked.charged:
            self.charges.append((asked.id, asked.seat, asked.body["total_minor"]))
        if asked.taken_over is not None:
            self.cards[asked.taken_over[0]] = asked.taken_over[1]

    def step(self, busy: set[int]) -> Asked | None:
        """One document; `busy` are sales that another one of this batch is about, and cards replaced."""
        seat = self.random.choice(self.seats)
        place = self.random.randrange(len(self.cards))
        card = self.cards[place]
        draw = self.random.random()
        if card.id in busy:
            return None
        if draw < 0.22:
            return self.top_up(seat, card)
        if draw < 0.68:
            return self.spend(seat, card)
        if draw < 0.82:
            return self.give_back(seat, busy)
        if draw < 0.90:
            return self.undo(busy)
        if draw < 0.985:
            return self.transfer(seat, card, busy)
        return self.replace(seat, place, busy)

    def top_up(self, seat: Seat, card: Card) -> Asked:
        amount = self.random.choice([100, 999, 3333, 20000, 20001])
        bonus = self.random.choice([0, amount // 10]) if amount >= 20000 else 0
        grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": bonus}] if bonus else []
        body = seat.document(
            "top_up", wallet=card.wallet, tenders=[cash(amount)], grants=grants, total_minor=amount
        )
        return Asked(body, seat, charged=True)

    def spend(self, seat: Seat, card: Card) -> Asked:
        amount = self.random.choice([1, 7, 350, 999, 2500, 9000])
        body = seat.document(
            "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
            proofs=[proof(card)], total_minor=amount,
        )  # fmt: skip
        asked = Asked(body, seat)
        asked.sold = Sold(asked.id, seat, amount, amount)
        return asked

    def of_sales(self, busy: set[int], recent: int) -> Sold | None:
        found = [sale for sale in self.sales[-recent:] if id(sale) not in busy and sale.left]
        sale = self.random.choice(found) if found else None
        busy.add(id(sale))
        return sale

    def give_back(self, seat: Seat, busy: set[int]) -> Asked | None:
        sale = self.of_sales(busy, 200)
        if sale is None:
            return None
        pieces = self.random.randint(1, min(sale.left, 900))
        lines = [{"n": 1, "of": 1, "qty_milli": pieces * 1000}]
        body = seat.document("return", of=sale.id, reason="broken", lines=lines, total_minor=pieces)
        return Asked(body, seat, back=(sale, pieces))

    def undo(self, busy: set[int]) -> Asked | None:
        if self.random.random() < 0.7:
            sale = self.of_sales(busy, 60)
            if sale is None or sale.left != sale.whole:
                return None
            of, seat, total = sale.id, sale.seat, sale.whole
        elif self.charges:
            sale = None
            of, seat, total = self.charges.pop(
                self.random.randrange(max(0, len(self.charges) - 60), len(self.charges))
            )
        else:
            return None
        body = seat.document("reversal", of=of, reason="mistake", total_minor=total)
        return Asked(body, seat, gone=sale)

    def transfer(self, seat: Seat, card: Card, busy: set[int]) -> Asked | None:
        taker = self.random.choice(self.cards)
        if taker.wallet == card.wallet or taker.id in busy:
            return None
        amount = self.random.choice([1, 500, 2501])
        row = {"wallet": card.wallet, "taker": taker.wallet, "amount_minor": amount}
        proofs = [proof(card), proof(taker)]
        body = seat.document("value_transfer", transfers=[row], proofs=proofs, total_minor=amount)
        return Asked(body, seat)

    def replace(self, seat: Seat, place: int, busy: set[int]) -> Asked:
        """The card was damaged: another one opens the same wallet."""
        old, fresh, owner = self.cards[place], self.chain.blank(), self.holders[place]
        busy.add(old.id)
        rows = [
            move(old, "active", "replaced"), move(fresh, "blank", "active", holder=owner, wallet=old.wallet)
        ]  # fmt: skip
        body = seat.document("card_replacement", cards=rows, reason="damaged", identity=[seen(owner)])
        return Asked(body, seat, taken_over=(place, Card(fresh.id, fresh.token, old.wallet)))
