"""What the ledger's page says, once more and as small as possible: lists and sums, nothing of the product.

Lots are lists in the order of their making; a wallet's points are one lot, since all of them end with the
same month. A step that the page refuses raises `Refusal`, and `attempt` leaves the model as it was before.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

from tests.properties.books import Document, Moves, Plastic, Refusal, Wallet, add_months
from tests.properties.desk_model import Blank, Desked
from tests.properties.exchange_model import Exchanging
from tests.properties.lives_model import Living
from tests.properties.moving_model import Moving
from tests.properties.passes_model import Passing
from tests.properties.people_model import Peopled
from tests.properties.pins_model import Pin, Pinned

BOX = 6
"""Cards in the box that goes from hand to hand."""


class Model(Living, Moving, Passing, Exchanging, Peopled, Desked, Pinned):
    """Two tills, each with a drawer in a store of its own, and the cards of one chain."""

    def __init__(self, cash: int, today: date) -> None:
        self.first_day = self.today = today
        self.months = 0
        self.cash = [cash, cash]
        self.shift = [1, 1]
        self.is_open = [True, True]
        self.on_hand = [0, 0]
        self.wallets: list[Wallet] = []
        self.cards: list[str] = []
        self.plastic: list[Plastic] = []
        self.opens: list[int] = []
        self.people: list[str] = []
        self.merged_people: dict[int, int] = {}
        self.merged_wallets: dict[int, int] = {}
        self.applications: list[tuple[int, str]] = []
        self.box = [Blank() for _ in range(BOX)]
        self.limits: dict[int, tuple[int | None, int | None]] = {}
        self.drawn: dict[tuple[int, date], int] = {}
        self.was: dict[int, list[str]] = {}
        self.heirs: dict[int, int] = {}
        self.pins: dict[int, Pin] = {}
        self.documents: list[Document] = []

    def attempt(self, step: Callable[..., None], *arguments: Any) -> str | None:
        """Take a step, or leave everything as it was and tell the code of the refusal."""
        kept = copy.deepcopy(self.__dict__)
        try:
            step(*arguments)
        except Refusal as refusal:
            self.__dict__.update(kept)
            return str(refusal)
        return None

    def pass_time(self, months: int) -> None:
        """The business day lies so many months further on."""
        self.months += months
        self.today = add_months(self.first_day, self.months)

    def _begin(self, kind: str, till: int, total: int, *, shift: bool = True, **more: Any) -> Document:
        if shift and not self.is_open[till]:
            raise Refusal("shift_missing")
        document = Document(kind, till, self.shift[till] if shift else 0, total, **more)
        self.documents.append(document)
        return document

    # -- value ----------------------------------------------------------------------------------------

    def _move(self, document: Document, key: tuple[int, str, int], amount: int) -> None:
        wallet, kind, place = key
        self.wallets[wallet].lots(kind)[place] += amount
        for moves in (document.moves, document.group):
            moves[key] = moves.get(key, 0) + amount

    def _take(self, document: Document, kind: str, amount: int, own: Moves) -> None:
        """First what the document taken back had put there, then the oldest."""
        wallet = document.wallet
        lots = self.wallets[wallet].lots(kind)
        mine = sorted((k[2], put) for k, put in own.items() if k[:2] == (wallet, kind) and put > 0)
        for place, most in [*mine, *enumerate(list(lots))]:
            used = min(amount, most, lots[place])
            if used > 0:
                self._move(document, (wallet, kind, place), -used)
                amount -= used
        if amount:
            raise Refusal("insufficient")

    def _put_back(self, document: Document, kind: str, amount: int, taken: Moves) -> None:
        """Into the lots that were used, the last one first."""
        wallet = document.wallet
        used = sorted((k[2], -net) for k, net in taken.items() if k[:2] == (wallet, kind) and net < 0)
        for place, room in reversed(used):
            given = min(amount, room)
            if given:
                self._move(document, (wallet, kind, place), given)
                amount -= given
        assert amount == 0, "what was taken has room where it lay"

    def _pay_out(self, till: int, amount: int) -> None:
        if amount > self.cash[till]:
            raise Refusal("cash_short")
        self.cash[till] -= amount

    def _take_points(self, document: Document, amount: int) -> None:
        purse = self.wallets[document.wallet]
        document.points = min(amount, purse.points)
        document.debt = amount - document.points
        purse.points -= document.points
        purse.debt += document.debt

    # -- kinds ----------------------------------------------------------------------------------------

    def sale(
        self, till: int, wallet: int, total: int, stored: int, points: int, by_points: int = 0, price: int = 0
    ) -> None:
        """Pennies for `total`, or stamps at a typed price. `stored` comes from the wallet, principal first,
        `by_points` by its points at five fen each: half of it and 30.00 at most, two points at least.
        """
        card, wallet = wallet, self.opens[wallet] if wallet >= 0 else -1
        qty = total // price * 1000 if price else total * 1000
        sale = self._begin("sale", till, total, wallet=wallet, qty=qty, earned=points)
        sale.stock = 0 if price else -sale.qty
        if by_points:
            self._pay_by_points(sale, by_points)
        if stored:
            if stored > self.wallets[wallet].value:
                raise Refusal("insufficient")
            principal = min(stored, sum(self.wallets[wallet].principal))
            for kind, part in (("principal", principal), ("bonus", stored - principal)):
                if part:
                    sale.tenders.append((kind, part))
                    self._take(sale, kind, part, {})
        cash = total - stored - by_points
        if cash:
            sale.tenders.append(("cash", cash))
            self.cash[till] += cash
        if by_points and (by_points > min(total // 2, 3000) or total < 100 or sale.spent < 2):
            raise Refusal("redeem_refused")
        if by_points or stored:
            self._shown(card)
        if card >= 0:
            self._awake_at(card, shown=bool(by_points or stored))
        if by_points or stored:
            self._draw(sale, card, by_points + stored)
        if points:
            purse = self.wallets[wallet]
            settled = min(points, purse.debt)
            purse.debt -= settled
            purse.points += points - settled
        self.on_hand[till] += sale.stock

    def _pay_by_points(self, sale: Document, amount: int) -> None:
        """What is owed in points is not there to be spent."""
        purse = self.wallets[sale.wallet]
        sale.spent = (amount + 4) // 5
        if sale.spent > max(purse.points - purse.debt, 0):
            raise Refusal("insufficient")
        sale.tenders.append(("points", amount))
        purse.points -= sale.spent

    def give_back(self, sale: Document, qty: int) -> None:
        """Return `qty` thousandths of a sale at its own till."""
        back = self._begin("return", sale.till, 0, wallet=sale.wallet, of=sale, qty=qty, stock=qty)
        in_cash = self._bring_back(back, sale, qty)
        self._free(back, sale, sum(amount for kind, amount in back.tenders if kind != "cash"))
        self._pay_out(sale.till, in_cash)

    def _bring_back(self, back: Document, sale: Document, qty: int) -> int:
        """All but the cash, of which it tells how much goes back."""
        in_cash = 0
        if sale.reversed:
            raise Refusal("already_reversed")
        if qty > sale.qty - sale.returned_qty:
            raise Refusal("returned_beyond_sold")
        back.total = sale.due_back(qty)
        back.group = sale.group
        left = [amount - sale.refunded.get(n, 0) for n, (_, amount) in enumerate(sale.tenders)]
        whole = max(sum(left), 1)
        shares = [back.total * rest // whole for rest in left]
        odd = sorted(range(len(left)), key=lambda n: (-(back.total * left[n] % whole), n))
        for n in odd[: back.total - sum(shares)]:
            shares[n] += 1
        for n, (kind, _) in enumerate(sale.tenders):
            back.tenders.append((kind, shares[n]))
            sale.refunded[n] = sale.refunded.get(n, 0) + shares[n]
            if kind == "cash":
                in_cash += shares[n]
            elif kind == "points":
                again = sale.spent * sale.refunded[n] // sale.tenders[n][1] - sale.spent_back
                back.respent = max(again, 0)
                self.wallets[sale.wallet].points += back.respent
                sale.spent_back += back.respent
            else:
                self._put_back(back, kind, shares[n], dict(sale.group))
        due = sale.earned * (sale.returned_money + back.total) // sale.total - sale.points_back
        if due > 0:
            self._take_points(back, due)
            sale.points_back += due
        sale.returned_qty += qty
        sale.returned_money += back.total
        back.stock = qty if sale.stock else 0
        self.on_hand[sale.till] += back.stock
        return in_cash

    def top_up(self, till: int, wallet: int, amount: int, bonus: int) -> None:
        """Cash onto a card, with a bonus of the rule."""
        wallet = self.opens[wallet]
        top_up = self._begin("top_up", till, amount, wallet=wallet)
        if not self._open(wallet):
            raise Refusal("card_not_active")
        purse = self.wallets[wallet]
        if not self.fits(wallet, amount + bonus):
            raise Refusal("balance_cap")
        self._awake(purse.owner)
        self.cash[till] += amount
        for kind, put in (("principal", amount), ("bonus", bonus)):
            if put:
                purse.lots(kind).append(0)
                self._move(top_up, (wallet, kind, len(purse.lots(kind)) - 1), put)

    def receive(self, till: int, qty: int) -> None:
        self._begin("stock_receipt", till, 0, shift=False, stock=qty)
        self.on_hand[till] += qty

    def spend_points(self, till: int, wallet: int, amount: int) -> None:
        """A correction by two people: nothing redeems points yet."""
        wallet = self.opens[wallet]
        self._begin("adjustment", till, amount, shift=False, wallet=wallet)
        if amount > self.wallets[wallet].points:
            raise Refusal("insufficient")
        self.wallets[wallet].points -= amount

    def close(self, till: int) -> None:
        self.is_open[till] = False
        self.cash[till] = 0

    def open(self, till: int, counted: int) -> None:
        self.is_open[till] = True
        self.shift[till] += 1
        self.cash[till] = counted

    # -- taking a whole document back -------------------------------------------------------------------

    def reverse(self, document: Document) -> None:
        """The exact mirror of a document, in its own shift."""
        if document.reversed:
            raise Refusal("already_reversed")
        if document.returned_qty:
            raise Refusal("has_returns")
        if document.shift and (
            not self.is_open[document.till] or document.shift != self.shift[document.till]
        ):
            raise Refusal("shift_closed")
        undo = Document("reversal", document.till, document.shift, document.total, document.wallet)
        if document.kind != "stock_receipt":
            getattr(self, f"_undo_{document.kind}")(document, undo)
        self._undraw(document)
        self._asked_again(document)
        self.on_hand[document.till] -= document.stock
        document.reversed = True

    def _undo_sale(self, sale: Document, undo: Document) -> None:
        taken = dict(sale.group)
        for kind, amount in sale.tenders:
            if kind == "cash":
                self._pay_out(sale.till, amount)
            elif kind == "points":
                self.wallets[sale.wallet].points += sale.spent
            else:
                self._put_back(undo, kind, amount, taken)
        if sale.earned:
            self._take_points(undo, sale.earned)

    def _undo_return(self, back: Document, undo: Document) -> None:
        sale = back.of
        assert sale is not None
        undo.group = sale.group
        for kind, amount in back.tenders:
            if kind not in {"cash", "points"} and amount > sum(self.wallets[back.wallet].lots(kind)):
                raise Refusal("lot_spent")
        for n, (kind, amount) in enumerate(back.tenders):
            sale.refunded[n] -= amount
            if kind == "cash":
                self.cash[back.till] += amount
            elif kind != "points":
                self._take(undo, kind, amount, back.moves)
        if back.wallet >= 0:
            self._undo_points_of_return(back, sale)
        sale.returned_qty -= back.qty
        sale.returned_money -= back.total

    def _undo_points_of_return(self, back: Document, sale: Document) -> None:
        """What was earned is there again, and settles its own debt; then what was spent is spent again."""
        purse = self.wallets[back.wallet]
        settled = min(back.debt, purse.debt)
        purse.debt -= settled
        purse.points += back.points + back.debt - settled
        sale.points_back -= back.points + back.debt
        taken = min(back.respent, purse.points)
        purse.points -= taken
        purse.debt += back.respent - taken
        sale.spent_back -= back.respent

    def _undo_top_up(self, top_up: Document, undo: Document) -> None:
        for key, put in top_up.moves.items():
            if self.wallets[key[0]].lots(key[1])[key[2]] < put:
                raise Refusal("lot_spent")
            self._move(undo, key, -put)
        self._pay_out(top_up.till, top_up.total)

    def _undo_adjustment(self, adjustment: Document, _: Document) -> None:
        self.wallets[adjustment.wallet].points += adjustment.total
