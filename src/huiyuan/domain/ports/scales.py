"""What goods are weighed on."""

from __future__ import annotations

from typing import Protocol


class Scale(Protocol):
    """A scale at the counter, or none. Weighing waits a few seconds at most and posts nothing."""

    @property
    def present(self) -> bool:
        """Whether there is one; nothing is asked."""
        ...

    @property
    def name(self) -> str:
        """Where it is; empty without one."""
        ...

    @property
    def driver(self) -> str:
        """How it speaks; empty without one."""
        ...

    def weigh(self) -> int:
        """The stable weight on it, in thousandths of a kilogram, above 0.

        Raises Refused: `scale_unreachable`, `scale_silent`, `scale_garbled`, `scale_unsteady`,
            `scale_overload`, `scale_empty`.
        """
        ...

    def state(self) -> str:
        """`none`, `unasked`, or as the last weighing found it: `ready`, `unreachable`, `silent`,
        `garbled`."""
        ...
