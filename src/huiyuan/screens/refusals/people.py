"""Who asks, second persons, staff, seats and master data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

PIN_SPENT: Final = msg(
    "Staff number or PIN is wrong once too often; this number is locked now. Another person may sign in."
)

PEOPLE: Final[Mapping[str, str]] = {
    # Who asks
    "unknown_terminal": msg(
        "This seat is not enrolled, or it was blocked. Nothing was booked. Ask the manager to enrol it."
    ),
    "not_signed_in": msg("You are no longer signed in. Nothing was booked. Go back (Esc) and sign in again."),
    "wrong_session": msg(
        "The person who rang this up signed in elsewhere or too long ago. Nothing was booked."
        " Sign out, sign in and ring it up anew."
    ),
    "not_permitted": msg(
        "You may not {permission}. Nothing was booked. Somebody who may has to do it or approve it."
    ),
    "approval_needed": msg(
        "{amount} is above your limit of {limit} ({permission}). Nothing is booked yet."
        " A second person has to approve it here."
    ),
    "wrong_pin": msg("Staff number or PIN is wrong. {tries_left} tries are left. Type the PIN again."),
    "locked": msg(
        "Too many wrong PINs. Sign-in is locked for {minutes} more minutes. Another person may sign in."
    ),
    "wrong_store": msg("You do not work in this store. Nothing was changed. Ask the manager."),
    "store_out_of_reach": msg(
        "Store {store} is not among those you may see, or there is none. What is shown was read before."
    ),
    "export_failed": msg(
        "The file {path} could not be written ({why}). Nothing is half written; the report stands here."
    ),
    "staff_blocked": msg(
        "This person may not work any more. Nothing was booked. Somebody else has to do it."
    ),
    "unknown_attempt": msg("The try to sign in was lost. Nothing was changed. Type number and PIN again."),
    "pin_format": msg("A PIN is {least} to {most} digits. Nothing was changed. Type it again."),
    "pin_too_simple": msg("This PIN is too easy to guess. Nothing was changed. Choose another."),
    # A second person
    "own_proposal": msg("You cannot approve what you proposed yourself. A second person has to sign."),
    "unknown_proposal": msg("This proposal is not there any more. Nothing was booked. Begin again."),
    "proposal_closed": msg("This proposal was answered already ({state}). Nothing was booked. Begin again."),
    "too_many_open": msg(
        "{most} proposals are open already. Nothing was booked. Have some of them answered first."
    ),
    "withdrawn": msg("The proposal was given up. Nothing was booked."),
    # Staff, seats and master data
    "unknown_staff": msg("Nobody here has this staff number. Nothing was changed. Check the number."),
    "number_taken": msg("This staff number is taken. Nothing was changed. Choose another number."),
    "unknown_duty": msg("There is no duty {duty}. Nothing was changed. Choose one of the list."),
    "above_own_duty": msg("You cannot hand out more than you hold ({permission}). Nothing was changed."),
    "own_account": msg("You cannot do this to yourself. Nothing was changed. Another manager has to."),
    "own_terminal": msg("You cannot block the seat you sit at. Nothing was changed. Use another one."),
    "unknown_unit": msg("There is no store {unit} within your reach. Nothing was changed. Check its code."),
    "unknown_drawer": msg("There is no drawer {drawer} in this store. Nothing was changed."),
    "role_taken": msg("The login {role} exists already. Nothing was changed. Choose another name."),
    "seat_taken": msg("Seat {code} exists already. Nothing was changed. Choose another code."),
    "unknown_role": msg("There is no seat with the login {role}. Nothing was changed."),
    "unknown_member": msg("There is no such member. Nothing was changed. Check the number."),
    "unclean_text": msg(
        "{field} holds characters that cannot be seen or steer a printer. Nothing was changed. Type it anew."
    ),
    "stale": msg("Somebody changed it meanwhile. Nothing was changed. Read it again (F5)."),
    "already_used": msg("{value} is used already. Nothing was changed. Choose another."),
    "check_digit": msg(
        "{code} is no EAN-13: its last digit should be {due}. Nothing was changed. Type or scan it again."
    ),
}
