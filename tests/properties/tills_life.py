"""The life of cards and memberships, said to the real door by two tills and a manager's desk."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, Final

from tests.card_types import ALL, publish_card_rule
from tests.lives import INVITED, YEARLY, aged_type, fee, holder, life, membership, replacing, seen
from tests.properties.people_model import ANNUAL
from tests.properties.tills_base import Counter
from tests.small_chain import FEE_DUE, REGISTERED, Card, Seat, SmallChain, cash, move

PINS: Final = (b"a" * 32, b"b" * 32, b"c" * 32)
_SMALL: Final = """
insert into shop.card_type(code, name, registered, balance_max_minor) values ('small', '小卡', true, 30000)
    on conflict do nothing
"""


def types_of(chain: SmallChain) -> tuple[dict[str, int], int]:
    """Card types of the model by name, made once a chain; and the rule of the yearly fee."""
    chain.run(_SMALL)
    chain.run(
        "insert into sec.permission values ('manager', 'card_limit', null, null) on conflict do nothing"
    )
    aged, annual = aged_type(chain)
    for code, who in (("linked", "supplementary"), ("group", "group")):
        if not chain.rows("select from shop.card_type where code = %s", code):
            publish_card_rule(chain, "card_type", {"type": code, "who": who, "functions": list(ALL)})
    own = dict(chain.rows("select code, id from shop.card_type where code in ('small', 'linked', 'group')"))
    return {"plain": REGISTERED, "yearly": YEARLY, "invited": INVITED, "aged": aged, **own}, annual


class LifeTills(Counter):
    """A part of the tills; every step answers the code of a refusal, or None."""

    types: dict[str, int]
    annual: int

    def issue(
        self, till: int, kind: str = "plain", person: int = -1, main: int = -1, *, waived: bool = False
    ) -> str | None:
        """To somebody new where `person` < 0; onto the wallet of the card `main`, or one of its own."""
        blank = self.chain.blank(self.types[kind])
        member = self.chain.member() if person < 0 else self.people[person]
        fees = [FEE_DUE, *([fee(self.annual, "annual", ANNUAL)] if kind == "aged" and not waived else [])]
        due = sum(each["amount_minor"] for each in fees)
        on = {} if main < 0 else {"wallet": self.cards[main].wallet}
        refused = self._send(
            till, "card_issue", cards=[move(blank, "blank", "issued", holder=member, **on)],
            fees=fees, tenders=[cash(due)], total_minor=due, by_two=waived,
        )  # fmt: skip
        if refused is None:
            wallet = self.documents[-1]["wallet"] if main < 0 else self.cards[main].wallet
            self.cards.append(Card(blank.id, blank.token, wallet))
            if main < 0:
                self.wallets.append(wallet)
            if person < 0:
                self.people.append(member)
        return refused

    def activate(self, till: int, card: int) -> str | None:
        return self._send(till, "card_activation", cards=[move(self.cards[card], "issued", "active")])

    def live(self, kind: str, card: int, was: str, now: str, **parts: Any) -> str | None:
        """A manager moves a card; nothing of it is taken back later."""
        return self._asked(self.approver.post(life(self.approver, kind, self.cards[card], was, now, **parts)))

    def move(self, till: int, kind: str, card: int, was: str, now: str, **more: Any) -> str | None:
        """A till moves a card; it may be taken back later. `type`: becomes that one."""
        to = {"type": self.types[more["type"]]} if "type" in more else {}
        body = life(self.seats[till], kind, self.cards[card], was, now)
        parts = {name: body[name] for name in ("reason", "identity") if name in body}
        self.seats[till].number -= 1
        return self._send(till, kind, **parts, cards=[move(self.cards[card], was, now, **to)])

    def replace(self, till: int, card: int, was: str, now: str) -> str | None:
        """A blank card takes over; it is another card of the same wallet."""
        old = self.cards[card]
        kind = self.chain.value("select type from shop.card where id = %s", old.id)
        seat, new = self.seats[till], self.chain.blank(kind)
        answer = seat.post(replacing(seat, old, new, was, now=now))
        if "refused" in answer:
            return str(answer["refused"])
        self.cards.append(Card(new.id, new.token, old.wallet))
        self.documents.append({**answer, "till": till, "qty_milli": 0, "named": None})
        return None

    def member_move(self, kind: str, person: int, was: str, now: str) -> str | None:
        return self._asked(self.approver.post(membership(self.approver, kind, self.people[person], was, now)))

    # -- PINs -----------------------------------------------------------------------------------------

    def _pin_call(self, seat: Seat, call: str, *arguments: Any) -> str | None:
        return self._asked(seat.ask(call, *arguments))

    def set_pin(self, till: int, card: int, value: int, *, at_desk: bool) -> str | None:
        seat, token = self.approver if at_desk else self.seats[till], bytes.fromhex(self.cards[card].token)
        return self._pin_call(seat, "set_card_pin", "number", token, PINS[value])

    def change_pin(self, till: int, card: int, old: int, value: int) -> str | None:
        """The guess is committed first, as the counter does it; then the new PIN."""
        seat, one, attempt = self.seats[till], self.cards[card], uuid.uuid4()
        return self._pin_call(seat, "pin_begin", attempt, attempt, one.wallet, PINS[old]) or self._pin_call(
            seat, "change_card_pin", attempt, "number", bytes.fromhex(one.token), PINS[value]
        )

    def move_pin(self, kind: str, card: int, state: str, *, two: bool) -> str | None:
        """Given up or unlocked at the desk for the paper on file; if `two`, by another manager."""
        one = self.cards[card]
        number = self.chain.value(
            "select encode(m.id_no_index, 'hex') from shop.card c join shop.member m on m.id = c.holder"
            " where c.id = %s", one.id,
        )  # fmt: skip
        paper = [seen(holder(self.chain, one), match=number)]
        body = life(self.approver, kind, one, state, state, identity=paper)
        answer = self.approver.post(body)
        if two and answer.get("refused") == "approval_needed":
            answer = self.approver.post(body, self.approver.approved(body, by=self.chain.managers[1]))
        return self._asked(answer)

    def pin_of(self, card: int) -> int | None:
        """Which of the PINs it is; None: there is none."""
        query = "select w.pin_verifier" + ", sec.verifier(%s)" * len(PINS) + " from shop.wallet w"
        verifier, *known = self.chain.rows(f"{query} where w.id = %s", *PINS, self.cards[card].wallet)[0]
        return None if verifier is None else known.index(verifier)

    # -- how they stand -------------------------------------------------------------------------------

    def states(self) -> list[str]:
        """The state of every card."""
        return [state for state, *_ in self.plastic()]

    def plastic(self) -> list[tuple[str, str, date | None, int, int]]:
        """State, type, last day, place of the holder and of the wallet (-1: nobody, none) of every card."""
        rows = {
            id: rest
            for id, *rest in self.chain.rows(
                "select id, state, type, valid_to, holder, wallet from shop.card where id = any (%s)",
                [card.id for card in self.cards],
            )
        }
        names = {id: name for name, id in self.types.items()}
        found = []
        for card in self.cards:
            state, kind, ends, who, wallet = rows[card.id]
            at = -1 if wallet is None else self.wallets.index(wallet)
            found.append((state, names[kind], ends, -1 if who is None else self.people.index(who), at))
        return found

    def memberships(self) -> list[str]:
        """The state of every membership."""
        rows = dict(self.chain.rows("select id, state from shop.member where id = any (%s)", self.people))
        return [rows[person] for person in self.people]
