"""The page of exchanges: goods back and goods out in one document; what came back pays what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.properties.books import Document, Moves
from tests.properties.part import Part


class Exchanging(Part):
    """A part of the model."""

    on_hand: list[int]

    if TYPE_CHECKING:

        def _begin(
            self, kind: str, till: int, total: int, *, shift: bool = True, **more: Any
        ) -> Document: ...

        def _put_back(self, document: Document, kind: str, amount: int, taken: Moves) -> None: ...

        def _bring_back(self, back: Document, sale: Document, qty: int) -> int: ...

        def _undo_return(self, back: Document, undo: Document) -> None: ...

        def _take_points(self, document: Document, amount: int) -> None: ...

        def _free(self, back: Document, sale: Document, amount: int) -> None: ...

    def _settle_cash(self, till: int, more: int) -> None:
        """The drawer sees the difference alone."""
        if more < 0:
            self._pay_out(till, -more)
        else:
            self.cash[till] += more

    def exchange(self, sale: Document, qty: int, out: int, points: int) -> None:
        """`qty` thousandths come back, pennies for `out` go out; the difference is paid in cash."""
        till, wallet = sale.till, sale.wallet
        swap = self._begin(
            "exchange", till, out, wallet=wallet, of=sale, qty=out * 1000, earned=points, stock=-out * 1000
        )
        back = swap.back = Document("return", till, swap.shift, 0, wallet=wallet, of=sale, qty=qty)
        in_cash = self._bring_back(back, sale, qty)
        if wallet >= 0:
            self._awake(self.wallets[wallet].owner)
        carried = min(out, back.total)
        shares = [carried * amount // max(back.total, 1) for _, amount in back.tenders]
        odd = sorted(
            range(len(shares)), key=lambda n: (-(carried * back.tenders[n][1] % max(back.total, 1)), n)
        )
        for n in odd[: carried - sum(shares)]:
            shares[n] += 1
        paid = out - carried
        for (kind, _), over in zip(back.tenders, shares, strict=True):
            if not over:
                continue
            swap.tenders.append((kind, over))
            if kind == "cash":
                paid += over
            else:
                self._take(swap, kind, over, {})
        over = sum(amount for (kind, _), amount in zip(back.tenders, shares, strict=True) if kind != "cash")
        self._free(swap, sale, sum(amount for kind, amount in back.tenders if kind != "cash") - over)
        if out > carried:
            swap.tenders.append(("cash", out - carried))
        self._settle_cash(till, paid - in_cash)
        if points:
            purse = self.wallets[wallet]
            settled = min(points, purse.debt)
            purse.debt -= settled
            purse.points += points - settled
        self.on_hand[till] += swap.stock
        swap.stock += back.stock

    def _undo_exchange(self, swap: Document, undo: Document) -> None:
        """What went out first, so that what it carried is there when what came back is taken again."""
        back, till = swap.back, swap.till
        assert back is not None
        taken, in_cash = dict(swap.group), 0
        for kind, amount in swap.tenders:
            if kind == "cash":
                in_cash += amount
            else:
                self._put_back(undo, kind, amount, taken)
        if swap.earned:
            self._take_points(undo, swap.earned)
        before, self.cash[till] = self.cash[till], 0
        self._undo_return(back, undo)
        again, self.cash[till] = self.cash[till], before
        self._settle_cash(till, again - in_cash)


def may_be_exchanged(sale: Document) -> bool:
    """Points of the sale itself that come back in an exchange have tests of their own."""
    return sale.kind in {"sale", "exchange"} and not sale.earned and not sale.spent and bool(sale.stock)
