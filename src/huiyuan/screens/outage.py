"""While the line is away: what the status line says, how a sale goes on, when the journal is sent again.

Always true: nothing here needs a key; what is typed stays where it is when the line goes and when it comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from huiyuan.config.i18n import msg
from huiyuan.screens import messages
from huiyuan.screens.ask import Asker, ask
from huiyuan.screens.shop import Shop

if TYPE_CHECKING:
    from huiyuan.domain.model.journal import Drained
    from huiyuan.domain.model.offline import Outage

DRAIN: Final = "drain"
EVERY_S: Final = 15
NOT_KNOWN = msg("Not known here, and without the line nothing is looked up. The sale goes on without.")


def outage_of(shop: Shop) -> Outage | None:
    """What waits for the line here; None before the counter is put together."""
    return None if shop.starting is not None else shop.door.outage()


def works_offline(shop: Shop) -> bool:
    """Whoever sits here signed in without the line: to sell for cash, until the server has judged the PIN."""
    return shop.signed is not None and shop.signed.offline_at is not None


def state_with(shop: Shop, state: str) -> str:
    """The line is not up before everything was sent and whoever sits here is signed in at the server."""
    waits = outage_of(shop) is not None or works_offline(shop)
    return "offline" if state != "checking" and waits else state


def outage_text(shop: Shop, outage: Outage) -> str:
    """Since when, how many, how much, for the status line."""
    say = shop.say
    return say(
        msg("OFFLINE since {time}: {count}, {amount}"),
        time=outage.since.astimezone(say.zone).strftime("%H:%M"),
        count=outage.sales,
        amount=say.figure(outage.total_minor),
    )


def unsent_text(shop: Shop) -> str:
    """What is not sent yet, for whoever wants to leave; empty if everything is."""
    outage, say = outage_of(shop), shop.say
    if outage is None:
        return ""
    return say(
        msg("{count} sales of {amount} without the line are not sent yet. They go out when it is back (^O)."),
        count=outage.sales,
        amount=say.money(outage.total_minor),
    )


def send_again(screen: Asker, shop: Shop) -> None:
    """In the background, while something waits; nothing is asked while nothing does."""
    if outage_of(shop) is None and not works_offline(shop):
        return

    def work() -> Drained:
        drained = shop.door.drain()
        if works_offline(shop):  # a journal that is empty asks nobody
            shop.sign_in.hello()
        return drained

    ask(screen, work, then=messages.Resent, subject=DRAIN)
