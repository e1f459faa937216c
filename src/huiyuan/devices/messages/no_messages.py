"""A counter that sends no messages: what is wanted waits for one that does."""

from __future__ import annotations

from huiyuan.domain.model.message import Delivery, MessageAnswer, OutMessage


class NoMessages:
    """Fills the MessageGateway port where nothing is configured."""

    configured = False

    def send(self, message: OutMessage) -> MessageAnswer:
        """Always `away`."""
        del message
        return MessageAnswer(Delivery.AWAY)

    def query(self, number: str) -> MessageAnswer:
        """Always `away`."""
        del number
        return MessageAnswer(Delivery.AWAY)
