"""The same steps as the model's, said to the real door by two tills of the small chain."""

from __future__ import annotations

import uuid
from typing import Any, Final

from tests.card_types import give, shared_pass
from tests.lives import holder, life, replacing, seen
from tests.properties.passes_model import PRICE, USES
from tests.small_chain import (
    BONUS,
    FEE_DUE,
    NORTH,
    PENNY,
    POINTS,
    SOUTH,
    STAMP,
    Card,
    Seat,
    SmallChain,
    by_points,
    cash,
    line,
    move,
    proof,
    stored,
)  # fmt: skip

PINS: Final = (b"a" * 32, b"b" * 32, b"c" * 32)
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


class Tills:
    """Two tills with their cards; every step answers the code of a refusal, or None."""

    def __init__(self, chain: SmallChain, cash_minor: int) -> None:
        chain.begin_test()
        self.chain = chain
        self.seats = [chain.seat(NORTH), chain.seat(SOUTH)]
        for seat in self.seats:
            seat.open_shift(cash_minor)
        self.approver = chain.seat(staff=chain.managers[0])
        self.pass_rule = shared_pass(chain, count=USES, price_minor=PRICE)
        self.cards: list[Card] = []
        self.wallets: list[int] = []
        self.documents: list[dict[str, Any]] = []
        self.start = [chain.on_hand(PENNY, NORTH), chain.on_hand(PENNY, SOUTH)]

    def _send(self, till: int, kind: str, *, keep: bool = True, **parts: Any) -> str | None:
        seat = self.seats[till]
        body = seat.document(kind, **parts)
        answer = seat.post(body)
        if answer.get("refused") == "approval_needed":
            answer = seat.post(body, seat.approved(body, seat=self.approver))
        if "refused" in answer:
            return str(answer["refused"])
        if keep:
            qty = sum(row["qty_milli"] for row in parts.get("lines", ()))
            self.documents.append({**answer, "till": till, "qty_milli": qty, "named": parts.get("wallet")})
        return None

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

    def issue(self, till: int, fee: int) -> str | None:
        blank = self.chain.blank()
        refused = self._send(
            till, "card_issue", cards=[move(blank, "blank", "issued", holder=self.chain.member())],
            fees=[FEE_DUE], tenders=[cash(fee)], total_minor=fee,
        )  # fmt: skip
        if refused is None:
            self.cards.append(Card(blank.id, blank.token, self.documents[-1]["wallet"]))
            self.wallets.append(self.cards[-1].wallet)
        return refused

    def activate(self, till: int, wallet: int) -> str | None:
        cards = [move(self.cards[wallet], "issued", "active")]
        return self._send(till, "card_activation", cards=cards)

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

    def live(self, kind: str, card: int, was: str, now: str, **parts: Any) -> str | None:
        """A manager stops a card or gives it back; nothing of it is taken back later."""
        answer = self.approver.post(life(self.approver, kind, self.cards[card], was, now, **parts))
        return str(answer["refused"]) if "refused" in answer else None

    def replace(self, till: int, card: int, was: str, now: str, *, keep: bool = False) -> str | None:
        """A blank card takes over; it is another card of the same wallet. `keep`: it is taken back later."""
        old, new = self.cards[card], self.chain.blank()
        answer = self.seats[till].post(replacing(self.seats[till], old, new, was, now=now))
        if "refused" in answer:
            return str(answer["refused"])
        self.cards.append(Card(new.id, new.token, old.wallet))
        if keep:
            self.documents.append({**answer, "till": till, "qty_milli": 0})
        return None

    def _pin_call(self, seat: Seat, call: str, *arguments: Any) -> str | None:
        answer = seat.ask(call, *arguments)
        return str(answer["refused"]) if "refused" in answer else None

    def set_pin(self, till: int, card: int, value: int, *, at_desk: bool) -> str | None:
        seat, token = self.approver if at_desk else self.seats[till], bytes.fromhex(self.cards[card].token)
        return self._pin_call(seat, "set_card_pin", "number", token, PINS[value])

    def change_pin(self, till: int, card: int, old: int, value: int) -> str | None:
        """The guess is committed first, as the counter does it; then the new PIN."""
        seat, one, attempt = self.seats[till], self.cards[card], uuid.uuid4()
        return self._pin_call(seat, "pin_begin", attempt, attempt, one.wallet, PINS[old]) or self._pin_call(
            seat, "change_card_pin", attempt, "number", bytes.fromhex(one.token), PINS[value]
        )

    def move_pin(self, kind: str, card: int, state: str) -> str | None:
        """Given up or unlocked at the desk, for the paper that is on file."""
        one = self.cards[card]
        number = self.chain.value(
            "select encode(m.id_no_index, 'hex') from shop.card c join shop.member m on m.id = c.holder"
            " where c.id = %s", one.id,
        )  # fmt: skip
        paper = [seen(holder(self.chain, one), match=number)]
        return self.live(kind, card, state, state, identity=paper)

    def pin_of(self, card: int) -> int | None:
        """Which of the PINs it is; None: there is none."""
        query = "select w.pin_verifier" + ", sec.verifier(%s)" * len(PINS) + " from shop.wallet w"
        verifier, *known = self.chain.rows(f"{query} where w.id = %s", *PINS, self.cards[card].wallet)[0]
        return None if verifier is None else known.index(verifier)

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

    def states(self) -> list[str]:
        """The state of every card."""
        return [self.chain.card_state(card) for card in self.cards]
