"""Words of the card desk: kinds of moves, what they are called on the list, papers, states of memberships."""

from __future__ import annotations

from typing import Final

from huiyuan.config.i18n import msg

LIFE_KINDS: Final = {
    "card_lost": msg("Report lost"),
    "card_found": msg("Cancel the loss report"),
    "card_freeze": msg("Freeze the card"),
    "card_unfreeze": msg("Unfreeze the card"),
    "card_replacement": msg("Replace the card"),
    "card_renewal": msg("Renew the card"),
    "card_expiry": msg("Write down as expired"),
    "card_type_change": msg("Change the card type"),
    "card_pin_reset": msg("Reset the card's PIN"),
    "card_pin_unlock": msg("Unlock the card's PIN"),
    "card_cancellation": msg("Cancel the card"),
    "card_restore": msg("Restore the card"),
    "member_freeze": msg("Freeze the membership"),
    "member_unfreeze": msg("Unfreeze the membership"),
    "member_cancellation": msg("Cancel the membership"),
    "member_restore": msg("Restore the membership"),
    "card_application": msg("Apply for a card"),
    "card_approval": msg("Approve the application"),
    "card_rejection": msg("Reject the application"),
    "card_withdrawal": msg("Withdraw the application"),
    "annual_fee": msg("Annual fee"),
}
MEMBER_STATES: Final = {
    "active": msg("active"),
    "frozen": msg("frozen"),
    "cancelled": msg("cancelled"),
}
APPLICATION_STATES: Final = {
    "applied": msg("waits for a decision"),
    "approved": msg("approved"),
    "rejected": msg("rejected"),
    "withdrawn": msg("withdrawn"),
    "issued": msg("card issued"),
}
PAPER_WORDS: Final = {
    "id_card": msg("ID card"),
    "passport": msg("passport"),
    "residence_permit": msg("residence permit"),
    "driving_licence": msg("driving licence"),
    "business_licence": msg("business licence"),
}
FEE_WORDS: Final = {
    "joining": msg("Joining fee"),
    "annual": msg("Annual fee"),
    "supplementary": msg("Annual fee, supplementary"),
    "replacement": msg("Replacement fee"),
    "renewal": msg("Renewal fee"),
    "card": msg("Card fee"),
}
LIFE_PERMISSIONS: Final = {
    "card_lost": msg("report cards lost"),
    "card_freeze": msg("freeze cards"),
    "card_unfreeze": msg("unfreeze cards"),
    "card_replace": msg("replace cards"),
    "card_renew": msg("renew cards"),
    "card_fee": msg("take annual fees"),
    "card_apply": msg("take applications for cards"),
    "card_review": msg("decide about applications"),
    "card_type": msg("change card types"),
    "card_pin_reset": msg("reset and unlock card PINs"),
    "card_cancel": msg("cancel cards"),
    "card_restore": msg("restore cards"),
    "member_state": msg("freeze and cancel memberships"),
}
