"""The page of value that moves between wallets and out: transfers, merges, settlements, and each undone."""

from __future__ import annotations

from tests.properties.books import Document, Refusal
from tests.properties.part import Part


class Moving(Part):
    """A part of the model."""

    def transfer(self, till: int, giver: int, taker: int, amount: int) -> None:
        """Both cards lie there; lots go in the order in which they would be spent."""
        source, target = self.opens[giver], self.opens[taker]
        move = self._begin("value_transfer", till, amount, shift=False, wallet=source)
        purse = self.wallets[source]
        if amount > purse.value:
            raise Refusal("insufficient")
        if source == target or not self._open(target):
            raise Refusal("transfer_refused")
        if self.wallets[target].value + amount > self._cap(target):
            raise Refusal("balance_cap")
        for card in (giver, taker):
            self._shown(card)
        for card in (giver, taker):
            self._awake(self.plastic[card].holder, self.wallets[self.opens[card]].owner)
        self._draw(move, giver, amount)
        principal = min(amount, sum(purse.principal))
        for kind, part in (("principal", principal), ("bonus", amount - principal)):
            self._carry(move, kind, part, target)

    def _carry(self, move: Document, kind: str, amount: int, target: int) -> None:
        """The same lots, of another wallet."""
        before = dict(move.moves)
        self._take(move, kind, amount, {})
        for key, left in list(move.moves.items()):
            if key[1] == kind and (gone := before.get(key, 0) - left) > 0:
                self.wallets[target].lots(kind).append(0)
                self._move(move, (target, kind, len(self.wallets[target].lots(kind)) - 1), gone)

    def merge(self, till: int, goes: int, stays: int) -> None:
        """By two people: all that one wallet holds goes to the other, and so do its cards."""
        source, target = self.opens[goes], self.opens[stays]
        move = self._begin("member_merge", till, 0, shift=False, wallet=source, target=target)
        if source == target:
            raise Refusal("merge_refused")
        old, new = self.wallets[source], self.wallets[target]
        self._rests({"frozen", "cancelled"}, old.owner, new.owner)
        if old.value + new.value > self._cap(source, target):
            raise Refusal("balance_cap")
        move.points, move.debt = old.points, old.debt
        for kind in ("bonus", "pass", "principal"):
            self._carry(move, kind, sum(old.lots(kind)), target)
        new.points, new.debt, old.points, old.debt = new.points + old.points, new.debt + old.debt, 0, 0
        self._point_on(move)

    def _point_on(self, move: Document) -> None:
        """What was of who goes is of who stays, also what had come to him before."""
        source, target = move.wallet, move.target
        goes, stays = self.wallets[source].owner, self.wallets[target].owner
        move.cards = [n for n, w in enumerate(self.opens) if w == source and self.cards[n] != "blank"]
        for card in move.cards:
            self.opens[card] = target
        for wallet in [source, *(w for w, into in self.merged_wallets.items() if into == source)]:
            move.into[wallet] = self.merged_wallets.get(wallet, -1)
            self.merged_wallets[wallet] = target
            self.wallets[wallet].owner = stays
        for person in [goes, *(p for p, into in self.merged_people.items() if into == goes)]:
            move.people[person] = self.merged_people.get(person, -1)
            self.merged_people[person] = stays
        move.held = [n for n, own in enumerate(self.plastic) if own.holder == goes]
        for card in move.held:
            self.plastic[card].holder = stays

    def _still_as_merged(self, move: Document) -> None:
        """What was pointed on is there still, and no card was replaced by one that would stay behind."""
        astray = any(self.merged_wallets.get(wallet) != move.target for wallet in move.into)
        for card in move.cards:
            gone = self.opens[card] != move.target or self.cards[card] == "blank"
            if astray or gone or self.heirs.get(card, card) not in move.cards:
                raise Refusal("merge_refused")

    def _point_back(self, move: Document) -> None:
        goes = next(iter(move.people))
        for card in move.cards:
            self.opens[card] = move.wallet
        for card in move.held:
            self.plastic[card].holder = goes
        for before, known in ((move.into, self.merged_wallets), (move.people, self.merged_people)):
            for one, into in before.items():
                if into < 0:
                    del known[one]
                else:
                    known[one] = into
        for wallet in move.into:
            self.wallets[wallet].owner = goes

    def settle(self, till: int, card: int, principal: int) -> None:
        """Principal in cash, up to 100.00; the rest is forfeited. Passes are used or given back before."""
        purse = self.wallets[self.opens[card]]
        settled = self._begin("settlement", till, principal, wallet=self.opens[card])
        if principal > 10000:
            raise Refusal("refund_route")
        shown = [] if self.cards[card] == "blank" else [self.plastic[card].holder]
        self._rests({"frozen"}, self.wallets[self.opens[card]].owner, *shown)
        if sum(purse.passes) or not (purse.value or purse.points or purse.debt):
            raise Refusal("settlement_refused")
        if self.plastic[card].holder != purse.owner:
            raise Refusal("card_not_presented")
        self._shown(card)
        self._draw(settled, card, principal)
        self._pay_out(till, principal)
        settled.points, settled.debt = purse.points, purse.debt
        for kind in ("principal", "bonus"):
            self._take(settled, kind, sum(purse.lots(kind)), {})
        purse.points = purse.debt = 0

    def _uncarry(self, move: Document, undo: Document) -> None:
        lots = {key: put for key, put in move.moves.items() if put > 0}
        for wallet, kind in {key[:2] for key in lots}:
            mine = {key: put for key, put in lots.items() if key[:2] == (wallet, kind)}
            there = sum(min(put, self.wallets[wallet].lots(kind)[key[2]]) for key, put in mine.items())
            if there < sum(mine.values()):
                raise Refusal("lot_spent")
        for key, put in move.moves.items():
            self._move(undo, key, -put)

    def _undo_value_transfer(self, move: Document, undo: Document) -> None:
        self._uncarry(move, undo)

    def _undo_member_merge(self, move: Document, undo: Document) -> None:
        old, new = self.wallets[move.wallet], self.wallets[move.target]
        if new.points < move.points:
            raise Refusal("lot_spent")
        self._uncarry(move, undo)
        self._still_as_merged(move)
        self._rests({"frozen", "cancelled"}, self.wallets[move.target].owner)
        paid = max(0, move.debt - new.debt)
        new.points, new.debt = new.points - move.points + paid, new.debt - move.debt + paid
        old.points, old.debt = old.points + move.points, old.debt + move.debt
        self._point_back(move)

    def _undo_settlement(self, settled: Document, undo: Document) -> None:
        purse = self.wallets[settled.wallet]
        self.cash[settled.till] += settled.total
        for key, put in settled.moves.items():
            self._move(undo, key, -put)
        purse.points, purse.debt = purse.points + settled.points, purse.debt + settled.debt
