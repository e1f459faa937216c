"""The card desk: lives of cards and memberships, fees that are due."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, menu, refresh, row

CARD_LIFE: Final[tuple[Command, ...]] = (
    menu("home.life", "", "life", msg("Card desk"),
       msg("Lost, replaced, renewed, cancelled; who did what."),
       needs="sale", letter="y"),
    row("card.life", "f6", "life", msg("Card desk"),
       msg("Lost, replaced, renewed, cancelled; who did what."),
       needs="sale", letter="d"),
    row("member.membership", "", "membership", msg("Membership"),
       msg("Freezes, cancels, restores the membership; applications for cards."), needs="members",
       letter="k", bar=False),
    # Card desk
    row("life.enter", "enter", "", msg("Open"), msg("Reads the card; on a move: opens its form.")),
    row("life.issue", "f2", "issue", msg("Issue a card"), msg("Hands this blank card to somebody."),
       needs="card_issue"),
    row("life.card", "f3", "card", msg("Card"),
       msg("State, balance and movements of a card; issue, activate, top up."),
       needs="sale"),
    row("life.fees", "f8", "fees", msg("Fees due"),
       msg("Annual fees that are due, one key to charge one; cards past their last day."), needs="card_fee"),
    row("life.holder", "f7", "holder", msg("Member"), msg("Opens the holder's page."), needs="members"),
    # One move
    row("move.enter", "enter", "", msg("Next"), msg("Goes to the next field; from the last one it does it.")),
    row("move.post", "f2", "post", msg("Do it"), msg("Books the move; a fee is paid in cash."), writes=True),
    row("move.bank", "f4", "bank", msg("Bank card"), msg("Books the move; the fee is paid by bank card."),
       writes=True),
    row("move.waive", "f6", "waive", msg("Waive the fee"),
       msg("A second person signs; the fee is not taken."),
       writes=True),
    again("move", "f7"),
    # Membership
    row("membership.enter", "enter", "", msg("Open"),
       msg("Opens the form of the marked move; Tab changes the list.")),
    row("membership.apply", "f2", "apply", msg("Apply"), msg("Takes an application for a card."),
       needs="card_apply", writes=True),
    row("membership.approve", "f4", "approve", msg("Approve"), msg("The card applied for may be issued."),
       needs="card_review", writes=True, letter="v"),
    row("membership.reject", "f6", "reject", msg("Reject"),
       msg("The card applied for is not issued; with a reason."),
       needs="card_review", writes=True),
    row("membership.withdraw", "f8", "withdraw", msg("Withdraw"),
       msg("The member wants the card no more; with a reason."),
       needs="card_apply", writes=True),
    again("membership", "f7", letter="g"),
    # Fees due
    row("fees.cash", "f2", "cash", msg("Cash"), msg("Charges the marked fee in cash."), writes=True),
    row("fees.debts", "f3", "debts", msg("Debts due"),
       msg("Who owes on account: until when, how much at least, what is overdue."), needs="card_fee"),
    row("fees.bank", "f4", "bank", msg("Bank card"),
       msg("Charges the marked fee by bank card."), writes=True),
    refresh("fees"),
    row("fees.waive", "f6", "waive", msg("Waive the fee"),
       msg("A second person signs; the fee is not taken."),
       writes=True),
    row("fees.expire", "f7", "expire", msg("Expire cards"),
       msg("Writes down the cards past their last day as expired."), needs="card_activate", writes=True),
    again("fees", "f8", letter="g"),
    # Debts due
    row("debts.enter", "enter", "", msg("Open"), msg("Opens the card of the marked debt.")),
    row("debts.overdue", "f2", "overdue", msg("Overdue"), msg("Only the overdue debts, or all of them.")),
    refresh("debts"),
)  # fmt: skip
