"""This counter: seat, journal, keys, numbers typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

COUNTER: Final[Mapping[str, str]] = {
    "seller_unclear": msg("Type staff numbers like this: {example}. Nothing was changed."),
    "seller_unknown": msg("Nobody with the number {number} sells here. Nothing was changed. Type another."),
    "seller_shares": msg("The shares of a line are at most 100% together. Nothing was changed."),
    "setting_unclear": msg("That cannot be read. Nothing was changed. Type it like this: {example}"),
    # The seat
    "schema_newer": msg(
        "The database is at version {found}; this program knows version {known}. Update this program."
    ),
    "schema_old": msg(
        "The database is at version {found}; this program needs version {known}."
        " Let the owner run `huiyuan migrate` first."
    ),
    # This counter
    "not_started": msg("The counter could not be started. {sentence}"),
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
