"""From a code and its facts to a sentence: what happened, what stands, what to press.

Always true: every code that the door, the other calls or the counter itself can answer has a row here (a
house test reads docs, SQL and Python for them); facts are shown by what they are, money as money, outside
text as visible text; a code nobody knows is said to be unknown, by name, and never called a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.wording import Wording

SENTENCES: Final[Mapping[str, str]] = {
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
    # Members
    "text_missing": msg("{field} is missing. Nothing was changed. Type it."),
    "text_too_long": msg("{field} holds at most {count} characters. Nothing was changed. Shorten it."),
    "choice_unknown": msg("{field} is a number from 1 to {count}. Nothing was changed. Type it again."),
    "phone_format": msg(
        "That is no phone number: a mobile of 11 digits, a landline with its area code, or + and abroad."
    ),
    "id_no_format": msg("An ID number has 17 digits and a digit or X. Nothing was changed. Type it again."),
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
    # The seat
    "schema_newer": msg(
        "The database is at version {found}; this program knows version {known}. Update this program."
    ),
    "schema_old": msg(
        "The database is at version {found}; this program needs version {known}."
        " Let the owner run `huiyuan migrate` first."
    ),
    # Sending
    "busy": msg("The server is too busy. Nothing was booked. Wait a moment and try again."),
    "server_error": msg(
        "The server met an error ({sqlstate}). Nothing was booked. Call support and name it."
    ),
    "unreachable": msg("The server could not be reached. Nothing was booked. Try again."),
    "superseded": msg("A newer question took the place of this one. Nothing was booked."),
    "print_jobs_unwritable": msg(
        "The slip cannot be kept for printing (disk: {why}). What was booked stands. Free the disk, then F5."
    ),
    "parked": msg("It was refused earlier and waits for a decision. Nothing was booked. See the open items."),
    "in_transaction": msg("The database is set up wrongly for a counter. Nothing was booked. Call support."),
    "id_reused": msg(
        "This document was booked already with other content ({number}). Nothing new was booked."
        " Look it up under its receipt before going on."
    ),
    "number_used": msg(
        "Receipt number {number} is taken, the next one is {next}. Nothing was booked."
        " Go back (Esc) and pay again."
    ),
    "malformed": msg("A value was not understood ({section}). Nothing was booked. Check what you typed."),
    "unknown_shape": msg("This counter is older than the server. Nothing was booked. Update the counter."),
    "unknown_kind": msg("The server does not know this kind of document ({kind}). Nothing was booked."),
    "unknown_key": msg(
        "The server does not know {key} in {section}. Nothing was booked. Update the counter."
    ),
    "section_not_allowed": msg("This kind of document has no {section}. Nothing was booked."),
    "empty_document": msg("There is nothing in it ({section}). Nothing was booked. Add a line first."),
    "reason_missing": msg("A reason is needed. Nothing was booked. Type why."),
    "total_differs": msg("The server's total is {total}. Nothing was booked. Go back (Esc) and pay again."),
    "arithmetic": msg("Line {line} does not add up. Nothing was booked. Remove the line and scan it again."),
    "unbalanced": msg(
        "The tenders ({tendered}) do not pay the lines ({lines}). Nothing was booked."
        " Go back (Esc), pay again."
    ),
    "pair_not_allowed": msg(
        "The server allows no such booking ({demand}). Nothing was booked. Call support."
    ),
    # Taking back
    "wrong_origin": msg(
        "There is no such document here that can be taken back. Nothing was booked. Check the receipt number."
    ),
    "already_reversed": msg("It was taken back already. Nothing was booked."),
    "has_returns": msg("Goods of it were returned already. Nothing was booked. Void those returns first."),
    "returned_beyond_sold": msg("Of line {line} only {left_qty} are left to return. Nothing was booked."),
    "lot_spent": msg(
        "{missing} of it were spent meanwhile, so it cannot be voided. What was booked stands."
        " A manager can correct the card."
    ),
    # Shift
    "shift_missing": msg("No shift is open on this drawer. Nothing was booked. Open one first (home, F4)."),
    "shift_closed": msg(
        "This shift was closed meanwhile. Nothing was booked. Go home (Esc) and open a new one."
    ),
    "shift_already_open": msg("A shift is open on this drawer already. Nothing was booked. Go back (Esc)."),
    "unsettled": msg(
        "{count} documents of this shift have no answer yet. The shift stays open."
        " Home (Esc), open items (^O), send them again (F5)."
    ),
    # Goods and prices
    "unknown_product": msg("Nothing is sold here under {product}. The basket is as it was. Check the code."),
    "no_price": msg("{product} has no price here. The basket is as it was. Ask the manager for one."),
    "price_changed": msg(
        "The price of line {line} is {now} now. Nothing was booked. F5 takes the new price."
    ),
    "fraction_refused": msg(
        "{product} is sold by the piece: no part of one. Nothing was booked. Set a whole quantity (F3)."
    ),
    "open_price_refused": msg(
        "Line {line} has a typed price, and no member or promotion price goes with it. Nothing was booked."
        " Go back (Esc) and type the price anew."
    ),
    "adjustment_refused": msg(
        "The discount on line {line} is not covered; at most {most} is. Nothing was booked. Go back (Esc)."
    ),
    "tax_wrong": msg("The tax {code} does not match its base. Nothing was booked. Call support."),
    "price_needed": msg("{product} has no price of its own. The basket is as it was. Type its price (F6)."),
    "no_wallet": msg(
        "{name} has no card yet, so nothing can be earned. The basket is as it was. Issue a card (home, F5)."
    ),
    "too_many_lines": msg(
        "A basket holds at most {count} lines. The basket is as it was. Pay this one first."
    ),
    # Paying
    "tender_not_allowed": msg(
        "{tender} is not taken for this. Nothing was booked. Choose another tender (F8)."
    ),
    "reference_missing": msg("{tender} needs the reference of its slip. Nothing was booked. Type it."),
    "given_too_little": msg("{given} is less than {amount}. Nothing was booked. Type what was handed over."),
    "nothing_due": msg("Nothing is left to pay. Enter completes it; F8 takes the last tender back."),
    "redeem_refused": msg(
        "Points pay at most {most} of this sale. Nothing was booked. Take the points off (F8) and pay anew."
    ),
    "grant_refused": msg(
        "The rule gives at most {most} ({grant}). Nothing was booked. Go back (Esc) and try again."
    ),
    "fee_wrong": msg("The fee is {due} now. Nothing was booked. Go back (Esc) and begin again."),
    # Cards
    "card_not_presented": msg(
        "The card of this wallet was not presented. Nothing was booked. Present the card."
    ),
    "card_not_active": msg(
        "The card is {state}. Nothing was booked. Choose another tender, or see to the card."
    ),
    "pin_needed": msg("Above {floor} the card's PIN is needed. Nothing was booked. Enter asks for it."),
    "pin_wrong": msg(
        "The card's PIN is wrong, {tries_left} tries are left. Nothing was booked. Enter asks again."
    ),
    "pin_not_set": msg(
        "The card has no PIN, and one is needed here. Nothing was booked."
        " Set one (home, F6), or choose another tender (F8)."
    ),
    "pin_locked": msg(
        "The card's PIN is locked for {minutes} more minutes. Nothing was booked. Choose another tender (F8)."
    ),
    "insufficient": msg(
        "Balance too low: {short} are missing. Nothing was booked. Pay the rest in cash, or top up first."
    ),
    "balance_cap": msg(
        "This card may hold at most {cap}; it would hold {would_be}. Nothing was booked."
        " Take a smaller amount."
    ),
    "unknown_wallet": msg("This card opens no wallet. Nothing was booked. Present another card."),
    "unknown_card": msg(
        "Nobody knows this card. Nothing was booked. Check the number, or issue the card first."
    ),
    "card_state": msg("The card is {state}, so this cannot be done with it. Nothing was booked."),
    # This counter
    "journal_unwritable": msg(
        "This counter cannot write its journal (disk full or read-only), so it does not sell."
        " Nothing was sent. Make room on the disk, then try again."
    ),
    "journal_taken": msg(
        "Another program holds this seat's journal. Nothing was sent. End that program first."
    ),
    "read_only": msg("No seat was free, so this window only reads. Nothing was sent. Use the other window."),
    "no_seat": msg("No seat of this machine is free. Nothing was sent. End the other program first."),
    "key_missing": msg(
        "The key that finds cards is missing on this machine. Nothing was sent. Call support."
    ),
    "key_damaged": msg(
        "The key that finds cards is damaged on this machine. Nothing was sent. Call support."
    ),
    "key_open_to_others": msg(
        "Other accounts of this machine can read its key, so it is not used. Nothing was sent. Call support."
    ),
    "not_ascii_digits": msg(
        "That is not a number: digits 0-9 and one point. Nothing was changed. Type it again."
    ),
    "too_precise": msg("At most {digits} digits after the point. Nothing was changed. Type it again."),
    "out_of_range": msg("That number is zero or too large. Nothing was changed. Type it again."),
}
"""Code -> English message id with named facts; both catalogues hold it."""

UNKNOWN_CODE: Final = msg("The server said no: {code}. Nothing was booked. Call support and name this word.")
POINTS_SHORT: Final = msg("Not enough points: {count} are missing. Nothing was booked.")
PRICE_TYPED: Final = msg(
    "The price of line {line}, {amount}, is further from the list than you may go. Nothing is booked yet."
    " A second person has to approve it here."
)

MONEY: Final = frozenset(
    {"amount", "limit", "cap", "would_be", "floor", "now", "due", "lines", "tendered", "given", "total",
     "missing", "most", "balance", "wanted", "short"}
)  # fmt: skip


def sentence(say: Wording, refused: Refused) -> str:
    """The refusal as a person at the counter reads it."""
    facts = refused.facts
    if refused.code == "insufficient" and facts.get("account") == "points":
        return say(POINTS_SHORT, count=_short(facts))
    text = SENTENCES.get(refused.code)
    if refused.code == "approval_needed" and facts.get("permission") == "open_price":
        text = PRICE_TYPED
    if text is None:
        return say(UNKNOWN_CODE, code=visible(refused.code))
    return say.tr(text).format_map(_Shown(_facts(say, refused.code, facts)))


class _Shown(dict[str, str]):
    """A fact that did not come is a question mark, not a crash."""

    def __missing__(self, key: str) -> str:
        return "?"


def _short(facts: Mapping[str, Any]) -> int:
    wanted, balance = facts.get("wanted"), facts.get("balance")
    return max(0, wanted - balance) if isinstance(wanted, int) and isinstance(balance, int) else 0


def _facts(say: Wording, code: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """Each fact as text by what it is."""
    special: dict[str, Callable[[Any], str]] = {
        "permission": lambda value: say.permission(str(value)),
        "tender": lambda value: say.tender(str(value)),
        "state": lambda value: say.state(str(value)),
        "kind": lambda value: say.kind(str(value)),
        "field": lambda value: say.field(str(value)),
        "fields": lambda value: ", ".join(say.field(str(each)) for each in value),
    }
    shown: dict[str, str] = {}
    for name, value in facts.items():
        points = name == "most" and facts.get("grant") == "points"
        if name in special:
            shown[name] = visible(special[name](value))
        elif name in MONEY and isinstance(value, int) and not points:
            shown[name] = say.money(value)
        else:
            shown[name] = visible(str(value))
    if code == "insufficient":
        shown["short"] = say.money(_short(facts))
    if isinstance(facts.get("left"), int):
        shown["left_qty"] = say.quantity(facts["left"])
    shown.setdefault(
        "count", shown.get("most", "?") if code != "too_many_lines" else str(facts.get("most", "?"))
    )
    return shown
