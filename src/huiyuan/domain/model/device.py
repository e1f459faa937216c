"""A device beside the counter, as it stands: what support staff read out on the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Condition(StrEnum):
    """How a device stands. Each has a sentence of its own on the screens."""

    OFF = "off"  # the settings want none
    STARTING = "starting"
    NO_LIBRARY = "no_library"  # the system's library is not installed
    NO_SERVICE = "no_service"  # the service that owns the device does not run
    NOT_ALLOWED = "not_allowed"  # the system refuses this user
    SEIZED = "seized"  # the kernel took the device for itself
    ABSENT = "absent"  # the service runs, the device is not plugged in
    READY = "ready"
    HELD = "held"  # another program has it
    UNREADABLE = "unreadable"  # what lies on it, or came from it, could not be read


@dataclass(frozen=True, slots=True)
class DeviceState:
    """One device.

    Attributes:
        kind: card_reader, serial_scanner or input_scanner.
        names: As the system calls what is plugged in; they change when it is plugged in anew.
        driver: Which library speaks to it; empty before one does.
        occupied: A card lies on it now.
        forwarded: It hangs at the terminal from which somebody came in, not at this machine.
    """

    kind: str
    condition: Condition
    names: tuple[str, ...] = ()
    driver: str = ""
    occupied: bool = False
    forwarded: bool = False

    @property
    def usable(self) -> bool:
        """Whether a card or a scan may come from it."""
        return self.condition in {Condition.READY, Condition.UNREADABLE}
