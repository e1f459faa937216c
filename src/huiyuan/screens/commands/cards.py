"""Card operations: issue, activation, top-up, the card itself."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.commands.row import Command, again, row

CARDS: Final[tuple[Command, ...]] = (
    # Top-up
    row("top_up.enter", "enter", "", msg("Next"),
       msg("Goes to the next field; from the amount: takes cash.")),
    row("top_up.cash", "f2", "cash", msg("Cash"), msg("Takes the amount in cash."), writes=True),
    row("top_up.bank", "f4", "bank", msg("Bank card"),
       msg("Takes the amount by bank card and asks for the slip's reference."), writes=True),
    row("top_up.card", "f9", "card", msg("Card"),
       msg("State, balance and movements of a card; issue, activate, top up."), needs="sale", letter="d"),
    row("top_up.deposit", "f6", "deposit", msg("Deposit"),
       msg("Takes money ahead for goods to come; it pays a later sale of this card."), needs="sale",
       letter="p"),
    row("top_up.deposit_back", "f8", "deposit_back", msg("Give back"),
       msg("Gives a deposit, or a part of it, back in cash; a second person approves it."),
       needs="advance_back", letter="k"),
    row("top_up.debt", "f7", "debt", msg("Debt"),
       msg("Takes the payment of what was bought on account."), needs="sale", letter="e"),
    row("top_up.limit", "f3", "limit", msg("Limit"),
       msg("Says how much this member may owe."), needs="credit", writes=True),
    row("top_up.buyer", "", "buyer", msg("Buyer"),
       msg("Says which member buys, where it is not whoever the card belongs to."), needs="members",
       letter="y"),
    again("top_up", "f5"),
    # Card issue
    row("issue.enter", "enter", "", msg("Next"),
       msg("Finds the card, then the holder; once more takes the fee in cash.")),
    row("issue.cash", "f2", "cash", msg("Issue, cash"),
       msg("Issues the card; the fee is paid in cash."), writes=True),
    row("issue.bank", "f4", "bank", msg("Issue, bank card"),
       msg("Issues the card; the fee is paid by bank card."), writes=True),
    row("issue.waive", "f6", "waive", msg("Waive the fee"),
       msg("A second person signs; the fee is not taken."),
       writes=True, letter="v"),
    row("issue.write", "", "write", msg("Write the card"),
       msg("Writes the blank card's number onto the card that lies on the reader, and reads it back."),
       writes=True),
    again("issue", "f7"),
    # Activation
    row("activate.enter", "enter", "", msg("Next"), msg("Finds the card, and then activates it.")),
    row("activate.post", "f2", "post", msg("Activate"), msg("Makes the card usable."), writes=True),
    row("activate.pin", "f3", "set_pin", msg("Set PIN"),
       msg("The customer chooses the PIN of this card, or another one by typing the old one."),
       needs="card_pin", writes=True),
    row("activate.card", "f9", "card", msg("Card"),
       msg("State, balance and movements of a card; issue, activate, top up."), needs="sale"),
    again("activate", "f7"),
    # Card
    row("card.enter", "enter", "", msg("Read"), msg("Reads the card whose number is typed.")),
    row("card.issue", "f2", "issue", msg("Issue a card"), msg("Hands this blank card to somebody."),
       needs="card_issue"),
    row("card.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on this card."), needs="top_up"),
    row("card.activate", "f4", "activate", msg("Activate, PIN"),
       msg("Makes the card usable, sets its PIN."), needs="card_activate"),
    row("card.holder", "f7", "holder", msg("Member"), msg("Opens the holder's page."), needs="members"),
    row("card.passes", "", "passes", msg("Passes"),
       msg("Uses or sells passes of this card."), needs="sale", letter="p"),
    row("card.types", "f8", "types", msg("Card types"), msg("The kinds of cards there are."), letter="y"),
)  # fmt: skip
