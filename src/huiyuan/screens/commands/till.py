"""Selling: sale, payment, result, void, returns."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import AGAIN, Command, row

TILL: Final[tuple[Command, ...]] = (
    # Sale
    row("sale.enter", "enter", "", msg("Add"),
       msg("Adds the code or barcode, or attaches the card. 3*CODE adds three.")),
    row("sale.pay", "f2", "pay", msg("Pay"), msg("Goes on to the payment.")),
    row("sale.quantity", "f3", "quantity", msg("Quantity"), msg("Sets the quantity of the marked line.")),
    row("sale.remove", "f4", "remove", msg("Remove line"), msg("Takes the marked line off the basket.")),
    row("sale.detach", "f5", "detach", msg("Without card"),
       msg("Takes the card off the sale; prices go back to the list.")),
    row("sale.price", "f6", "price", msg("Price"),
       msg("Types a price for the marked line; the list's own price lifts it again."), letter="e"),
    row("sale.member", "f7", "member", msg("Member"),
       msg("Finds a member by name, pinyin, phone or its last four and attaches them without a card.")),
    row("sale.void", "f8", "void", msg("Void last"),
       msg("Takes back the last document of this shift."), needs="reverse"),
    row("sale.clear", "f9", "clear", msg("Clear"), msg("Empties the basket after asking.")),
    row("sale.switch", "", "switch", msg("Change person"),
       msg("Somebody else goes on here; the basket stays as it is."), bar=False, letter="w"),
    row("sale.up", "up", "up", msg("Up"), msg("Marks the line above."), bar=False),
    row("sale.down", "down", "down", msg("Down"), msg("Marks the line below."), bar=False),
    # A basket of before
    row("basket_back.take", "enter", "take", msg("Go on"), msg("Goes on with the basket.")),
    row("basket_back.empty", "f9", "empty", msg("Empty"), msg("Empties the basket; the log says who did.")),
    # Payment
    row("payment.enter", "enter", "", msg("Cash / done"),
       msg("Takes the amount typed in cash; nothing typed means the exact rest. Done when nothing is left.")),
    row("payment.stored", "f3", "stored", msg("Stored value"),
       msg("Takes the amount typed, or the rest, from the card of this sale.")),
    row("payment.bank", "f4", "bank", msg("Bank card"),
       msg("Takes the amount typed, or the rest, by bank card and asks for the slip's reference.")),
    row("payment.mobile", "f6", "mobile", msg("Mobile pay"),
       msg("Takes the amount typed, or the rest, by phone: by a scanned code or a typed reference.")),
    row("payment.points", "f7", "points", msg("Points"),
       msg("Lets the card's points pay: the most that the rule allows, or the amount typed.")),
    row("payment.other", "f2", "other", msg("Other"),
       msg("Lists the other ways of paying: on account, paid ahead, cards and vouchers of others.")),
    row("payment.keep", "f9", "keep", msg("Keep change"),
       msg("Takes the amount typed in cash; the change stays with the member as stored value.")),
    row("payment.undo", "f8", "undo", msg("Remove tender"), msg("Takes the last tender back.")),
    row("payment.again", "f5", "again", msg("Check again"),
       AGAIN),
    row("payment.reprice", "f5", "reprice", msg("New prices"),
       msg("Reads the goods anew and goes back to the basket with the prices in force.")),
    row("charging.back", "escape", "back", msg("Give up"),
       msg("Gives the charge up and has the money given back; once more leaves it among the open payments.")),
    # Open payments
    row("charges.enter", "enter", "", msg("Decide"),
       msg("Says what was done about the marked payment; it then leaves the list.")),
    row("charges.return", "f4", "give_back", msg("Give back"),
       msg("Has the gateway give the money of the marked payment back."), writes=True),
    row("charges.refresh", "f5", "refresh", msg("Ask again"),
       msg("Asks the gateway what became of every open payment."), writes=True),
    # Result
    row("result.next", "enter", "next", msg("Go on"), msg("On to the next customer.")),
    row("result.printer", "f6", "printer", msg("Printer"),
       msg("Slips that wait, a test page, a copy of any receipt.")),
    row("result.reprint", "f5", "reprint", msg("Print again"),
       msg("Tries a slip that waits at once; a printed one comes again, marked as a copy.")),
    # Void
    row("void.enter", "enter", "", msg("Void"), msg("Takes the marked document back, after a reason.")),
    row("void.refresh", "f5", "refresh", msg("Read again"), msg("Reads the documents of this shift anew.")),
    row("void.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Returns
    row("returns.enter", "enter", "", msg("Next"),
       msg("Finds the receipt; on a line: how many come back.")),
    row("returns.all", "f3", "everything", msg("Everything"), msg("Marks all that is left of every line.")),
    row("returns.post", "f2", "post", msg("Take back"),
       msg("Books the return; the money goes the way it came."), needs="return", writes=True),
    row("returns.again", "f7", "again", msg("Check again"),
       AGAIN),
)  # fmt: skip
