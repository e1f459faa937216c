"""Who served: what a person types, and how shares are split.

Always true: all shares of a line are at most the whole of it; shares that nobody typed are equal, and the odd
hundredths of a percent go to whoever is named first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from huiyuan.domain.model.cart import BP, Served
from huiyuan.domain.model.errors import Refused

_PART = re.compile(r"([0-9]{2,8})(?:[:：]([0-9]{1,3}))?[%％]?")


def read_served(text: str, people: Sequence[Served]) -> tuple[Served, ...]:
    """Staff numbers, each with a share in percent behind a colon if they differ: `1002` or `1002:60 1003:40`.

    Args:
        people: who may be named.

    Raises:
        Refused: `seller_unclear` (example), `seller_unknown` (number), `seller_shares`: more than the whole.
    """
    known = {each.number: each for each in people}
    found: list[tuple[Served, int | None]] = []
    for part in re.split(r"[\s,，、]+", text.strip()):
        if not part:
            continue
        read = _PART.fullmatch(part)
        if read is None:
            raise Refused("seller_unclear", {"example": "1002:60 1003:40"})
        if read[1] not in known:
            raise Refused("seller_unknown", {"number": read[1]})
        found.append((known[read[1]], None if read[2] is None else int(read[2]) * 100))
    typed = {share is None for _, share in found}
    if len(typed) > 1 or len({person.number for person, _ in found}) != len(found):
        raise Refused("seller_unclear", {"example": "1002:60 1003:40"})
    shares = [share or 0 for _, share in found]
    if typed == {True}:
        shares = [BP // len(found)] * len(found)
        shares[0] += BP - sum(shares)
    if any(share <= 0 for share in shares) or sum(shares) > BP:
        raise Refused("seller_shares")
    return tuple(
        Served(person.staff, person.number, person.name, share)
        for (person, _), share in zip(found, shares, strict=True)
    )


def served_text(served: Sequence[Served]) -> str:
    """As it is typed."""
    if len(served) == 1 and served[0].share_bp == BP:
        return served[0].number
    return " ".join(f"{each.number}:{each.share_bp // 100}" for each in served)
