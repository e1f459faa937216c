"""The payment gateway, and what this counter keeps on its own disk about what it asked there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from huiyuan.domain.model.charge import Charge, ChargeState, GatewayAnswer
from huiyuan.domain.model.payment_code import PaymentCode


class PaymentGateway(Protocol):
    """Takes money by the payment code of a customer's phone. It raises nothing: `unsure` is an answer.

    `number` is the charge's own; the gateway takes money for a number once at most, whatever is sent again.
    """

    @property
    def configured(self) -> bool:
        """Whether this counter has a gateway at all."""
        ...

    def charge(self, code: PaymentCode, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Ask for the money: `paid`, `paying` (the customer confirms on the phone), `declined`, `unsure` or
        `away`."""
        ...

    def query(self, number: str) -> GatewayAnswer:
        """What became of a charge: as `charge`, or `reversed`, or `unknown_trade`."""
        ...

    def reverse(self, number: str) -> GatewayAnswer:
        """Give the money back, or see to it that none is taken any more: `reversed`, `unsure` or `away`.

        Of a number that the gateway never heard of as well, so that a request still on its way is too late.
        """
        ...

    def refund(self, trade: str, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Give back so much of what a sale was paid with, once for a number: `refunded`, `declined`,
        `unknown_trade`, `unsure` or `away`. `trade` is the reference that the sale's tender names."""
        ...


class ChargeBook(Protocol):
    """The charges of this seat. Every writing method raises Refused `journal_unwritable` if the disk does
    not take it."""

    def write(self, charge: Charge) -> None:
        """Have `charge` on disk before its request leaves. Raises Refused `id_reused`."""
        ...

    def move(
        self, charge: UUID, state: ChargeState, *, told: str = "", found_minor: int | None = None
    ) -> Charge:
        """Move it along `CHARGE_MOVES`; where that is none, it stays where it is. The charge as it stands.

        Raises KeyError: no such charge.
        """
        ...

    def find(self, charge: UUID) -> Charge:
        """Raises KeyError."""
        ...

    def pending(self, *, after: UUID | None = None, most: int | None = None) -> Sequence[Charge]:
        """What is open, oldest first, at most `most` behind `after`; no round trip. A taken one whose sale
        stands is used by that; a refund is open from the moment on that its return stands."""
        ...

    def open_count(self, *, by_hand: bool = True) -> int:
        """How many are open; without `by_hand` only those that the gateway knows."""
        ...

    def adopt(self, charge: UUID, document: UUID) -> Charge:
        """A taken one pays another sale, because the one it was for never came to be.

        Raises KeyError: it is not taken.
        """
        ...

    def decide(self, charge: UUID, *, by: str, note: str) -> None:
        """A person says what was done about an open one. Raises Refused `reason_missing`, KeyError."""
        ...
