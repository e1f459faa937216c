"""Value that moves between wallets or out: why a transfer, a merge or paying back was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

MOVING_VALUE: Final[Mapping[str, str]] = {
    "transfer_refused": msg(
        "Value cannot move between these cards. Nothing was booked. Present other cards."
    ),
    "merge_refused": msg("These two members cannot be merged. Nothing was booked. Check both members."),
    "settlement_refused": msg(
        "This card cannot be paid back so. Nothing was booked. Go back (Esc), begin anew."
    ),
    "wallet_merged": msg(
        "This account was merged into another one. Nothing was booked. Present the"
        " card or find the member anew."
    ),
    "payee_differs": msg(
        "The bank account is not in the name of the card's owner. Nothing was booked."
        " Ask for an account of the same name."
    ),
}

MOVING_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "transfer_refused": {
        "amount": msg("A transfer is above zero. Nothing was booked. Type the amount."),
        "same": msg("Both cards open the same account. Nothing was booked. Present another card."),
        "wallet": msg("One of the accounts is not known. Nothing was booked. Present both cards again."),
        "merged": msg(
            "One of the accounts was merged into another. Nothing was booked. Present both cards again."
        ),
        "bearer": msg(
            "Value of a member does not go to a bearer card. Nothing was booked. Present a registered card."
        ),
        "no_card": msg(
            "The card that is to get the value is not active. Nothing was booked. Activate it first."
        ),
    },
    "merge_refused": {
        "same": msg("That is one and the same member. Nothing was booked. Choose the other one."),
        "unknown": msg("One of the members is not known any more. Nothing was booked. Find both again."),
        "archived": msg(
            "One of the members is archived or merged already. Nothing was booked. Choose another."
        ),
        "kind": msg("A person and a company are not merged. Nothing was booked."),
        "account": msg(
            "The member who goes still owes or has paid ahead: {amount}. Nothing was"
            " booked. Settle that first."
        ),
        "moved": msg(
            "What this merge brought together was moved on since. Nothing was booked."
            " Undo the later step first."
        ),
    },
    "settlement_refused": {
        "nothing": msg("Nothing is left on this card. Nothing was booked."),
        "amount": msg(
            "The card holds something else by now: {amount}. Nothing was booked. Go back (Esc), begin anew."
        ),
        "rule": msg(
            "Another rule about paying back holds by now. Nothing was booked. Go back (Esc), begin anew."
        ),
        "cash": msg("At most {most} are paid back in cash. Nothing was booked. Take the bank account (F4)."),
        "payee": msg(
            "The name of the bank account was not compared. Nothing was booked. Type the name (F4)."
        ),
        "nameless": msg(
            "Nobody's name stands behind this card. Nothing is booked yet. A second"
            " person has to approve it here."
        ),
        "merged": msg("This account was merged into another one. Nothing was booked. Present the card anew."),
        "account": msg(
            "Something else is open on this card: {amount}. Nothing was booked. Settle"
            " deposits and debts first."
        ),
    },
}
"""What a rule or the state of the accounts stands against, by code and `why`."""
