"""Members' records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

MEMBERS: Final[Mapping[str, str]] = {
    # Members
    "text_missing": msg("{field} is missing. Nothing was changed. Type it."),
    "text_too_long": msg("{field} holds at most {count} characters. Nothing was changed. Shorten it."),
    "choice_unknown": msg("{field} is a number from 1 to {count}. Nothing was changed. Type it again."),
    "phone_format": msg(
        "That is no phone number: a mobile of 11 digits, a landline with its area code, or + and abroad."
    ),
    "id_no_format": msg(
        "An ID number has 17 digits and a digit or X. Nothing was changed. Type it again;"
        " a company's is taken once company is chosen."
    ),
    "company_no_format": msg(
        "A company's number has 18 letters and digits, as its licence shows. Nothing was changed."
        " Type it again."
    ),
    "company_no_check": msg(
        "A character of this company's number is wrong. Nothing was changed. Compare it with the licence."
    ),
    "id_no_check": msg("A digit of this ID number is wrong. Nothing was changed. Compare it with the card."),
    "id_no_date": msg("The date of birth in this ID number does not exist. Nothing was changed."),
    "birthday_format": msg(
        "Type a birthday as 1990-02-28; lunar as L1990-8-15 or L8-15, in a leap month L2020-R4-1."
    ),
    "birthday_impossible": msg("There is no such day in that calendar. Nothing was changed. Type it again."),
    "birthday_ahead": msg("This birthday lies ahead. Nothing was changed. Type it again."),
    "birthday_too_old": msg("This birthday is before {year}. Nothing was changed. Type it again."),
    "same_id": msg("{name} ({number}) has an account with this ID number already; there is no second one."),
    "same_phone": msg("{name} ({number}) has this phone already. Nothing was changed yet."),
    "identity_check": msg("Name, phone and ID number change only after the person was checked ({fields})."),
    "unknown_account": msg("There is no such account of a member. Nothing was changed."),
    "unknown_note": msg("This note is gone already. Read the page again (F5)."),
    "reveal_limit": msg("{count} values were shown in full within an hour. Wait {minutes} minutes."),
    "reveal_lost": msg("The question was lost on the way. Nothing was shown. Ask again."),
    "nothing_sealed": msg("There is nothing on record to show."),
    "seal_broken": msg(
        "This value cannot be opened with the key of this counter, or it was tampered with. Call support."
    ),
    "data_key_missing": msg(
        "This counter has no key for phone and ID numbers. Nothing was changed. Leave them out, or"
        " call support."
    ),
    "data_key_damaged": msg(
        "The key for phone and ID numbers is damaged on this counter. Nothing was changed. Call support."
    ),
    # Slips as messages
    "message_refused": msg(
        "A slip goes as a message to a member only. Nothing was booked."
        " Attach the member, or choose paper (^Y l)."
    ),
    "outbox_moved": msg("That slip stands otherwise by now. Nothing was changed. Read the list again (F5)."),
}
