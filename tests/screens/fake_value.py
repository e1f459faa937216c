"""Stored value of the fake shop: what moves between its cards, two rules, and what is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from huiyuan.domain.model.card import Balances, CardState
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.document_rows import CashBack, Release
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.promotion_desk import Campaign, Terms
from huiyuan.domain.model.recharge import Purchase
from huiyuan.domain.model.value_desk import DueRow

if TYPE_CHECKING:
    from tests.screens.fake_ledger import FakeCard

BEGAN = datetime(2026, 11, 1, tzinfo=UTC)


class ValueKinds:
    """What the fake ledger does with documents that move value; the merged and the released are kept."""

    cards: list[FakeCard]
    approved: set[UUID]
    pin_floor_minor: int

    if TYPE_CHECKING:

        def card_of(self, wallet: int | None) -> FakeCard: ...

    def _value_transfer(self, document: Document, result: Any, _at: datetime) -> None:
        row = document.transfers[0]
        giver, taker = self.card_of(row.wallet), self.card_of(row.taker)
        if {proof.wallet for proof in document.proofs} != {row.wallet, row.taker}:
            raise Refused("card_not_presented", {"wallet": row.wallet})
        if taker.state != CardState.ACTIVE:
            raise Refused("transfer_refused", {"why": "no_card"})
        giver.balances = replace(giver.balances, principal=giver.balances.principal - row.amount_minor)
        taker.balances = replace(taker.balances, principal=taker.balances.principal + row.amount_minor)
        result.touched += [giver, taker]

    def _settlement(self, document: Document, result: Any, _at: datetime) -> None:
        row = document.settlements[0]
        card, signed = self.card_of(row.wallet), document.id in self.approved
        guessed = any(proof.pin_attempt is not None for proof in document.proofs)
        if row.amount_minor > self.pin_floor_minor and not guessed and not signed:
            raise Refused("pin_needed", {"wallet": row.wallet, "floor": self.pin_floor_minor})
        card.balances = Balances()
        result.touched.append(card)

    def _member_merge(self, document: Document, _result: Any, _at: datetime) -> None:
        if document.id not in self.approved:
            facts = {"permission": "member_merge", "amount": 0, "limit": 0}
            raise Refused("approval_needed", facts)

    def _bonus_release(self, document: Document, _result: Any, _at: datetime) -> None:
        del document

    _cash_back = _bonus_release


class FakeValueBook:
    """Fills the port.

    Attributes:
        owner: the name that every bank account has to bear.
        proposed: what was proposed here, in order.
    """

    def __init__(self, ledger: Any) -> None:
        self.ledger = ledger
        self.owner = "李娜"
        self.payees: dict[UUID, int] = {}
        self.changed: list[int | None] = []
        self.refusing: Refused | None = None
        self.proposed: list[tuple[str, str, Mapping[str, Any]]] = []
        self.rows = [
            DueRow(Release(str(UUID(int=5)), 1, 1000), "李娜", "M1001", due_on=date(2026, 11, 20), parts=2),
            DueRow(CashBack(9001, 7, 1, "2026-10", 350), "李娜", "M1001", bought_minor=35000),
        ]

    @property
    def rules(self) -> dict[str, list[Campaign]]:
        """What the desk of rules shows of stored value."""
        steps = [{"from_minor": 50000, "give_minor": 5000}]
        body = {"kind": "recharge", "steps": steps, "months": 3}
        order = {"kind": "spending", "policy": "bonus_first"}
        given = Campaign("洗车十次", Terms({"body": body}), "陈经理", rule=21, version=1, valid_from=BEGAN)
        return {
            "recharge": [given],
            "spending": [Campaign("礼品卡", Terms({"body": order}), "王芳", proposal=3)],
        }

    def propose(self, *, family: str, name: str, terms: Mapping[str, Any], rule: int | None = None) -> int:
        if (refused := self.refusing) is not None:
            self.refusing = None
            raise refused
        self.changed.append(rule)
        self.proposed.append((family, name, terms))
        return len(self.proposed)

    def due(self, most: int) -> Sequence[DueRow]:
        posted = [entry.document for entry in self.ledger.entries.values()]
        booked = [row for each in posted for row in (*each.releases, *each.cash_backs)]
        return [row for row in self.rows if row.row not in booked][: 2 * most]

    def purchase(self, receipt: str, *, wallet: int) -> Purchase:
        found = next((each for each in self.ledger.entries.values() if each.posted.receipt == receipt), None)
        if found is None or found.document.kind != "sale":
            raise Refused("gift_refused", {"why": "unknown"})
        used = [each for each in self.ledger.entries.values() if each.document.bought == found.document.id]
        return Purchase(
            document=found.document.id,
            receipt=receipt,
            days=0,
            own=found.document.wallet in {None, wallet},
            products=frozenset(line.product for line in found.document.lines),
            used=used[0].posted.receipt if used else None,
        )

    def payee_seen(self, document: UUID, *, wallet: int, name: str) -> None:
        if name != self.owner:
            raise Refused("payee_differs", {"wallet": wallet})
        self.payees[document] = wallet
