"""Errors of the command line as sentences: what happened, what stands, what to do.

Rooms below speak codes and facts; here they become Chinese or English. What no row knows is named by its
kind only, because an unexpected error may carry a secret; the log has the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.config.logs import redact
from huiyuan.domain.model.errors import Refused
from huiyuan.tui.context import CommandContext, CommandRefused

SENTENCES: Final[Mapping[str, str]] = {
    # The embedded server.
    "no_binaries": msg(
        "No PostgreSQL 15 or newer was found on this machine (found: {found})."
        " Run `make env`, or name the folder of its programs in PG_BINDIR."
    ),
    "other_version": msg(
        "The data in {folder} was made by PostgreSQL {data}, but the programs here are of version {binaries}."
        " Nothing was changed. Install PostgreSQL {data} (or name its programs in PG_BINDIR),"
        " or choose an empty folder with HUIYUAN_HOME."
    ),
    "other_owner": msg(
        "The data in {folder} belongs to {owner}. Start huiyuan as {owner},"
        " or choose another folder with HUIYUAN_HOME."
    ),
    "no_account": msg("The account {uid} has no name on this machine, and PostgreSQL needs one."),
    "unreachable_folder": msg(
        "The folder {folder} cannot be used by the database server ({account} {problem})."
        " Nothing was changed there. Choose another folder with HUIYUAN_HOME."
    ),
    "socket_path_too_long": msg(
        "The path {path} has {bytes} bytes; a socket's may have {most}."
        " Choose a shorter folder with HUIYUAN_HOME."
    ),
    "busy": msg("Another start in {folder} has not ended for minutes. Wait for it, or end it."),
    "initdb_failed": msg(
        "PostgreSQL could not make its data folder; nothing half made was left. Its words are in {log}."
    ),
    "no_start": msg("PostgreSQL did not start. Its words are in {log}."),
    "no_answer": msg(
        "PostgreSQL runs but does not answer; it may still be recovering. Its words are in {log}."
    ),
    # Reports.
    "unknown_split": msg("Rows cannot be split by {split}, or not twice. Nothing was read."),
    # Migration and version.
    "schema_locked": msg(
        "Somebody works in the database (a long report?), so nothing was changed."
        " Run `huiyuan migrate` again later."
    ),
    "sql_failed": msg("The database refused {file} ({sqlstate}): {problem} Nothing was changed."),
    "schema_newer": msg(
        "The database is at version {found}; this program knows version {known}. Update this program."
    ),
    "schema_old": msg(
        "The database is at version {found}; this program needs version {known}."
        " Let the owner run `huiyuan migrate` first."
    ),
    "schema_missing": msg("This database has no ledger yet. Let its owner run `huiyuan migrate` first."),
    # The database.
    "unreachable": msg(
        "The database cannot be reached: {problem} What was booked stands. Check the line and the address."
    ),
    "login_refused": msg(
        "The database refused this login: {problem} Check the name and the password or certificate."
    ),
    "no_database": msg("The server has no such database: {problem}"),
    "too_many_connections": msg("The server takes no more connections of this login: {problem}"),
    "not_permitted": msg(
        "This login may not do that: {problem} `huiyuan migrate` and `setup` need the owner's."
    ),
    "bad_url": msg("The address of the database cannot be read: {problem}"),
    "database_error": msg("The database answered with an error ({sqlstate}): {problem}"),
    # Set-up, seats, keys, backup.
    "already_set_up": msg(
        "The chain {name} is set up in this database. Nothing was changed. Take an empty database,"
        " or another folder with HUIYUAN_HOME."
    ),
    "not_migrated": msg("This database has no ledger yet. Let its owner run `huiyuan migrate` first."),
    "unknown_zone": msg("There is no time zone {zone}; one is called Asia/Shanghai. Nothing was changed."),
    "not_usable": msg(
        "What was given for {field} cannot be used: names without hidden characters, three letters for a"
        " currency, digits for a staff number, letters and digits for a code. Nothing was changed."
    ),
    "seat_exists": msg(
        "In {folder} there is a terminal's seat already. Nothing was changed. Move it away,"
        " or choose another folder."
    ),
    "seat_damaged": msg("The seat in {folder} cannot be read ({problem}). Enrol the terminal again."),
    "seat_malformed": msg("{value} cannot stand in a seat's file. Nothing was changed."),
    "key_missing": msg("There is no key in {path}. Bring it there from where the chain was set up."),
    "key_open_to_others": msg(
        "Others may read {path}, so it is not used. Make it yours alone: chown and chmod 600."
    ),
    "key_damaged": msg("{path} holds no key. Bring it there again from where the chain was set up."),
    "key_exists": msg("{path} exists, and a key is never overwritten. Choose another folder."),
    "no_tool": msg(
        "{tool} of PostgreSQL {major} or newer was not found. Install the server's client programs,"
        " or name their folder in PG_BINDIR."
    ),
    "file_exists": msg("{file} exists and is not overwritten. Choose another name."),
    "file_damaged": msg("{file} is not the file that was backed up. Nothing was changed."),
    "no_digest": msg(
        "{file} is missing or cannot be read; it says what a backup holds. Nothing was changed."
    ),
    "not_empty": msg("This database holds a ledger already. Nothing was changed. Restore into an empty one."),
    "tool_failed": msg(
        "{tool} gave up: {problem} A database that was being restored is incomplete: drop it."
    ),
    # Import.
    "no_chain": msg("There is no chain in this database yet. `huiyuan setup` makes one, then import again."),
    "demo_chain": msg(
        "This is the demo chain, and real sales do not belong there. Set up a chain of your own in another"
        " folder (HUIYUAN_HOME=... huiyuan setup), then import again. Nothing was changed."
    ),
    "currency_differs": msg(
        "The chain counts in {chain}, the source in {asked}: a chain has one currency. Nothing was changed."
    ),
    "zone_differs": msg(
        "Store {store} trades in the zone {zone}, not {asked}: its days would be other days."
        " Nothing was changed."
    ),
    "unknown_store": msg("{store} is no store of this chain. Nothing was changed."),
    "no_folder": msg("{folder} is no folder that can be read. Nothing was changed."),
    "file_missing": msg("{file} (or {file}.gz) is missing in the folder. Nothing was changed."),
    "not_a_file": msg("{file} is no ordinary file; links and devices are not followed. Nothing was changed."),
    "file_too_large": msg("{file} unpacks to far more than a table of its size. Nothing was changed."),
    "line_too_long": msg("Line {line} of {file} is far too long for a table. Nothing was changed."),
    "unreadable": msg(
        "{file} cannot be read as a table from line {line} on (a quote that never ends, a file cut off?)."
    ),
    "wrong_encoding": msg(
        "{file} is not written in {encoding}; it may be {guess}. See --encoding. Nothing was changed."
    ),
    "columns_missing": msg("{file} lacks the columns {columns}. Nothing was changed."),
    "column_twice": msg("{file} has the column {column} twice. Nothing was changed."),
    "column_unknown": msg(
        "{file} has a column {column} that is not known; take it out, or name it as"
        " `huiyuan openings --help` does. Nothing was changed."
    ),
    "empty": msg("{file} has no row below its header. Nothing was changed."),
    "not_a_list": msg("{file} is neither .xlsx nor .csv. Nothing was changed."),
    "sign_differs": msg(
        "The code does not belong to this file, day and these totals. Try the list again without --sign and"
        " compare the totals. Nothing was changed."
    ),
    "unknown_staff": msg("There is nobody at work with the number {number}. Nothing was changed."),
    "not_demo": msg("A real chain lives in this database: the demo chain stays away from it."),
}


def sentence_for(error: BaseException, context: CommandContext) -> str:
    """One sentence for `error`, in the language of `context`."""
    sentence = known_sentence(error, context)
    if sentence is not None:
        return sentence
    sentence = context.tr(
        msg("Something unexpected happened ({kind}). Nothing was half done; details are in {log}.")
    )
    return sentence.format(kind=type(error).__name__, log=context.paths.log_file)


def known_sentence(error: BaseException, context: CommandContext) -> str | None:
    """As `sentence_for`; None for an error that only a mistake in the program can raise."""
    if isinstance(error, CommandRefused):
        return error.sentence
    if isinstance(error, Refused):
        from huiyuan.screens.refusals import sentence as sentence_of
        from huiyuan.screens.wording import Wording

        return sentence_of(Wording(context.tr, context.lang), error)
    code, facts = getattr(error, "code", None), getattr(error, "facts", {})
    if not isinstance(code, str):
        from huiyuan.repositories.health import database_failure

        code, facts = database_failure(error) or ("", {})
    sentence = SENTENCES.get(code)
    if sentence is None:
        return None
    shown = {name: redact(str(fact)) for name, fact in facts.items()}
    return context.tr(sentence).format_map(_Facts(shown))


class _Facts(dict[str, str]):
    """Facts of a sentence; one that is missing is shown as such rather than hiding the sentence."""

    def __missing__(self, name: str) -> str:
        return "-"
