"""GivesBackByPhone: what takes a sale back also gives back what a phone paid for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from huiyuan.config.i18n import msg
from huiyuan.domain.model.charge import Charge, ChargeState
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.charging import look_after
from huiyuan.domain.usecases.refunding import plan_refunds
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.wording import Wording

R = TypeVar("R")

BY_HAND: Final = msg("Give {amount} back in the shop's own app: {reference}.")
ASKED: Final = {
    ChargeState.REFUNDED: msg("{amount} went back to the phone ({reference})."),
    ChargeState.REFUNDING: msg(
        "{amount} are being given back to the phone, not confirmed yet. The gateway is asked again (^O, F7)."
    ),
    ChargeState.REFUSED: msg(
        "The gateway does not give {amount} back. Do it in the shop's own app ({reference}), then ^O, F7."
    ),
}


def refund_text(say: Wording, refund: Charge, *, by_hand: bool) -> tuple[str, str]:
    """A sentence about a refund, and its severity."""
    text = BY_HAND if by_hand else ASKED.get(refund.state, ASKED[ChargeState.REFUNDING])
    severity = "good" if refund.state is ChargeState.REFUNDED and not by_hand else "warn"
    return say(text, amount=say.money(refund.amount_minor), reference=visible(refund.masked)), severity


def ask_for(shop: Shop, refunds: Sequence[Charge]) -> list[Charge]:
    """In a worker: the gateway is asked for each. Raises Refused `journal_unwritable`."""
    return [look_after(shop.charges, shop.gateway, each.id) for each in refunds]


class GivesBackByPhone(PostingScreen[R]):
    """Named after the screen's own base; `refunds` belong to the document that is posted next."""

    refunds: Sequence[Charge] = ()

    def plan_refunds(self) -> None:
        """In a worker, before the document leaves. Raises Refused `journal_unwritable`."""
        if self.refunds and self.shop.gateway.configured:
            plan_refunds(self.shop.charges, self.refunds)

    def deliver(self, document: Document) -> Posted:
        """What is to go back is on disk before the document leaves."""
        self.plan_refunds()
        return super().deliver(document)
