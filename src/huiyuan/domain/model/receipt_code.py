"""The code on a slip: the receipt's number in a form that is neither goods nor a card.

`RC-S01-01-000042` has three dashes and begins with two letters that no store's code may follow that way: a
typed receipt number has two, a barcode of goods digits only, a card's number no dash.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

PREFIX: Final = "RC-"
_CODE: Final = re.compile(r"RC-([A-Z0-9]{1,8}-[0-9]{1,3}-[0-9]{1,12})")


def code_of(receipt: str) -> str:
    """What stands in the code of a slip."""
    return PREFIX + receipt


def scanned_receipt(text: str) -> str | None:
    """The receipt of a slip that was scanned, None if `text` is no slip's code."""
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return found[1] if found else None


def receipt_of(text: str) -> str:
    """A receipt's number as it was typed or scanned."""
    return scanned_receipt(text) or unicodedata.normalize("NFKC", text).strip().upper()
