"""What a PIN may be that somebody chooses."""

from __future__ import annotations

import itertools
import re
from typing import Final

from huiyuan.domain.model.errors import Refused

_PIN: Final = re.compile(r"[0-9]{4,12}")


def check_new_pin(pin: str) -> None:
    """Accept a PIN that somebody wants to have.

    Raises:
        Refused: pin_format (least, most): not 4 to 12 digits. pin_too_simple: one digit over and over, or
            digits in a row, which are the first guesses of anybody.
    """
    if not _PIN.fullmatch(pin):
        raise Refused("pin_format", {"least": 4, "most": 12})
    steps = {int(right) - int(left) for left, right in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        raise Refused("pin_too_simple")
