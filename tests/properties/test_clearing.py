"""Positions of stores, three ways: lot takes as the door keeps them, account entries, documents told anew.

Random top-ups, spendings, returns in other stores, reversals, transfers and replacements of cards over two
stores; after each batch all three agree to the fen, and the net of all stores is nothing.
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest

from huiyuan.domain.model.clearing import ClearingPolicy, nets, simulate
from huiyuan.domain.model.stored_value import SpendPolicy
from huiyuan.repositories.value_books import story_of
from tests.lives import replacing
from tests.properties.clearing_replay import Document, Replay
from tests.small_chain import (
    BONUS,
    NO_PIN,
    NORTH,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    proof,
    stored,
)

CARDS = 6


class Walk:
    """Two tills in two stores, some cards, and one random step after the other."""

    def __init__(self, chain: SmallChain, seed: int) -> None:
        self.chain = chain
        self.random = random.Random(seed)
        self.seats = [chain.open_seat(NORTH), chain.open_seat(SOUTH)]
        self.cards = [chain.card(self.seats[n % 2]) for n in range(CARDS)]
        self.sales: list[dict[str, Any]] = []
        self.newest: dict[int, str] = {}
        self.done = 0

    def step(self) -> None:
        """One document, or one that is refused: both are fine."""
        self.done += 1
        seat = self.random.choice(self.seats)
        card = self.random.choice(self.cards)
        draw = self.random.random()
        if draw < 0.22:
            self.top_up(seat, card)
        elif draw < 0.68:
            self.spend(seat, card)
        elif draw < 0.82:
            self.give_back(seat)
        elif draw < 0.90:
            self.undo(seat)
        elif draw < 0.985:
            self.transfer(seat, card)
        else:
            self.replace(seat, card)

    def top_up(self, seat: Seat, card: Card) -> None:
        amount = self.random.choice([100, 999, 3333, 20000, 20001])
        bonus = self.random.choice([0, amount // 10]) if amount >= 20000 else 0
        grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": bonus}] if bonus else []
        answer = seat.post(
            seat.document(
                "top_up", wallet=card.wallet, tenders=[cash(amount)], grants=grants, total_minor=amount
            )
        )
        if "refused" not in answer:
            self.newest[seat.store] = answer["id"]

    def spend(self, seat: Seat, card: Card) -> None:
        amount = self.random.choice([1, 7, 350, 999, 2500, 9000])
        body = seat.document(
            "sale", lines=[line(1, PENNY, amount * 1000, 1, amount)], tenders=[stored(card, amount)],
            proofs=[proof(card)], total_minor=amount,
        )  # fmt: skip
        answer = seat.post(body)
        if "refused" not in answer:
            self.sales.append({"id": answer["id"], "left": amount, "seat": seat, "whole": amount})

    def give_back(self, seat: Seat) -> None:
        if not self.sales:
            return
        sale = self.random.choice(self.sales[-30:])
        pieces = self.random.randint(1, max(1, min(sale["left"], 900)))
        lines = [{"n": 1, "of": 1, "qty_milli": pieces * 1000}]
        body = seat.document("return", of=sale["id"], reason="broken", lines=lines, total_minor=pieces)
        if "refused" not in seat.post(body):
            sale["left"] -= pieces

    def undo(self, seat: Seat) -> None:
        whole = [sale for sale in self.sales[-10:] if sale["left"] == sale["whole"] and sale["seat"] is seat]
        if whole and self.random.random() < 0.7:
            sale = self.random.choice(whole)
            total, of = sale["whole"], sale["id"]
        elif seat.store in self.newest:
            of = self.newest[seat.store]
            total = self.chain.value("select total_minor from ledger.document where id = %s", of)
            sale = None
        else:
            return
        answer = seat.post(seat.document("reversal", of=of, reason="mistake", total_minor=total))
        if "refused" not in answer and sale is not None:
            self.sales.remove(sale)

    def transfer(self, seat: Seat, card: Card) -> None:
        taker = self.random.choice([each for each in self.cards if each.wallet != card.wallet])
        amount = self.random.choice([1, 500, 2501])
        row = {"wallet": card.wallet, "taker": taker.wallet, "amount_minor": amount}
        proofs = [proof(card), proof(taker)]
        seat.post(seat.document("value_transfer", transfers=[row], proofs=proofs, total_minor=amount))

    def replace(self, seat: Seat, card: Card) -> None:
        """The card was damaged: another one opens the same wallet."""
        fresh = self.chain.blank()
        answer = seat.post(replacing(seat, card, fresh))
        assert "refused" not in answer, answer
        place = self.cards.index(card)
        self.cards[place] = Card(fresh.id, fresh.token, card.wallet)


def documents(chain: SmallChain, wallets: list[int]) -> list[tuple[Any, ...]]:
    """What was posted that touched these wallets, in order."""
    return chain.rows(
        "select d.id::text, d.kind, d.store, d.of::text, d.body, d.business_date from ledger.document d"
        " where exists (select from ledger.lot_move m join ledger.account a on a.id = m.account"
        "   where m.document = d.id and a.wallet = any (%s) and a.kind in ('principal', 'bonus'))"
        " order by d.posted_at", wallets,
    )  # fmt: skip


def from_takes(chain: SmallChain, wallets: list[int]) -> dict[tuple[int, int], int]:
    """The door's own positions, of these wallets."""
    rows = chain.rows(
        "select l.store, d.store, -sum(m.delta)::bigint from ledger.lot_move m"
        " join ledger.lot l on l.id = m.lot"
        " join ledger.account a on a.id = m.account and a.kind in ('principal', 'bonus')"
        " join ledger.document d on d.id = m.document where a.wallet = any (%s) and l.store <> d.store"
        " group by 1, 2 having sum(m.delta) <> 0", wallets,
    )  # fmt: skip
    return {(issuer, spender): int(amount) for issuer, spender, amount in rows}


