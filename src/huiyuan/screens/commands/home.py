"""The home menu and its box."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, menu, row

HOME: Final[tuple[Command, ...]] = (
    # Home
    menu("home.sale", "f2", "sale", msg("Sale"), msg("Rings up goods and takes the money."), needs="sale"),
    menu("home.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on a card."), needs="top_up"),
    menu("home.shift", "f4", "shift", msg("Shift"),
       msg("Opens, reads (X) and closes (Z) it."), needs="shift", letter="h"),
    menu("home.issue", "f5", "issue", msg("Issue a card"),
       msg("Hands out a blank card."), needs="card_issue"),
    menu("home.activate", "f6", "activate", msg("Activate a card"),
       msg("Makes a card usable, sets its PIN."), needs="card_activate"),
    menu("home.returns", "f7", "returns", msg("Return goods"),
       msg("Goods back, money the way it came."), needs="return", letter="b"),
    menu("home.void", "f8", "void", msg("Void"),
       msg("Takes back a whole document."), needs="reverse"),
    menu("home.receive", "f9", "receive", msg("Receive stock"),
       msg("Books goods that arrived."), needs="stock_receive", letter="g"),
    menu("home.unsettled", "ctrl+o", "unsettled", msg("Open items"),
       msg("What waits for somebody; the printer."), letter="o"),
    menu("home.staff", "ctrl+t", "staff", msg("Staff"),
       msg("New people, new PINs, who leaves."), needs="staff", letter="f"),
    menu("home.reports", "ctrl+r", "reports", msg("Reports"),
       msg("Turnover and other figures."), needs="report"),
    menu("home.promotions", "", "promotions", msg("Promotions"),
       msg("What runs, what comes, what waits for a second person."), needs="rules", letter="u"),
    menu("home.coupons", "", "coupons", msg("Coupon series"),
       msg("Series of coupons; gives codes out, finds one, passes it on, voids it."), needs="rules",
       letter="q"),
    menu("home.new_member", "ctrl+n", "new_member", msg("New member"),
       msg("Writes down somebody who has no account yet."), needs="members"),
    menu("home.stock", "ctrl+k", "stock", msg("Stock on hand"),
       msg("What stands in the stores, and what moved it."), letter="w"),
    menu("home.switch", "", "switch", msg("Change person"),
       msg("Somebody else goes on here; what is on the screen stays as it is."), letter="c"),
    menu("home.item", "", "item", msg("Price check"),
       msg("Prices, stock here and elsewhere, and what lowers the price of a product."), letter="m"),
    menu("home.held", "", "held", msg("Baskets put aside"),
       msg("What was put aside in this store and not paid yet."), letter="d"),
    menu("home.outbox", "", "outbox", msg("Slips by message"),
       msg("What waits to be sent to members, what went out, what failed."), needs="sale", letter="l"),
    menu("home.devices", "", "devices", msg("Devices"),
       msg("Printer, drawer, display, reader: how they stand, tests, a report for the vendor."), letter="e"),
    menu("home.approvals", "", "approvals", msg("Approvals"),
       msg("What waits for a second person, at any counter of your stores."), needs="approve", letter="1"),
    menu("home.settings", "", "settings", msg("Settings"),
       msg("Handover, locking, limits, rounding, returns, keys, slips: what holds, since when, by whom."),
       needs="settings", letter="0"),
    menu("home.pin", "ctrl+p", "pin", msg("Change my PIN"),
       msg("Changes your own PIN; the old one is asked.")),
    row("home.choose", "enter", "", msg("Open"),
       msg("Opens the member that was found, or the marked row of the menu.")),
    row("home.up", "up", "up", msg("Up"), msg("Marks the row above."), bar=False),
    row("home.down", "down", "down", msg("Down"), msg("Marks the row below."), bar=False),
    row("home.sign_out", "escape", "back", msg("Sign out"), msg("Ends your session on this counter.")),
)  # fmt: skip
