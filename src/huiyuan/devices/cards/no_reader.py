"""No card reader: the settings want none."""

from __future__ import annotations

from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard, WrittenCard
from huiyuan.domain.ports.cards import OnCard, OnDevice


class NoCardReader:
    """Never tells of a card."""

    def state(self) -> DeviceState:
        return DeviceState("card_reader", Condition.OFF)

    def watch(self, on_card: OnCard, on_state: OnDevice) -> None:
        del on_card, on_state

    def read(self) -> PresentedCard:
        raise Refused("no_card_reader")

    def write(self, number: str) -> WrittenCard:
        del number
        raise Refused("no_card_reader")

    def start(self) -> None:
        """Nothing to begin."""

    def stop(self) -> None:
        """Nothing to end."""
