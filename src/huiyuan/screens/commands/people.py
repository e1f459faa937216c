"""Members, their statements, and staff."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, refresh, row

PEOPLE: Final[tuple[Command, ...]] = (
    # Member
    row("member.open", "enter", "", msg("Open"),
       msg("Opens the marked card, account or the list of everything bought; Tab changes the list.")),
    row("member.sale", "f2", "sale", msg("Sale"),
       msg("Sells to this member: prices and points of the tier; stored value needs the card."),
       needs="sale"),
    row("member.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on a card of this member."),
       needs="top_up"),
    row("member.edit", "f4", "edit", msg("Edit"), msg("Changes the member's record."), needs="members"),
    refresh("member", msg("Reads the page anew."), bar=False),
    row("member.issue", "f6", "issue", msg("Issue a card"), msg("Hands a blank card to this member."),
       needs="card_issue"),
    row("member.note", "f7", "note", msg("Add a note"), msg("Adds a note; with ! in front it pops up."),
       needs="members", writes=True),
    row("member.drop_note", "ctrl+r", "drop_note", msg("Remove a note"), msg("Takes a note off this page."),
       needs="members", writes=True, bar=False),
    row("member.reveal", "f8", "reveal", msg("Show in full"),
       msg("Shows phone, ID number or address in full; the reason stays on record."),
       needs="reveal", writes=True, letter="f"),
    row("member.history", "f9", "history", msg("Changes"), msg("Who changed what about this member.")),
    row("member.slips", "", "slips", msg("Slips by message"),
       msg("Whether slips go to this member as messages as a rule."), needs="members", writes=True,
       letter="p", bar=False),
    row("member.coupons", "", "coupons", msg("Coupons"),
       msg("This member's coupons: open, used, expired; give one out, void one."), needs="sale", letter="u",
       bar=False),
    row("member_coupons.give", "f2", "give", msg("Give out"),
       msg("Gives this member a coupon of a series, after a reason."), needs="coupon_issue", writes=True),
    row("member_coupons.void", "f4", "void", msg("Void"), msg("The marked coupon holds no longer."),
       needs="coupon_void", writes=True),
    refresh("member_coupons", msg("Reads the coupons anew.")),
    row("member.verify", "ctrl+t", "verify", msg("To verify"),
       msg("Members whose record somebody should look at."), needs="members", bar=False),
    row("popped.read", "enter", "read", msg("Read"), msg("Goes on to the member.")),
    # Member's record
    row("edit.enter", "enter", "", msg("Next"), msg("Goes to the next field; from the last one it saves.")),
    row("edit.save", "f2", "save", msg("Save"), msg("Keeps the record."), needs="members", writes=True),
    row("edit.verified", "f5", "verified", msg("Verified"),
       msg("Keeps the record and takes it off the list of those to verify."), needs="members", writes=True),
    row("edit.open_existing", "f6", "open_existing", msg("Open that member"),
       msg("Opens the member who has this account or phone already.")),
    row("edit.keep_shared", "f7", "keep_shared", msg("Keep the phone"),
       msg("Saves although somebody else has this phone."), needs="members", writes=True),
    # Statements
    row("statement.newer", "f2", "newer", msg("Newer"), msg("The page before this one.")),
    row("statement.older", "f3", "older", msg("Older"), msg("The page after this one.")),
    row("statement.account", "f4", "account", msg("Next account"), msg("The same of another account.")),
    row("purchases.enter", "enter", "", msg("Take back"), msg("Takes back goods of the marked purchase."),
       needs="return"),
    row("purchases.newer", "f2", "newer", msg("Newer"), msg("The page before this one.")),
    row("purchases.older", "f3", "older", msg("Older"), msg("The page after this one.")),
    row("verify.open", "enter", "", msg("Open"), msg("Opens the marked member.")),
    # Staff
    row("staff.add", "f2", "add", msg("New person"),
       msg("Number, name, duty, and a PIN."), needs="staff", writes=True),
    row("staff.reset_pin", "f3", "reset_pin", msg("Reset PIN"), msg("The marked person types a new PIN."),
       needs="staff", writes=True),
    row("staff.let_go", "f4", "let_go", msg("Leaves"), msg("The marked person may not sign in any more."),
       needs="staff", writes=True),
)  # fmt: skip
