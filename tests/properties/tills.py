"""The same steps as the model's, said to the real door by two tills of the small chain."""

from __future__ import annotations

from typing import Any

from tests.card_types import give, shared_pass
from tests.properties.model import BOX
from tests.properties.passes_model import PRICE, USES
from tests.properties.tills_desk import DeskTills
from tests.properties.tills_life import LifeTills, types_of
from tests.small_chain import (
    BONUS,
    NORTH,
    PENNY,
    POINTS,
    SOUTH,
    STAMP,
    Card,
    SmallChain,
    by_points,
    cash,
    line,
    proof,
    stored,
)  # fmt: skip

_STANDING = """
select a.id, a.balance, coalesce(a.wallet, 0), a.kind,
       (select coalesce(sum(e.delta), 0) from ledger.entry e where e.account = a.id),
       case when k.lots then
         (select coalesce(sum(l.remaining), 0) from ledger.lot l where l.account = a.id) end,
       (select coalesce(sum(case when k.normal = 'debit' then p.amount else -p.amount end), 0)
          from ledger.posting p where p.debit = a.kind and p.debit_ref = a.id)
     + (select coalesce(sum(case when k.normal = 'credit' then p.amount else -p.amount end), 0)
          from ledger.posting p where p.credit = a.kind and p.credit_ref = a.id)
  from ledger.account a join ledger.account_kind k on k.kind = a.kind
 where a.wallet = any (%s) or a.drawer = any (%s)
"""
_LOTS = """
select a.wallet, a.kind, array_agg(l.remaining order by l.id)
  from ledger.lot l join ledger.account a on a.id = l.account
 where a.wallet = any (%s) group by 1, 2
"""


