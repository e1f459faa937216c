"""Paying: what is due, how it is split over tenders, and the change.

Always true: the tenders add up to the total exactly; only cash is handed over in excess, and change is cash
or, where the customer wants that, stored value; only cash is rounded, to the least coin that the chain gives,
and the other parts of a split stay exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from huiyuan.domain.model.document import Tender
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import EXACT_CASH, CashRule
from huiyuan.domain.model.redeem import Redemption

CASH = "cash"
STORED = "stored"
BANK_CARD = "bank_card"
MOBILE = "mobile"
POINTS = "points"
CREDIT = "credit"
ADVANCE = "advance"
PREPAID = "prepaid"


@dataclass(frozen=True, slots=True)
class Payment:
    """Tenders collected so far for `total_minor`. Immutable: each tender makes a new one."""

    total_minor: int
    tenders: tuple[Tender, ...] = ()
    cash: CashRule = EXACT_CASH

    @property
    def cash_due_minor(self) -> int:
        """What is still to be handed over if all the rest is cash: the rest, rounded."""
        if self.due_minor <= 0:
            return 0
        taken, given = self._cash_so_far()
        whole = taken + self.due_minor
        return max(0, whole + cash_rounding(whole, self.cash) - given)

    @property
    def rounded_minor(self) -> int:
        """What rounding adds to the cash (less than nothing: takes off)."""
        return sum(tender.rounded_minor or 0 for tender in self.tenders)

    @property
    def kept_minor(self) -> int:
        """Change that the member's wallet keeps."""
        return sum(tender.kept_minor or 0 for tender in self.tenders)

    @property
    def due_minor(self) -> int:
        """What is still to be paid."""
        return self.total_minor - sum(tender.amount_minor for tender in self.tenders)

    def whole(self) -> tuple[Tender, ...]:
        """The tenders, which pay all of it; at least one. Raises Refused: `unbalanced` (lines, tendered)."""
        if self.due_minor or not self.tenders:
            tendered = self.total_minor - self.due_minor
            raise Refused("unbalanced", {"lines": self.total_minor, "tendered": tendered})
        return self.tenders

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

    @property
    def wallet_minor(self) -> int:
        """All that the card pays: its value, what was paid ahead on it, what it comes to owe."""
        accounts = sum(each.amount_minor for each in self.tenders if each.kind in {ADVANCE, CREDIT})
        return self.card_minor + accounts

    def with_cash(self, given_minor: int) -> Payment:
        """Cash covers what is due, or as much of it as was given; only what covers it is rounded.

        Raises Refused: `nothing_due`, `given_too_little` if nothing was given that pays.
        """
        if self.due_minor <= 0:
            raise Refused("nothing_due")
        taken, before = self._cash_so_far()
        given = before + given_minor
        whole = taken + self.due_minor
        rounded = cash_rounding(whole, self.cash)
        if given < whole + rounded:  # a part: whole coins of it
            whole, rounded = given - given % self.cash.step_minor, 0
        if given_minor < 0 or whole <= taken:
            raise Refused("given_too_little", {"amount": self.cash_due_minor, "given": given_minor})
        tender = Tender(kind=CASH, amount_minor=whole, given_minor=given, rounded_minor=rounded or None)
        place = next((i for i, old in enumerate(self.tenders) if old.kind == CASH), len(self.tenders))
        rest = [old for old in self.tenders if old.kind != CASH]
        return replace(self, tenders=(*rest[:place], tender, *rest[place:]))

    def keeping_change(self) -> Payment:
        """The change stays with the member as stored value, as far as the chain allows.

        Raises Refused `no_change`: there is none, or nothing of it may be kept.
        """
        most = min(self.change_minor, self.cash.keep_most_minor)
        if most <= 0:
            raise Refused("no_change")
        tenders = (
            replace(old, kept_minor=(old.kept_minor or 0) + most) if old.kind == CASH else old
            for old in self.tenders
        )
        return replace(self, tenders=tuple(tenders))

    def giving_change(self) -> Payment:
        """All change is given out again, whatever was to be kept."""
        return replace(self, tenders=tuple(replace(old, kept_minor=None) for old in self.tenders))

    def with_account(self, kind: str, amount_minor: int, *, wallet: int, left_minor: int) -> Payment:
        """By an account of a presented card (`kind`): on account, or by what was paid ahead.

        Raises Refused: `nothing_due`, `insufficient` (account, wallet, balance, wanted).
        """
        amount = self._most(amount_minor)
        taken = sum(t.amount_minor for t in self.tenders if t.kind == kind and t.wallet == wallet)
        if amount + taken > left_minor:
            facts = {"account": kind, "wallet": wallet, "balance": left_minor - taken, "wanted": amount}
            raise Refused("insufficient", facts)
        return self._with(Tender(kind=kind, amount_minor=amount, wallet=wallet))

    def with_stored(self, amount_minor: int, *, wallet: int, balance_minor: int) -> Payment:
        """Stored value of a presented card. Raises Refused: `nothing_due`, `insufficient`."""
        return self.with_account(STORED, amount_minor, wallet=wallet, left_minor=balance_minor)

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

    def _cash_so_far(self) -> tuple[int, int]:
        """The cash tender's amount, and what was handed over for it."""
        cash = next((tender for tender in self.tenders if tender.kind == CASH), None)
        return (cash.amount_minor, cash.given_minor or 0) if cash else (0, 0)

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
                more = replace(old, amount_minor=old.amount_minor + tender.amount_minor)
                return replace(self, tenders=(*self.tenders[:i], more, *self.tenders[i + 1 :]))
        return replace(self, tenders=(*self.tenders, tender))


def change_of(tenders: Sequence[Tender]) -> int:
    """Cash handed over beyond what it pays and what a card keeps."""
    return sum(
        t.given_minor - t.amount_minor - (t.rounded_minor or 0) - (t.kept_minor or 0)
        for t in tenders
        if t.given_minor is not None
    )


def cash_rounding(amount_minor: int, rule: CashRule) -> int:
    """What rounding adds to so much cash: to the nearest least coin, a half up, or down to one."""
    step = rule.step_minor
    if step == 1:
        return 0
    return (amount_minor + (step // 2 if rule.rounding == "nearest" else 0)) // step * step - amount_minor


def pin_wanted(card_minor: int, *, floor_minor: int) -> bool:
    """True if a sale taking `card_minor` of a card's value asks for the card's PIN by the floor of one sale.

    The door also has a floor over the business day and may still answer `pin_needed`.
    """
    return card_minor > floor_minor
