"""What stores owe each other: positions by pairs, and what they would be under another policy.

Always true: a position is what the store that sold a lot owes the one where it was spent; under any policy
the net of all stores is nothing, because every position is one store's claim and another's debt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from huiyuan.domain.model.stored_value import SpendPolicy, split_stored

HEADQUARTERS: Final = 0
"""Stands for headquarters in a simulated position, where it keeps a share."""

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ClearingStore:
    id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Position:
    """What `issuer` owes `spender`, minor units; principal was paid in, bonus was given.

    `passes_minor` is what uses earned at `spender` of passes that `issuer` sold.
    """

    issuer: int
    spender: int
    principal_minor: int
    bonus_minor: int
    passes_minor: int = 0

    @property
    def value_minor(self) -> int:
        """Of stored value."""
        return self.principal_minor + self.bonus_minor

    @property
    def whole_minor(self) -> int:
        return self.value_minor + self.passes_minor


@dataclass(frozen=True, slots=True)
class Clearing:
    """Every position of a span; `first` and `last` None: since ever, until now."""

    stores: tuple[ClearingStore, ...]
    positions: tuple[Position, ...]
    read_at: datetime
    first: date | None = None
    last: date | None = None

    def by_pair(self) -> dict[Pair, int]:
        """Positions as figures by pair of stores."""
        return {(each.issuer, each.spender): each.whole_minor for each in self.positions}

    def passes(self) -> dict[Pair, int]:
        """What of them passes are."""
        return {(each.issuer, each.spender): each.passes_minor for each in self.positions}


@dataclass(frozen=True, slots=True)
class ClearingSlip:
    """A document behind a position, and its part of it."""

    document: UUID
    kind: str
    receipt: str
    at: datetime
    principal_minor: int
    bonus_minor: int
    passes_minor: int = 0


@dataclass(frozen=True, slots=True)
class ClearingPolicy:
    """How spending is cleared; a pass always at what its use earned, for no order takes another one.

    Args:
        order: which value a spending takes first.
        bonus: bonus is cleared like principal; else the store where it is spent bears it.
        share_bp: what headquarters keeps of what a store is owed, per 10,000, rounded down.
    """

    order: SpendPolicy = SpendPolicy.PRINCIPAL_FIRST
    bonus: bool = True
    share_bp: int = 0


@dataclass(slots=True)
class StoryLot:
    """A lot while a story is told."""

    account: str
    store: int
    remaining: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoryMove:
    """A move of a lot, as it was posted.

    `of` is the document whose moves it undoes; `carried` says that it went to another wallet, or came from
    one, so that nobody owes it.
    """

    document: UUID
    kind: str
    store: int
    at: datetime
    lot: int
    account: str
    issuer: int
    delta: int
    expires_at: datetime | None = None
    of: UUID | None = None
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """A wallet's lots before the span, and every move within it in order."""

    wallet: int
    lots: Mapping[int, StoryLot]
    moves: tuple[StoryMove, ...]


@dataclass(slots=True)
class _Told:
    """A wallet while its story is told under a policy: its lots, and who took what from which."""

    lots: list[StoryLot]
    policy: ClearingPolicy
    positions: dict[Pair, int]
    takes: dict[UUID, list[tuple[StoryLot, int]]] = field(default_factory=lambda: defaultdict(list))
    puts: dict[UUID, list[StoryLot]] = field(default_factory=lambda: defaultdict(list))

    def owe(self, lot: StoryLot, store: int, amount: int) -> None:
        """The lot's store owes so much more to `store`; less than nothing: so much less."""
        if lot.store == store or (lot.account == "bonus" and not self.policy.bonus):
            return
        kept = abs(amount) * self.policy.share_bp // 10_000 * (1 if amount > 0 else -1)
        self.positions[lot.store, store] += amount - kept
        if kept:
            self.positions[lot.store, HEADQUARTERS] += kept


def with_passes(
    positions: Mapping[Pair, int], passes: Mapping[Pair, int], policy: ClearingPolicy
) -> dict[Pair, int]:
    """Simulated positions of value and those of passes together.

    Headquarters keeps its share of passes, too: of what they are in a pair on the whole, rounded down.
    """
    found: dict[Pair, int] = defaultdict(int, positions)
    for (issuer, spender), amount in passes.items():
        kept = abs(amount) * policy.share_bp // 10_000 * (1 if amount > 0 else -1)
        found[issuer, spender] += amount - kept
        found[issuer, HEADQUARTERS] += kept
    return {pair: amount for pair, amount in sorted(found.items()) if amount}


