"""A counter without a payment gateway: phones pay by the reference that somebody types."""

from __future__ import annotations

from huiyuan.domain.model.charge import GatewayAnswer, Outcome
from huiyuan.domain.model.payment_code import PaymentCode


class NoGateway:
    """Fills the PaymentGateway port where nothing is configured: nothing is ever sent."""

    configured = False

    def charge(self, code: PaymentCode, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Always `away`."""
        del code, number, amount_minor
        return GatewayAnswer(Outcome.AWAY)

    def query(self, number: str) -> GatewayAnswer:
        """Always `away`."""
        del number
        return GatewayAnswer(Outcome.AWAY)

    def refund(self, trade: str, *, number: str, amount_minor: int) -> GatewayAnswer:
        """Always `away`."""
        del trade, number, amount_minor
        return GatewayAnswer(Outcome.AWAY)

    def reverse(self, number: str) -> GatewayAnswer:
        """Always `away`."""
        del number
        return GatewayAnswer(Outcome.AWAY)
