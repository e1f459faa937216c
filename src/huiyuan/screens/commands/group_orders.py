"""Group-buy orders: the list, a new one, one of them."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, refresh, row, up_and_down

GROUP_ORDERS: Final[tuple[Command, ...]] = (
    row("group_orders.enter", "enter", "", msg("Open"), msg("Shows the marked order and who takes part.")),
    row("group_orders.add", "f2", "add", msg("New order"),
       msg("Opens a group order: goods, organiser, end, tiers."), needs="group_order"),
    refresh("group_orders", msg("Reads the orders anew."), bar=False),
    # A new one
    row("group_new.enter", "enter", "", msg("Take"), msg("Takes the goods that were scanned or typed.")),
    row("group_new.open", "f2", "open", msg("Open it"), msg("Opens the order as it stands here."),
       needs="group_order", writes=True),
    row("group_new.member", "f3", "member", msg("Organiser"), msg("Chooses the member who organises it."),
       needs="members"),
    row("group_new.tier", "f4", "tier", msg("Add a tier"),
       msg("From how many pieces which series of coupons holds.")),
    row("group_new.end", "f6", "end", msg("Ends (group order)"), msg("Until when members may join.")),
    row("group_new.note", "f7", "note", msg("Note"), msg("A few words beside the order.")),
    row("group_new.remove", "f8", "remove", msg("Remove"), msg("Takes the marked tier off.")),
    *up_and_down("group_new"),
    # One of them
    row("group_order.enter", "enter", "", msg("Coupons"),
       msg("Coupons of the marked member; whoever steps back after the closing has them voided there.")),
    row("group_order.join", "f2", "join", msg("Take part"), msg("A member joins with so many pieces."),
       needs="members", writes=True, letter="t"),
    row("group_order.close", "f3", "close", msg("Close it"),
       msg("Every piece gets its coupon of the tier that stands; nobody joins after that."),
       needs="coupon_issue", writes=True),
    row("group_order.leave", "f4", "leave", msg("Withdraw (group order)"),
       msg("The marked member leaves; all others and the order stay."), needs="group_order", writes=True),
    refresh("group_order", msg("Reads the order anew."), bar=False),
    again("group_order", "f6", letter="g"),
    row("group_order.call_off", "f8", "call_off", msg("Call off"),
       msg("The order ends without coupons, with a reason."), needs="group_order", writes=True, letter="o"),
)  # fmt: skip