def nets(positions: Mapping[Pair, int]) -> dict[int, int]:
    """What each store is owed on the whole, less what it owes; they add up to nothing."""
    found: dict[int, int] = defaultdict(int)
    for (issuer, spender), amount in positions.items():
        found[spender] += amount
        found[issuer] -= amount
    return dict(found)


def simulate(stories: Iterable[Story], policy: ClearingPolicy) -> dict[Pair, int]:
    """Positions as they would be had every spending of these stories been taken in the policy's order.

    What was sold, granted, carried or corrected stands as it was; what came back goes to the lots that the
    simulated spending had taken from, the last one first.
    """
    positions: dict[Pair, int] = defaultdict(int)
    for story in stories:
        told = _Told([_copy(story.lots[each]) for each in sorted(story.lots)], policy, positions)
        for document, moves in _documents(story.moves):
            _tell(told, document, moves)
    return {pair: amount for pair, amount in sorted(positions.items()) if amount}


def _copy(lot: StoryLot) -> StoryLot:
    return StoryLot(lot.account, lot.store, lot.remaining, lot.expires_at)


def _documents(moves: tuple[StoryMove, ...]) -> list[tuple[UUID, list[StoryMove]]]:
    found: dict[UUID, list[StoryMove]] = {}
    for move in moves:
        found.setdefault(move.document, []).append(move)
    return list(found.items())


def _tell(told: _Told, document: UUID, moves: list[StoryMove]) -> None:
    """One document: what goes in as it was, then what comes back, then what is taken."""
    for move in moves:
        if move.delta > 0 and move.of is None:
            _put_in(told, move)
    for move in moves:
        if move.delta > 0 and move.of is not None:
            _give_back(told, move)
    undone = sum(_take_out(told, move) for move in moves if move.delta < 0 and move.of is not None)
    plain = -sum(move.delta for move in moves if move.delta < 0 and move.of is None)
    if undone:
        target = next(move.of for move in moves if move.delta < 0 and move.of is not None)
        _take(told, target, undone, moves[0])
    if plain:
        _take(told, document, plain, moves[0])


def _put_in(told: _Told, move: StoryMove) -> None:
    lot = StoryLot(move.account, move.issuer, move.delta, move.expires_at)
    told.lots.append(lot)
    told.puts[move.document].append(lot)


def _take_out(told: _Told, move: StoryMove) -> int:
    """Undo what a document put in, as far as it is there; what is left to be taken by the order."""
    assert move.of is not None
    rest = -move.delta
    for lot in told.puts[move.of]:
        used = min(lot.remaining, rest) if lot.account == move.account else 0
        if used:
            lot.remaining -= used
            rest -= used
            if not move.carried:
                told.owe(lot, move.store, used)
    return rest


def _take(told: _Told, document: UUID | None, wanted: int, move: StoryMove) -> None:
    """So much in the policy's order, by the document and in the store of `move`."""
    at, order = move.at, told.policy.order
    live = [lot for lot in told.lots if lot.remaining > 0 and (lot.expires_at is None or lot.expires_at > at)]
    live.sort(key=lambda lot: (lot.expires_at is None, lot.expires_at or at))
    held = {
        name: sum(lot.remaining for lot in live if lot.account == name) for name in ("principal", "bonus")
    }
    wanted = min(wanted, sum(held.values()))
    shares = split_stored(order, wanted, principal_minor=held["principal"], bonus_minor=held["bonus"])
    for account, share in zip(("principal", "bonus"), shares, strict=True):
        rest = share
        for lot in live:
            used = min(lot.remaining, rest) if lot.account == account else 0
            if used > 0:
                lot.remaining -= used
                rest -= used
                if document is not None:
                    told.takes[document].append((lot, used))
                if not move.carried:
                    told.owe(lot, move.store, used)


def _give_back(told: _Told, move: StoryMove) -> None:
    """Back to the lots that the simulated spending took from, of this account first."""
    assert move.of is not None
    rest, taken = move.delta, told.takes[move.of]
    for own in (True, False):
        for place in reversed(range(len(taken))):
            lot, used = taken[place]
            back = min(rest, used) if (lot.account == move.account) is own else 0
            if back:
                taken[place] = (lot, used - back)
                lot.remaining += back
                rest -= back
                if not move.carried:
                    told.owe(lot, move.store, -back)
    if rest:
        lot = StoryLot(move.account, move.issuer, rest, move.expires_at)
        told.lots.append(lot)
        if not move.carried:
            told.owe(lot, move.store, -rest)
