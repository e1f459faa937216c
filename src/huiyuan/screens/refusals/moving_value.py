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
    "membership_rests": msg(
        "The membership of {name} is {state}, so this cannot be done. Nothing was booked."
        " Make it active on the member's page first (^Y k)."
    ),
    "outlet_refused": msg(
        "{store} puts no money onto cards and sells no passes. Nothing was booked."
        " Send the customer to an outlet."
    ),
    "recharge_refused": msg(
        "The recharge rule does not give that. Nothing was booked. Go back (Esc), begin anew."
    ),
    "gift_refused": msg(
        "The recharge rule does not give that. Nothing was booked. Go back (Esc), begin anew."
    ),
    "release_refused": msg("That is not due. Nothing was booked. Read the list again (F5)."),
    "part_too_much": msg("A part is less than the {amount} that are due. Take it as a whole (F2, F4)."),
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
    "lot_spent": {
        "released": msg(
            "{missing} of what was promised with it are booked already, so it cannot be voided."
            " What was booked stands. A manager can correct the card."
        ),
    },
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
    "recharge_refused": {
        "one": msg("One rule gives the bonus of a top-up. Nothing was booked. Go back (Esc), begin anew."),
        "card_type": msg(
            "That recharge rule is for other cards. Nothing was booked. Go back (Esc), begin anew."
        ),
        "coupons": msg("The rule gives {count} coupons of this kind at most. Nothing was booked."),
    },
    "gift_refused": {
        "one": msg("One rule gives the bonus of a top-up. Nothing was booked. Go back (Esc), begin anew."),
        "stock": msg(
            "{product}: {left_qty} left, too few for the gift. Nothing was booked. Go on without it (^Y w)"
            " or receive goods first (home, F9)."
        ),
        "receipt": msg("That gift takes the receipt of a purchase (^Y s). Nothing was booked."),
        "unknown": msg("There is no such sale. Nothing was booked. Read the receipt again (^Y s)."),
        "day": msg(
            "The receipt is older than the rule allows. Nothing was booked. Take another one (^Y s), or none."
        ),
        "holder": msg(
            "That purchase is another member's. Nothing was booked. Take another receipt (^Y s), or none."
        ),
        "product": msg(
            "Nothing that the rule asks for was bought there, or it came back. Nothing was booked."
            " Take another receipt (^Y s), or none."
        ),
        "used": msg(
            "That receipt was used already, by the top-up {by}. Nothing was booked. Take another one (^Y s)."
        ),
        "unneeded": msg("No receipt is needed here. Nothing was booked. Go back (Esc), begin anew."),
    },
    "release_refused": {
        "early": msg("That part is not due yet. Nothing was booked."),
        "released": msg("That was booked already. Nothing was booked twice. Read the list again (F5)."),
        "ended": msg(
            "The top-up was undone or paid back, and its promise ended with it. Nothing was booked."
        ),
    },
    "rule_unclear": {
        "value_fee": msg("A fee has an amount and is asked for something. Nothing was proposed."),
        "value_steps": msg("Each step names an amount and what it gives, once. Nothing was proposed."),
        "value_months": msg(
            "A bonus comes in at most 60 months, 104 weeks or 366 days. Nothing was proposed."
        ),
        "value_goods": msg(
            "A gift is goods from stock that everybody may have, each once. Nothing was proposed."
        ),
        "value_bought": msg(
            "Goods to be bought are named once each, for 1 to 366 days. Nothing was proposed."
        ),
        "value_policy": msg(
            "Say which is spent first: principal, bonus, or both pro rata. Nothing was proposed."
        ),
        "value_cash": msg("The law lets at most 100.00 go out in cash. Nothing was proposed."),
        "value_rate": msg("Cash back lies between 0.01 % and 50 %. Nothing was proposed."),
        "value_card_types": msg("One of the card types is not known. Nothing was proposed."),
        "value_coupons": msg("One of the coupon series is not known. Nothing was proposed."),
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