class Tills(LifeTills, DeskTills):
    """Two tills with their cards; every step answers the code of a refusal, or None."""

    def __init__(self, chain: SmallChain, cash_minor: int) -> None:
        chain.begin_test()
        self.chain = chain
        self.seats = [chain.seat(NORTH), chain.seat(SOUTH)]
        for seat in self.seats:
            seat.open_shift(cash_minor)
        self.approver = chain.seat(staff=chain.managers[0])
        self.pass_rule = shared_pass(chain, count=USES, price_minor=PRICE)
        self.types, self.annual = types_of(chain)
        self.cards: list[Card] = []
        self.wallets: list[int] = []
        self.people: list[int] = []
        self.applications: list[int] = []
        self.documents: list[dict[str, Any]] = []
        self.clock = self.read_clock()
        self.fill_box(BOX)
        self.start = [chain.on_hand(PENNY, NORTH), chain.on_hand(PENNY, SOUTH)]

    def sale(
        self,
        till: int,
        wallet: int,
        total: int,
        stored_minor: int,
        points: int,
        points_minor: int = 0,
        price: int = 0,
    ) -> str | None:
        card = self.cards[wallet] if wallet >= 0 else None
        tenders: list[dict[str, Any]] = []
        if card and points_minor:
            tenders.append(by_points(card, points_minor))
        if card and stored_minor:
            tenders.append(stored(card, stored_minor))
        if total > stored_minor + points_minor:
            tenders.append(cash(total - stored_minor - points_minor))
        goods: dict[str, Any] = line(1, PENNY, total * 1000, 1, total)
        if price:
            goods = {**line(1, STAMP, total // price * 1000, price, total), "open": True}
        return self._send(
            till, "sale", lines=[goods], tenders=tenders, total_minor=total,
            proofs=[proof(card)] if card and stored_minor + points_minor else [],
            wallet=card.wallet if card else None,
            grants=[{"kind": "points", "rule": POINTS, "version": 1, "amount": points}] if points else [],
        )  # fmt: skip

    def give_back(self, sale: dict[str, Any], qty: int, total: int) -> str | None:
        lines = [{"n": 1, "of": 1, "qty_milli": qty}]
        parts = {"of": sale["id"], "reason": "broken", "lines": lines, "total_minor": total}
        return self._send(sale["till"], "return", **parts)

    def exchange(self, sale: dict[str, Any], qty: int, back: int, out: int, points: int) -> str | None:
        backs = [{"n": 1, "of": 1, "qty_milli": qty, "total_minor": back}]
        grants = [{"kind": "points", "rule": POINTS, "version": 1, "amount": points}] if points else []
        return self._send(
            sale["till"], "exchange", of=sale["id"], reason="too small", backs=backs, grants=grants,
            lines=[line(1, PENNY, out * 1000, 1, out)], total_minor=out, wallet=sale["named"],
            tenders=[cash(out - back)] if out > back else [],
        )  # fmt: skip

    def top_up(self, till: int, wallet: int, amount: int, bonus: int) -> str | None:
        grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": bonus}] if bonus else []
        return self._send(
            till, "top_up", wallet=self.cards[wallet].wallet, tenders=[cash(amount)], grants=grants,
            total_minor=amount,
        )  # fmt: skip

    def transfer(self, till: int, giver: int, taker: int, amount: int) -> str | None:
        source, target = self.cards[giver], self.cards[taker]
        rows = [{"wallet": source.wallet, "taker": target.wallet, "amount_minor": amount}]
        proofs = [proof(source), proof(target)]
        return self._send(till, "value_transfer", transfers=rows, proofs=proofs, total_minor=amount)

    def merge(self, till: int, goes: int, stays: int) -> str | None:
        asked = "select member from shop.wallet where id = %s"
        old, new = (self.chain.value(asked, self.cards[card].wallet) for card in (goes, stays))
        rows = [{"member": old, "kept": new}]
        refused = self._send(till, "member_merge", merges=rows, reason="one person")
        self._look_again()
        return refused

    def _look_again(self) -> None:
        """Which wallet each card opens."""
        opened = dict(
            self.chain.rows(
                "select id, wallet from shop.card where id = any (%s)", [c.id for c in self.cards]
            )
        )
        self.cards = [Card(card.id, card.token, opened[card.id] or card.wallet) for card in self.cards]

    def settle(self, till: int, card: int, principal: int, bonus: int, points: int) -> str | None:
        one = self.cards[card]
        row = {
            "wallet": one.wallet, "method": "cash", "amount_minor": principal, "forfeit_minor": bonus,
            "points": points,
        }  # fmt: skip
        return self._send(
            till, "settlement", settlements=[row], proofs=[proof(one)], reason="leaves", total_minor=principal
        )

    def sell_pass(self, till: int, card: int, packs: int) -> str | None:
        paid = packs * PRICE
        return self._send(
            till, "pass_sale", wallet=self.cards[card].wallet, tenders=[cash(paid)], total_minor=paid,
            grants=[give(self.pass_rule, packs * USES)],
        )  # fmt: skip

    def use_pass(self, till: int, card: int, count: int) -> str | None:
        one = self.cards[card]
        rows = [{"rule": self.pass_rule, "count": count}]
        return self._send(till, "pass_use", wallet=one.wallet, passes=rows, proofs=[proof(one)])

    def receive(self, till: int, qty: int) -> str | None:
        return self._send(till, "stock_receipt", stock=[{"product": PENNY, "qty_milli": qty}])

    def spend_points(self, till: int, wallet: int, amount: int) -> str | None:
        return self._send(
            till, "adjustment", wallet=self.cards[wallet].wallet, reason="spent", total_minor=amount,
            corrections=[{"account": "points", "amount": -amount}],
        )  # fmt: skip

    def reverse(self, document: dict[str, Any]) -> str | None:
        shift = self.seats[document["till"]].shift if "shift" in document else None
        refused = self._send(
            document["till"], "reversal", keep=False, of=document["id"], reason="mistake", shift=shift,
            total_minor=document["total_minor"],
        )  # fmt: skip
        if document["kind"] == "member_merge":
            self._look_again()
        return refused

    def close(self, till: int, counted: int) -> str | None:
        refused = self._send(
            till, "shift_close", keep=False, counted_minor=counted, total_minor=counted, reason="counted"
        )
        self.seats[till].shift = None
        return refused

    def open(self, till: int, counted: int) -> None:
        self.seats[till].open_shift(counted)

    def sums(self) -> dict[tuple[int, str], int]:
        """Every balance by wallet (or drawer account) and kind; each equals entries, lots and postings."""
        wallets = self.wallets
        drawers = [seat.drawer for seat in self.seats]
        found = {}
        for id, balance, wallet, kind, entries, lots, posted in self.chain.rows(_STANDING, wallets, drawers):
            assert balance >= 0
            assert balance == entries == posted, (id, kind)
            assert lots is None or lots == balance, (id, kind)
            found[wallet or id, kind] = balance
        return found

    def lots(self) -> dict[tuple[int, str], list[int]]:
        """What is left in each lot, oldest first, by wallet and kind."""
        rows = self.chain.rows(_LOTS, self.wallets)
        return {(wallet, kind): left for wallet, kind, left in rows}

    def on_hand(self) -> list[int]:
        """Thousandths of a penny's worth on hand in both stores, since these tills began."""
        now = [self.chain.on_hand(PENNY, NORTH), self.chain.on_hand(PENNY, SOUTH)]
        return [end - begin for begin, end in zip(self.start, now, strict=True)]

    def drawers(self) -> list[int]:
        """Cash in both drawers."""
        return [self.chain.drawer_cash(seat) for seat in self.seats]

    def owed_for_passes(self) -> tuple[int, int]:
        """What these tills' documents left in passes_sold, and what the unused uses had cost."""
        owed = self.chain.value(
            "select coalesce(sum(case p.credit when 'passes_sold' then p.amount else -p.amount end), 0)"
            " from ledger.posting p join ledger.document d on d.id = p.document"
            " where 'passes_sold' in (p.debit, p.credit) and d.terminal = any (%s)",
            [seat.terminal for seat in self.seats],
        )
        unused = self.chain.value(
            "select coalesce(sum(l.remaining), 0)::bigint from ledger.lot l"
            " join ledger.account a on a.id = l.account where a.wallet = any (%s) and l.kind = %s",
            list(self.wallets), f"pass:{self.pass_rule}",
        )  # fmt: skip
        return int(owed), int(unused) * PRICE // USES
