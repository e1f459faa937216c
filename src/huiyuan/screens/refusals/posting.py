"""Sending a document and taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

POSTING: Final[Mapping[str, str]] = {
    "seller_wrong": msg(
        "Whoever served line {line} does not sell here any more. Nothing was booked. Name somebody else"
        " (Esc, ^Y s)."
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
    "setting_unwritable": msg(
        "It cannot be kept on this counter's disk ({why}). Nothing was changed."
        " Free the disk, or call support."
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
    "reason_missing": msg("A reason of two characters or more is needed. Nothing was booked. Type why."),
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
        "There is no such document here that can be taken back. Nothing was booked."
        " Check the receipt number; a top-up is voided at home (F8)."
    ),
    "already_reversed": msg("It was taken back already. Nothing was booked."),
    "has_returns": msg("Goods of it were returned already. Nothing was booked. Void those returns first."),
    "returned_beyond_sold": msg("Of line {line} only {left_qty} are left to return. Nothing was booked."),
    "lot_spent": msg(
        "{missing} of it were spent meanwhile, so it cannot be voided. What was booked stands."
        " A manager can correct the card."
    ),
}
