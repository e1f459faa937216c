"""Stored value: between cards, out of a card, between members, what is due, and its rules."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, menu, refresh, row

VALUE: Final[tuple[Command, ...]] = (
    menu("home.due", "", "due", msg("Bonus due"),
       msg("Parts of bonus and cash back that can be booked now."), needs="bonus_release", letter="2"),
    menu("home.value", "", "value", msg("Stored value rules"),
       msg("Recharge, spending order, paying back, cash back."),
       needs="rules", letter="3"),
    row("card.transfer", "", "transfer", msg("Value transfer"),
       msg("Moves stored value of this card to another one."), needs="value_transfer", letter="v"),
    row("card.settle", "", "settle", msg("Pay a card back"),
       msg("Pays back what the card holds, in cash or to a bank account of the same name."),
       needs="settlement", letter="b"),
    row("member.merge", "", "merge", msg("Merge members"),
       msg("Makes another member one with this one; a second person signs."), needs="member_merge",
       letter="j", bar=False),
    # Top-up in parts
    row("top_up.part", "", "part", msg("Pay a part"),
       msg("Takes a part by bank card, phone or a prepaid card of others; F2 or F4 pays the rest."),
       needs="top_up", letter="r"),
    row("top_up.part_off", "", "part_off", msg("Take a part off"),
       msg("Takes the last part off again; it goes back the way it came."), needs="top_up", letter="t"),
    row("top_up.gift", "", "gift", msg("Another gift"),
       msg("Chooses what comes on top, where more than one rule gives something."), needs="top_up",
       letter="g"),
    row("top_up.goods", "", "goods", msg("Without the goods"),
       msg("Tops up without the goods that come with it, or with them again."), needs="top_up", letter="w"),
    row("top_up.receipt", "", "receipt", msg("By receipt"),
       msg("Takes the receipt of a purchase that entitles to a gift."), needs="top_up", letter="s"),
    # Transfer
    row("transfer.enter", "enter", "", msg("Next"), msg("Reads the card; from the amount: moves it.")),
    row("transfer.post", "f2", "post", msg("Move it"), msg("Moves the amount to the second card."),
       writes=True),
    again("transfer", "f7"),
    # Settlement
    row("settlement.enter", "enter", "", msg("Read"), msg("Reads the card whose number is typed.")),
    row("settlement.cash", "f2", "cash", msg("Cash"), msg("Pays it back in cash, up to the law's limit."),
       writes=True),
    row("settlement.bank", "f4", "bank", msg("Bank account"),
       msg("Pays it back to a bank account; its name is compared with the owner's."), writes=True),
    again("settlement", "f7"),
    # Merge
    row("merge.post", "f2", "post", msg("Merge"), msg("Makes both members one."), writes=True),
    row("merge.find", "f7", "find", msg("Who goes?"), msg("Finds the member who goes.")),
    again("merge", "f8"),
    # Due
    row("due.enter", "enter", "", msg("Book it"), msg("Books the marked row.")),
    row("due.all", "f2", "all", msg("Book all"), msg("Books one after the other, until one is refused."),
       writes=True, letter="b"),
    refresh("due"),
    again("due", "f7"),
    # Rules
    row("value.add", "f2", "add", msg("New"), msg("Proposes a new rule."), writes=True, letter="n"),
    row("value.approve", "f3", "approve", msg("Approve"), msg("Approves what another person proposed."),
       writes=True),
    row("value.decline", "f4", "decline", msg("Decline"), msg("Declines a proposal."), writes=True),
    refresh("value"),
    row("value.change", "f7", "change", msg("Edit"),
       msg("Proposes another version of the marked rule; what it gave stays."), writes=True),
    row("value.end", "f6", "end", msg("End it"), msg("Ends a rule that runs; what it gave stays."),
       writes=True),
)  # fmt: skip
