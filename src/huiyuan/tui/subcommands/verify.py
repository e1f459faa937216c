"""`huiyuan verify`: was anything tampered with? Every figure is made again from what was posted."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext

HELP = msg("Check that nothing in the ledger was tampered with")

FOUND: Final = 1

FAULTS: Final[Mapping[str, str]] = {
    "gap in the chain of its terminal": msg("gap in the chain of its terminal"),
    "body was changed": msg("body was changed"),
    "result or chain was changed": msg("result or chain was changed"),
    "head on the slip differs": msg("head on the slip differs"),
    "header differs from its result": msg("header differs from its result"),
    "head or number differs from its last document": msg("head or number differs from its last document"),
    "gap": msg("gap"),
    "balance": msg("running balance is wrong"),
    "hash": msg("hash does not follow from the one before"),
    "balance or head differs from its last entry": msg("balance or head differs from its last entry"),
    "header, lines, postings, lots, stock or cards differ from what was posted": msg(
        "header, lines, postings, lots, stock or cards differ from what was posted"
    ),
    "is missing, but its rows are there": msg("is missing, but its rows are there"),
    "remaining differs from its moves": msg("remaining differs from its moves"),
    "balance differs from its lots": msg("balance differs from its lots"),
    "on hand differs from its movements": msg("on hand differs from its movements"),
    "state or wallet differs from its last event": msg("state or wallet differs from its last event"),
    "has a limit that no document gave": msg("has a limit that no document gave"),
    "differs from the documents that made it": msg("differs from the documents that made it"),
    "differs from the documents that opened and closed it": msg(
        "differs from the documents that opened and closed it"
    ),
    "points and the money they paid differ": msg("points and the money they paid differ"),
    "returned differs from its returns": msg("returned differs from its returns"),
    "reversal mark differs": msg("reversal mark differs"),
    "state or holder differs from its events": msg("state or holder differs from its events"),
    "uses of a pass differ from what was posted": msg("uses of a pass differ from what was posted"),
    "was used for a wallet that it never opened": msg("was used for a wallet that it never opened"),
    "is late to no shift that was closed": msg("is late to no shift that was closed"),
    "has no sale without the line": msg("has no sale without the line"),
    "type or last day differs from its last change": msg("type or last day differs from its last change"),
    "replaced without a card in its place": msg("replaced without a card in its place"),
    "codes differ from its places": msg("codes differ from its places"),
    "state differs from its last event": msg("state differs from its last event"),
    "belongs elsewhere than the merge says": msg("belongs elsewhere than the merge says"),
    "digest of heads differs from the chains": msg("digest of heads differs from the chains"),
}
# Faults with a name inside; the group is what the sentence is given.
NAMING: Final[Mapping[str, str]] = {
    r"entry and postings of (\S+) differ": msg("entry and postings of {name} differ"),
    r"is not the one that (\S+) posted to": msg("is not the one that {name} posted to"),
    r"lacks its account of (\S+)": msg("lacks its account of {name}"),
}
KINDS: Final[Mapping[str, str]] = {
    "document": msg("document"),
    "terminal": msg("terminal"),
    "entry": msg("entry"),
    "account": msg("account"),
    "lot": msg("lot"),
    "stock": msg("stock"),
    "card": msg("card"),
    "wallet": msg("wallet"),
    "shift": msg("shift"),
    "coupon": msg("coupon"),
    "review": msg("review"),
    "member": msg("member"),
    "application": msg("application"),
    "group_order": msg("group order"),
}


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """Nothing but the shared arguments."""


def run(context: CommandContext, arguments: argparse.Namespace) -> int:  # noqa: ARG001
    """Say one line for each finding; 0 if there is none, 1 otherwise."""
    from huiyuan.repositories.verify import verify
    from huiyuan.tui.database import admin_database, refuse_without_data

    context.start_logs()
    refuse_without_data(context)
    with admin_database(context) as url:
        faults = verify(url)
    for found in faults:
        kind = context.tr(KINDS.get(found.what, found.what))
        context.say(f"{kind} {found.id}: {fault_in_words(found.fault, context.tr)}")
    if faults:
        sentence = context.tr(
            msg("{count} findings. Nothing was changed; ask who had the database's own login.")
        )
        context.say(sentence.format(count=len(faults)))
        return FOUND
    context.say(
        context.tr(msg("Nothing found: chains, balances, lots, stock and cards follow from what was posted."))
    )
    return 0


def fault_in_words(fault: str, tr: Translator) -> str:
    """The database's own words for a finding, in the language of `tr` where a row knows them."""
    for pattern, sentence in NAMING.items():
        if found := re.fullmatch(pattern, fault):
            return tr(sentence).format(name=found[1])
    return tr(FAULTS.get(fault, fault))
