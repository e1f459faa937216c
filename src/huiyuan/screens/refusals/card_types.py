"""Card types, limits of a card, passes: why the door did not take it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

CARD_TYPES: Final[Mapping[str, str]] = {
    "card_function": msg("A card of this type cannot do that. Nothing was booked. Present another card."),
    "card_limit": msg("This card may spend {most} here. Nothing was booked. Pay the rest another way (F8)."),
    "card_type_refused": msg("A card of this type is not given out like this. Nothing was booked."),
    "case_refused": msg("This case cannot be changed like this. Nothing was written."),
    "custody_refused": msg("These blank cards are not here. Nothing was booked."),
    "pass_refused": msg("This pass does not hold here. Nothing was booked."),
}

CARD_TYPE_WHY: Final[Mapping[str, Mapping[str, str]]] = {
    "card_limit": {
        "sale": msg(
            "This card may spend {most} in one sale. Nothing was booked. Pay the rest otherwise (F8)."
        ),
        "day": msg("This card may spend {most} more today. Nothing was booked. Pay the rest otherwise (F8)."),
        "goods": msg(
            "This card pays only for certain goods, here {most}. Nothing was booked."
            " Pay the rest otherwise (F8)."
        ),
        "moved": msg(
            "This card may give {most} away. Nothing was booked. Take less, or the main card of the wallet."
        ),
    },
    "approval_needed": {
        "wallet": msg(
            "The card draws on the wallet of {name}. Nothing is booked yet."
            " A second person has to approve it here."
        ),
    },
    "card_type_refused": {
        "holder": msg("An anonymous card has no holder. Nothing was booked. Issue it without a member."),
        "no_holder": msg("A card of this type needs a holder. Nothing was booked. Attach the member first."),
        "main": msg(
            "A supplementary card draws on an active main card. Nothing was booked."
            " Issue it there: the main member's page, ^Y l, F4."
        ),
        "group": msg("This wallet belongs to no group. Nothing was booked. Choose a card of the group."),
        "ended": msg("No more cards of this type are given out. Nothing was booked. Take another type."),
    },
    "case_refused": {
        "closed": msg("This case is closed. Nothing was written. Open a new one (F2)."),
        "check": msg("Who it is was not verified yet. Nothing was written. Press F3 first."),
        "act": msg("Nothing was done with the card since. Freeze, replace or cancel it first (F4)."),
    },
    "custody_refused": {
        "range": msg(
            "These are no numbers of cards. Nothing was booked. Type the first and the last one,"
            " equally long: 88000101 88000200."
        ),
        "unit": msg("Choose another store that gets them. Nothing was booked."),
        "count": msg("There are {pieces} such cards here. Nothing was booked. Count again."),
        "elsewhere": msg(
            "Card {number} lies elsewhere or is on its way. Nothing was booked. Receive it first."
        ),
    },
    "pass_refused": {
        "price": msg("The passes cost {most}. Nothing was booked. Go back (Esc) and press F5."),
        "whole": msg("Only whole passes are sold. Nothing was booked."),
        "not_sold": msg("This pass is not sold here now. Nothing was booked. Go back (Esc) and press F5."),
        "unknown": msg("Nobody knows this pass. Nothing was booked."),
        "count": msg("Type between 1 and 1000 uses. Nothing was booked."),
        "store": msg("This pass does not hold in this store. Nothing was booked."),
        "ended": msg("This pass has ended. Nothing was booked. Sell a new one (F3)."),
        "day": msg("This pass may be used {uses} times a day, and was. Nothing was booked."),
    },
    "rule_unclear": {
        "type_parts": msg("A card type needs a code, whom it is for and a function. Nothing was proposed."),
        "bearer_functions": msg(
            "Nobody is known who holds it: no discount, no credit. Nothing was proposed."
        ),
        "credit_parts": msg(
            "Credit terms need the function credit, and days until due. Nothing was proposed."
        ),
        "type_taken": msg("Another type has this code, or the type has another. Nothing was proposed."),
        "type_registered": msg(
            "This type's cards are of the other sort, with or without a name. Nothing was proposed."
        ),
        "type_cap": msg("That is more than the law lets such a card hold. Nothing was proposed."),
        "pass_parts": msg(
            "A pass has a number of uses, or lasts so many days. Nothing was proposed. Type one."
        ),
        "pass_price": msg("A pass needs a price, or the top-up that brings it. Nothing was proposed."),
        "pass_kind": msg("What was sold by uses stays so. Nothing was proposed. Make another pass."),
    },
}
"""Code -> why -> the sentence that says more than the code's own."""
NO_USES: Final = msg("Not enough uses are left: {uses_left}. Nothing was booked. Sell a new pass (F3).")
