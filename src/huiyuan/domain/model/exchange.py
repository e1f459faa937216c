"""An exchange before it is booked, by the same arithmetic as the door's.

Always true: what the customer pays in addition is the goods out less what is carried over; what is carried
over never exceeds what the goods back had cost without the points that paid, which come back as points.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.money import allocate
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.returns import Refund, ReturnPreview, preview_return

POINTS: Final = "points_redeemed"


@dataclass(frozen=True, slots=True)
class ExchangePreview:
    """What an exchange moves. `carried` goes straight into the goods out, `paid_back` to the customer."""

    back: ReturnPreview
    out_minor: int
    carried: tuple[Refund, ...]
    paid_back: tuple[Refund, ...]

    @property
    def carried_minor(self) -> int:
        return sum(each.amount_minor for each in self.carried)

    @property
    def due_minor(self) -> int:
        """What the customer pays in addition."""
        return self.out_minor - self.carried_minor


def preview_exchange(sale: PostedDocument, pieces: Mapping[int, int], *, out_minor: int) -> ExchangePreview:
    """What exchanging `pieces` (line number -> thousandths) of a posted sale for goods of `out_minor` moves.

    Raises:
        Refused: as `preview_return`.
    """
    back = preview_return(sale, pieces)
    money = [each for each in back.refunds if each.paid_with != POINTS]
    at_most = min(out_minor, sum(each.amount_minor for each in money))
    shares = allocate(at_most, [each.amount_minor for each in money]) if at_most else [0] * len(money)
    pairs = list(zip(money, shares, strict=True))
    rest = [Refund(each.of_n, each.paid_with, each.amount_minor - share) for each, share in pairs]
    rest += [each for each in back.refunds if each.paid_with == POINTS]
    return ExchangePreview(
        back=back,
        out_minor=out_minor,
        carried=tuple(Refund(each.of_n, each.paid_with, share) for each, share in pairs if share),
        paid_back=tuple(each for each in rest if each.amount_minor),
    )
