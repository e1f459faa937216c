"""The page of the desk: cards that are applied for, fees of every year, blank cards from hand to hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tests.properties.books import Document, Refusal
from tests.properties.part import Part
from tests.properties.people_model import ANNUAL, FEE

DECIDES = {
    "card_approval": ({"applied"}, "approved"), "card_rejection": ({"applied"}, "rejected"),
    "card_withdrawal": ({"applied", "approved"}, "withdrawn"),
}  # fmt: skip


@dataclass
class Blank:
    """A card in the box: in which store, or on its way there."""

    state: str = "blank"
    store: int | None = None
    coming: bool = False


class Desked(Part):
    """A part of the model. `applications`: who asked for a card, and what became of it."""

    applications: list[tuple[int, str]]
    box: list[Blank]

    def apply(self, person: int) -> None:
        """One at a time; `person` < 0: somebody new."""
        if person < 0:
            person = len(self.people)
            self.people.append("active")
        waits = any(who == person and state in {"applied", "approved"} for who, state in self.applications)
        if waits or person in self.merged_people:
            raise Refusal("application_wrong")
        self._awake(person)
        self.applications.append((person, "applied"))

    def decide(self, kind: str, n: int) -> None:
        person, state = self.applications[n]
        allowed, now = DECIDES[kind]
        if state not in allowed:
            raise Refusal("application_wrong")
        self.applications[n] = (person, now)

    def _may_have(self, person: int, kind: str) -> bool:
        return kind != "invited" or (person, "approved") in self.applications

    def _use_up(self, document: Document, person: int, kind: str) -> None:
        if kind == "invited":
            document.used_up = self.applications.index((person, "approved"))
            self.applications[document.used_up] = (person, "issued")

    def _asked_again(self, document: Document) -> None:
        """The card that came of it was taken back."""
        if document.used_up >= 0:
            person, _ = self.applications[document.used_up]
            self.applications[document.used_up] = (person, "approved")

    # -- fees of every year -----------------------------------------------------------------------------

    def years_due(self, card: int) -> list[int]:
        """From the month of issue in every year after the first, once what wallet and holder are now."""
        own, wallet = self.plastic[card], self.opens[card]
        alive = {"issued", "active", "frozen", "lost", "expired"}
        if own.kind != "aged" or self.cards[card] not in alive or self.people[own.holder] == "cancelled":
            return []
        settled = {
            (self.merged_wallets.get(paid, paid), self.merged_people.get(who, who), year)
            for document in self.documents
            if not document.reversed
            for paid, who, year in document.years
        }
        return [
            year
            for year in range(own.issued.year + 1, self.today.year + 1)
            if date(year, own.issued.month, 1) <= self.today and (wallet, own.holder, year) not in settled
        ]

    def charge(self, till: int, card: int, waived: bool) -> None:
        """The oldest year that is open; a second person may waive it."""
        amount = 0 if waived else ANNUAL
        paid = self._begin("annual_fee", till, amount)
        years = self.years_due(card)
        if not years:
            raise Refusal("fee_wrong")
        paid.years.append((self.opens[card], self.plastic[card].holder, years[0]))
        self.cash[till] += amount

    def _undo_annual_fee(self, paid: Document, _: Document) -> None:
        self._pay_out(paid.till, paid.total)

    # -- blank cards ------------------------------------------------------------------------------------

    def _meant(self, kind: str, store: int, first: int, last: int) -> list[Blank]:
        cards = [card for card in self.box[first : last + 1] if card.state == "blank"]
        if kind == "card_receive":
            return [card for card in cards if card.store is None or (card.store == store and card.coming)]
        return [card for card in cards if card.store == store and not card.coming]

    def meant(self, kind: str, store: int, first: int, last: int) -> int:
        return len(self._meant(kind, store, first, last))

    def custody(self, kind: str, store: int, first: int, last: int, count: int, reason: bool) -> None:
        """A range is exactly the cards that were counted; a count may differ where somebody says why."""
        if kind == "card_void" and not reason:
            raise Refusal("reason_missing")
        cards = self._meant(kind, store, first, last)
        if kind == "card_count":
            if count != len(cards) and not reason:
                raise Refusal("reason_missing")
            return
        if count == 0 or count != len(cards):
            raise Refusal("custody_refused")
        for card in cards:
            if kind == "card_void":
                card.state = "void"
            else:
                card.store = store if kind == "card_receive" else 1 - store
                card.coming = kind == "card_hand_over"

    def give_out(self, till: int, n: int) -> None:
        """A bearer card out of the box, in the store where it lies."""
        if not self.is_open[till]:
            raise Refusal("shift_missing")
        card = self.box[n]
        if card.state != "blank":
            raise Refusal("card_state")
        if card.store is not None and (card.store != till or card.coming):
            raise Refusal("custody_refused")
        card.state = "issued"
        self.cash[till] += FEE
