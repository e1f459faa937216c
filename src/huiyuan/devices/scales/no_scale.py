"""No scale: weights are typed, or stand on a label."""

from __future__ import annotations

from huiyuan.domain.model.errors import Refused


class NoScale:
    """Fills the port Scale for a counter without one."""

    present = False
    name = ""
    driver = ""

    def weigh(self) -> int:
        """There is nothing to weigh on."""
        raise Refused("scale_unreachable")

    def state(self) -> str:
        return "none"