def from_entries(chain: SmallChain, wallets: list[int]) -> dict[int, int]:
    """The net of each store out of the accounts' entries: what its lots still hold less what it booked."""
    found: dict[int, int] = defaultdict(int)
    for store, amount in chain.rows(
        "select d.store, sum(e.delta)::bigint from ledger.entry e join ledger.account a on a.id = e.account"
        " join ledger.document d on d.id = e.document"
        " where a.wallet = any (%s) and a.kind in ('principal', 'bonus') group by 1", wallets,
    ):  # fmt: skip
        found[store] -= int(amount)
    for store, amount in chain.rows(
        "select l.store, sum(l.remaining)::bigint from ledger.lot l join ledger.account a on a.id = l.account"
        " where a.wallet = any (%s) and a.kind in ('principal', 'bonus') group by 1", wallets,
    ):  # fmt: skip
        found[store] += int(amount)
    return {store: amount for store, amount in found.items() if amount}


def agree(chain: SmallChain, wallets: list[int]) -> dict[tuple[int, int], int]:
    """All three computations of the positions; answers them."""
    taken = from_takes(chain, wallets)
    replay = Replay()
    rows = documents(chain, wallets)
    for id, kind, store, of, body, _ in rows:
        replay.tell(Document(id, kind, store, of, body))
    assert taken == replay.pairs()
    net = nets(taken)
    assert sum(net.values()) == 0
    assert {store: amount for store, amount in net.items() if amount} == from_entries(chain, wallets)
    for wallet in wallets:
        held = chain.balances(wallet)
        assert {name: replay.held(wallet, name) for name in ("principal", "bonus")} == {
            name: held[name] for name in ("principal", "bonus")
        }
    return taken


def stories(chain: SmallChain, seat: Seat, wallets: list[int]) -> list[Any]:
    """What a simulation is told of these wallets, through the api."""
    first, last = chain.rows("select min(business_date), max(business_date) from ledger.document")[0]
    found, after = [], None
    while True:
        page = seat.call("select api.clearing_stories(%s, %s, %s::bigint, 50)", first, last, after)
        found += page["stories"]
        if not page["more"]:
            return [story_of(each) for each in found if each["wallet"] in wallets]
        after = found[-1]["wallet"]


def lawyer(chain: SmallChain) -> Seat:
    """Somebody who reads reports of the whole chain."""
    chain.run("insert into sec.duty values ('books', '会计') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission) values ('books', 'report') on conflict do nothing"
    )
    return chain.seat(staff=chain.person("books", 1))


def test_three_computations_agree_and_what_is_simulated_as_it_is_done_is_what_is(
    chain: SmallChain,
) -> None:
    with chain.policy(**NO_PIN):
        walk = Walk(chain, 7)
        for _ in range(4):
            for _ in range(60):
                walk.step()
            taken = agree(chain, [card.wallet for card in walk.cards])
    assert taken, "the walk crossed stores"
    books = lawyer(chain)
    wallets = [card.wallet for card in walk.cards]
    told = stories(chain, books, wallets)
    assert simulate(told, ClearingPolicy()) == taken
    other = simulate(told, ClearingPolicy(SpendPolicy.BONUS_FIRST))
    assert sum(nets(other).values()) == 0
    shared = simulate(told, ClearingPolicy(share_bp=300))
    assert sum(shared.values()) == sum(taken.values()), "headquarters keeps a part, and no fen is lost"
    pairs = books.call("select api.clearing_pairs(null, null)")
    mine = {(row[0], row[1]): row[2] + row[3] for row in pairs["pairs"]}
    for (issuer, spender), amount in mine.items():
        slips, after = [], None
        while page := books.call(
            "select api.clearing_slips(%s::int, %s::int, null, null, %s::uuid, 40)", issuer, spender, after
        ):
            slips += page
            after = page[-1]["document"]
        assert sum(slip["principal_minor"] + slip["bonus_minor"] for slip in slips) == amount


@pytest.mark.soak
def test_three_computations_agree_for_long(quiet_chain: SmallChain) -> None:
    """A thousand operations of another walk each time."""
    chain = quiet_chain
    with chain.policy(**NO_PIN):
        walk = Walk(chain, random.randrange(10**9))
        for _ in range(5):
            for _ in range(200):
                walk.step()
            agree(chain, [card.wallet for card in walk.cards])
    assert chain.rows("select * from ledger.verify()") == []
