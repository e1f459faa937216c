"""The page of passes: sold whole, used by an active card, a use given back to the lot it came from."""

from __future__ import annotations

from tests.properties.books import Document, Refusal
from tests.properties.part import Part

PRICE, USES = 1000, 10


class Passing(Part):
    """A part of the model."""

    def sell_pass(self, till: int, card: int, packs: int) -> None:
        """One lot, whatever the number of passes."""
        wallet = self.opens[card]
        sold = self._begin("pass_sale", till, packs * PRICE, wallet=wallet)
        if not self._open(wallet):
            raise Refusal("card_not_active")
        self._awake(self.wallets[wallet].owner)
        self.cash[till] += packs * PRICE
        lots = self.wallets[wallet].passes
        lots.append(0)
        self._move(sold, (wallet, "pass", len(lots) - 1), packs * USES)

    def use_pass(self, till: int, card: int, count: int) -> None:
        """The oldest lot first: all of them last equally long."""
        wallet = self.opens[card]
        used = self._begin("pass_use", till, 0, shift=False, wallet=wallet)
        if count > sum(self.wallets[wallet].passes):
            raise Refusal("insufficient")
        self._shown(card)
        self._awake(self.wallets[wallet].owner, self.plastic[card].holder)
        self._take(used, "pass", count, {})

    def _undo_pass_sale(self, sold: Document, undo: Document) -> None:
        for key, put in sold.moves.items():
            if self.wallets[key[0]].lots(key[1])[key[2]] < put:
                raise Refusal("lot_spent")
            self._move(undo, key, -put)
        self._pay_out(sold.till, sold.total)

    def _undo_pass_use(self, used: Document, undo: Document) -> None:
        for key, put in used.moves.items():
            self._move(undo, key, -put)
