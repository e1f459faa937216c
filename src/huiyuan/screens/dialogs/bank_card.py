"""A bank card is taken on the machine beside the till; its slip's reference says that it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from huiyuan.config.i18n import msg
from huiyuan.domain.model.tender import BANK_CARD, Payment
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.dialogs.entry import Entry, no_goods, read_reference


def ask_bank_card(screen: AskingScreen[Any], amount_minor: int, pay: Callable[[Payment], None]) -> None:
    """Ask for the reference, then `pay` with all of `amount_minor` on the card; Esc leaves everything."""
    say = screen.say
    amount = say.money(amount_minor)

    def take(reference: str | None) -> None:
        if reference is not None:
            pay(Payment(amount_minor).with_bank_card(amount_minor, reference=reference))

    about = msg("Take {amount} on the other machine, then type the reference of its slip.")
    screen.app.push_screen(
        Entry(
            screen.shop, say(msg("Bank card")), aside=amount, label=say(msg("Reference")),
            read=no_goods(screen.shop, read_reference(BANK_CARD)), about=say(about, amount=amount),
        ),
        take,
    )  # fmt: skip
