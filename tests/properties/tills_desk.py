"""Applications, fees of every year, blank cards, limits and the calendar, at two tills and two desks."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from tests.card_types import box, range_row, stock_keeper
from tests.lives import INVITED, fee, seen
from tests.properties.people_model import ANNUAL
from tests.properties.tills_base import Counter
from tests.small_chain import FEE_DUE, NORTH, SOUTH, Card, Seat, cash, move

STORES: Final = (NORTH, SOUTH)
_CLOCK: Final = "ledger.business_date_of(timestamptz, text, int)"
_DUE: Final = """
select array_agg(a.year order by a.year) from ledger.annual_due(2, now(), now(), ledger.day_here(2), %s) a
 where a.rule = %s
"""


class DeskTills(Counter):
    """A part of the tills; every step answers the code of a refusal, or None."""

    annual: int
    applications: list[int]
    numbers: list[str]
    keepers: list[Seat]
    clock: str

    # -- applications ---------------------------------------------------------------------------------

    def apply(self, till: int, person: int) -> str | None:
        member = self.chain.member() if person < 0 else self.people[person]
        row = {"was": "new", "now": "applied", "type": INVITED, "holder": member, "papers": "ID card"}
        refused = self._send(
            till, "card_application", keep=False, applications=[row], identity=[seen(member)]
        )
        if refused is None:
            if person < 0:
                self.people.append(member)
            newest = "select max(id) from shop.card_application where member = %s"
            self.applications.append(self.chain.value(newest, member))
        return refused

    def decide(self, kind: str, n: int, was: str, now: str) -> str | None:
        row = {"application": self.applications[n], "was": was, "now": now}
        reason = {} if kind == "card_approval" else {"reason": "decided"}
        return self._asked(self.approver.post(self.approver.document(kind, applications=[row], **reason)))

    def asked_for(self) -> list[str]:
        """The state of every application."""
        rows = dict(
            self.chain.rows(
                "select id, state from shop.card_application where id = any (%s)", self.applications
            )
        )
        return [rows[id] for id in self.applications]

    # -- fees, limits, days ---------------------------------------------------------------------------

    def charge(self, till: int, card: int, year: int, *, waived: bool) -> str | None:
        paid = 0 if waived else ANNUAL
        row = fee(self.annual, "annual", paid, card=self.cards[card].id, year=year)
        tenders = [cash(paid)] if paid else []
        return self._send(till, "annual_fee", by_two=waived, fees=[row], tenders=tenders, total_minor=paid)

    def years_due(self, card: int) -> list[int]:
        return self.chain.value(_DUE, self.cards[card].id, self.annual) or []

    def limit(self, card: int, sale: int | None, day: int | None) -> str | None:
        put = "select api.card_limit_put(%s::bigint, %s::bigint, %s::bigint, null)"
        return self._asked(self.approver.call(put, self.cards[card].id, sale, day))

    def drawn(self, card: int, day: date) -> int:
        """What a card drew in a day."""
        return int(self.chain.value("select ledger.card_used(%s, %s)", self.cards[card].id, day))

    def today(self) -> date:
        """The business day."""
        day: date = self.chain.value("select ledger.day_here(%s)", NORTH)
        return day

    def set_day(self, day: date | None) -> None:
        """The business day is this one, until it is another; None: that of the server's clock again."""
        fixed = self.clock.replace("return case", f"return date '{day}'; return case")
        self.chain.admin.execute((fixed if day else self.clock).encode())

    def read_clock(self) -> str:
        text = str(self.chain.value(f"select pg_get_functiondef('{_CLOCK}'::regprocedure)"))
        assert "return case" in text
        assert "return date" not in text
        return text

    # -- blank cards ----------------------------------------------------------------------------------

    def fill_box(self, count: int) -> None:
        """Bearer cards as they come from the factory, and somebody in each store who sees to them."""
        first, last = box(self.chain, count)
        self.numbers = [str(number) for number in range(int(first), int(last) + 1)]
        self.keepers = [self.approver, stock_keeper(self.chain, SOUTH)]

    def custody(self, kind: str, store: int, first: int, last: int, count: int, reason: bool) -> str | None:
        keeper = self.keepers[store]
        unit = {"unit": STORES[1 - store]} if kind == "card_hand_over" else {}
        row = range_row(self.numbers[first], self.numbers[last], count, **unit)
        why: dict[str, Any] = {"reason": "counted"} if reason else {}
        return self._asked(keeper.post(keeper.document(kind, ranges=[row], **why)))

    def give_out(self, till: int, n: int) -> str | None:
        id = self.chain.value("select id from shop.card where number = %s", self.numbers[n])
        return self._send(
            till, "card_issue", keep=False, cards=[move(Card(id, ""), "blank", "issued")], fees=[FEE_DUE],
            tenders=[cash(1000)], total_minor=1000,
        )  # fmt: skip

    def in_box(self) -> list[tuple[str, int | None, bool]]:
        """State, store and whether it is on its way, of every card of the box."""
        rows = self.chain.rows(
            "select state, store, in_transit from shop.card where number = any (%s) order by number",
            self.numbers,
        )
        return [
            (state, None if store is None else STORES.index(store), coming) for state, store, coming in rows
        ]
