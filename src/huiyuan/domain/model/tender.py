"""Paying: what is due, how it is split over tenders, and the change.

Always true: the tenders add up to the total exactly; only cash is handed over in excess, and change is cash.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.redeem import Redemption

CASH = "cash"
STORED = "stored"
BANK_CARD = "bank_card"
MOBILE = "mobile"
POINTS = "points"


@dataclass(frozen=True, slots=True)
class Payment:
    """Tenders collected so far for `total_minor`. Immutable: each tender makes a new one."""

    total_minor: int
    tenders: tuple[Tender, ...] = ()

    @property
    def due_minor(self) -> int:
        """What is still to be paid."""
        return self.total_minor - sum(tender.amount_minor for tender in self.tenders)

    @property
    def change_minor(self) -> int:
        """What goes back to the customer."""
        return change_of(self.tenders)

    @property
    def stored_minor(self) -> int:
        """What is taken from stored value."""
        return sum(tender.amount_minor for tender in self.tenders if tender.kind == STORED)

    @property
    def points_minor(self) -> int:
        """What points pay, in money."""
        return sum(tender.amount_minor for tender in self.tenders if tender.kind == POINTS)

    @property
    def card_minor(self) -> int:
        """What the card gives in value, stored or points; above the chain's floor its PIN is asked."""
        return self.stored_minor + self.points_minor

    def with_cash(self, given_minor: int) -> Payment:
        """Cash covers what is due, or as much of it as was given.

        Raises Refused: `nothing_due`, `given_too_little` if nothing was given.
        """
        amount = self._most(given_minor)
        return self._with(Tender(kind=CASH, amount_minor=amount, given_minor=given_minor))

    def with_stored(self, amount_minor: int, *, wallet: int, balance_minor: int) -> Payment:
        """Stored value of a presented card. Raises Refused: `nothing_due`, `insufficient`."""
        amount = self._most(amount_minor)
        spent = sum(t.amount_minor for t in self.tenders if t.kind == STORED and t.wallet == wallet)
        if amount + spent > balance_minor:
            facts = {"account": STORED, "wallet": wallet, "balance": balance_minor - spent, "wanted": amount}
            raise Refused("insufficient", facts)
        return self._with(Tender(kind=STORED, amount_minor=amount, wallet=wallet))

    def with_points(self, redemption: Redemption, *, wallet: int) -> Payment:
        """Points of a presented card. Once a sale: the same again takes the place of the former.

        Raises:
            Refused: `nothing_due`, `redeem_refused` (most): more than is due.
        """
        rest = replace(self, tenders=tuple(t for t in self.tenders if t.kind != POINTS))
        if rest.due_minor <= 0:
            raise Refused("nothing_due")
        if redemption.amount_minor > rest.due_minor:
            raise Refused("redeem_refused", {"most": rest.due_minor})
        tender = Tender(
            kind=POINTS,
            amount_minor=redemption.amount_minor,
            wallet=wallet,
            points=redemption.points,
            rule=redemption.rule,
            version=redemption.version,
        )
        return replace(rest, tenders=(*rest.tenders, tender))

    def with_bank_card(self, amount_minor: int, *, reference: str, kind: str = BANK_CARD) -> Payment:
        """A tender that another machine took. Raises Refused: `nothing_due`, `reference_missing`."""
        if not reference.strip():
            raise Refused("reference_missing", {"tender": kind})
        amount = self._most(amount_minor)
        return self._with(Tender(kind=kind, amount_minor=amount, reference=reference.strip()))

    def less(self, amount_minor: int, *, kind: str, reference: str) -> Payment:
        """Without so much of a tender that another machine took; nothing happens if there is none."""
        rest: list[Tender] = []
        for tender in self.tenders:
            if (tender.kind, tender.reference) == (kind, reference):
                tender = replace(tender, amount_minor=tender.amount_minor - amount_minor)
            if tender.amount_minor > 0:
                rest.append(tender)
        return replace(self, tenders=tuple(rest))

    def without_last(self) -> Payment:
        """Take the last tender back; nothing happens if there is none."""
        return replace(self, tenders=self.tenders[:-1])

    def _most(self, amount_minor: int) -> int:
        if self.due_minor <= 0:
            raise Refused("nothing_due")
        if amount_minor <= 0:
            raise Refused("given_too_little", {"amount": self.due_minor, "given": amount_minor})
        return min(amount_minor, self.due_minor)

    def _with(self, tender: Tender) -> Payment:
        """One row a kind, wallet and reference: the same again is more of the same tender."""
        for i, old in enumerate(self.tenders):
            if (old.kind, old.wallet, old.reference) == (tender.kind, tender.wallet, tender.reference):
                given = None if tender.given_minor is None else (old.given_minor or 0) + tender.given_minor
                more = replace(old, amount_minor=old.amount_minor + tender.amount_minor, given_minor=given)
                return replace(self, tenders=(*self.tenders[:i], more, *self.tenders[i + 1 :]))
        return replace(self, tenders=(*self.tenders, tender))


def change_of(tenders: Sequence[Tender]) -> int:
    """Cash handed over beyond the amounts it pays."""
    return sum(t.given_minor - t.amount_minor for t in tenders if t.given_minor is not None)


def pin_wanted(card_minor: int, *, floor_minor: int) -> bool:
    """True if a sale taking `card_minor` of a card's value asks for the card's PIN by the floor of one sale.

    The door also has a floor over the business day and may still answer `pin_needed`.
    """
    return card_minor > floor_minor
