"""A payment gateway and a book of charges in memory, for screens."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from huiyuan.domain.model.charge import CHARGE_MOVES, Charge, ChargeState, GatewayAnswer, Outcome
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.payment_code import PaymentCode
from tests.screens.fake_ledger import FakeLedger
from tests.screens.pages import page


@dataclass
class FakeGateway:
    """Answers `answers` one after the other, the last one again and again."""

    configured: bool = False
    answers: list[GatewayAnswer] = field(default_factory=lambda: [GatewayAnswer(Outcome.PAYING)])
    reversals: list[GatewayAnswer] = field(default_factory=lambda: [GatewayAnswer(Outcome.REVERSED)])
    refunds: list[GatewayAnswer] = field(default_factory=lambda: [GatewayAnswer(Outcome.REFUNDED)])
    codes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()

    def charge(self, code: PaymentCode, *, number: str, amount_minor: int) -> GatewayAnswer:
        del number
        self.asked.append(f"charge {amount_minor}")
        self.codes.append(code.digits)
        self.gate.wait(5)
        return self._next(self.answers)

    def query(self, number: str) -> GatewayAnswer:
        del number
        self.asked.append("query")
        return self._next(self.answers)

    def reverse(self, number: str) -> GatewayAnswer:
        del number
        self.asked.append("reverse")
        return self._next(self.reversals)

    def refund(self, trade: str, *, number: str, amount_minor: int) -> GatewayAnswer:
        del number
        self.asked.append(f"refund {trade} {amount_minor}")
        return self._next(self.refunds)

    @staticmethod
    def _next(answers: list[GatewayAnswer]) -> GatewayAnswer:
        return answers.pop(0) if len(answers) > 1 else answers[0]


class FakeCharges:
    """Fills the ChargeBook port; a document that the fake ledger has stands."""

    def __init__(self, ledger: FakeLedger) -> None:
        self.ledger = ledger
        self.rows: dict[UUID, Charge] = {}
        self.decisions: list[tuple[str, str]] = []

    def write(self, charge: Charge) -> None:
        if charge.id in self.rows:
            raise Refused("id_reused")
        self.rows[charge.id] = charge

    def move(
        self, charge: UUID, state: ChargeState, *, told: str = "", found_minor: int | None = None
    ) -> Charge:
        now = self.rows[charge]
        if (now.state, state) in CHARGE_MOVES:
            found = now.found_minor if found_minor is None else found_minor
            self.rows[charge] = replace(now, state=state, told=told or now.told, found_minor=found)
        return self.rows[charge]

    def find(self, charge: UUID) -> Charge:
        return self.rows[charge]

    def pending(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Charge]:
        stands = {*self.ledger.entries}
        for each in list(self.rows.values()):
            if each.document in stands:
                self.move(each.id, ChargeState.USED)
        found = [
            each
            for each in self.rows.values()
            if each.open and (each.state is not ChargeState.REFUNDING or each.document in stands)
        ]
        return tuple(page(found, lambda each: each.id, after, most))

    def open_count(self, *, by_hand: bool = True) -> int:
        return sum(by_hand or not each.by_hand for each in self.pending())

    def adopt(self, charge: UUID, document: UUID) -> Charge:
        self.rows[charge] = replace(self.rows[charge], document=document)
        return self.rows[charge]

    def decide(self, charge: UUID, *, by: str, note: str) -> None:
        self.move(charge, ChargeState.DECIDED)
        self.decisions.append((by, note))
