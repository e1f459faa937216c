"""What waits for the line, in words: what cannot be done, why, and what can.

Always true: a key that only works with the server is never dead while the line is away; it says so, and what
to press; nothing of what it would have done is begun.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

CARDS: Final = msg(
    "No card is issued or activated without the line: nobody else would know. Wait until it is back;"
    " cash sales go on (F2)."
)
BACK: Final = msg(
    "Nothing is taken back without the line: the sale cannot be looked at. Keep the slip with the goods, or"
    " ask to come again; cash sales go on (F2)."
)
BASKETS: Final = msg(
    "Baskets are put aside and taken at the server, which is away. Finish this one for cash (F2); it stays on"
    " this counter over a restart."
)
MEMBERS: Final = msg(
    "Members are looked up at the server, which is away. Show the card on the sale: it is noted, and its"
    " points are added later. Cash: F2."
)
PAYS: Final = msg(
    "What is on a card pays only with the line: its balance is at the server. Take cash (Enter) or bank card"
    " (F4)."
)
BY_PHONE: Final = msg("Payment by phone needs the line. Take cash (Enter) or bank card (F4).")
TOP_UP: Final = msg(
    "No top-up without the line: the balance is at the server. Take no money for it; cash sales go on (F2)."
)
SHIFT: Final = msg(
    "A shift is opened, counted and closed with the server, which is away. Cash sales go on in the open one"
    " (F2); close it when the line is back."
)
PIN: Final = msg("PINs are changed at the server, which is away. Yours stays as it is; change it later (^P).")
COUPONS: Final = msg("Coupons are checked at the server, which is away. The sale goes on without; cash: F2.")

WORDS: Final[Mapping[str, str]] = {
    "home.top_up": TOP_UP, "home.shift": SHIFT, "home.issue": CARDS, "home.activate": CARDS,
    "home.returns": BACK, "home.void": BACK, "home.new_member": MEMBERS, "home.pin": PIN,
    "home.held": BASKETS, "sale.void": BACK, "sale.member": MEMBERS, "sale.hold": BASKETS,
    "sale.recall": BASKETS, "sale.coupons": COUPONS, "payment.stored": PAYS, "payment.points": PAYS,
    "payment.keep": PAYS, "payment.other": PAYS, "payment.mobile": BY_PHONE,
}  # fmt: skip
"""Command -> why it waits. What is not here works, or asks nobody."""

AT_THE_SERVER: Final = msg("{what} waits for the line: it is at the server. Cash sales go on (F2).")
SERVER_ONLY: Final = frozenset(
    {"home.receive", "home.staff", "home.reports", "home.promotions", "home.settings", "home.stock",
     "home.approvals", "home.item", "sale.item", "sale.seller", "sale.what_if"}
)  # fmt: skip


def why_waits(command: str) -> str:
    """The sentence for a command that waits for the line; empty for one that does not."""
    return AT_THE_SERVER if command in SERVER_ONLY else WORDS.get(command, "")
