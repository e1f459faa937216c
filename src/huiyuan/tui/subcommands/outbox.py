"""`huiyuan outbox`: slips that go to members as messages, listed or sent; a timer of the chain's runs it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from huiyuan.config.i18n import Translator, msg
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.staff_login import SignedInStaff, add_actions, say_rows, signed_in

if TYPE_CHECKING:
    from huiyuan.repositories.outbox import DatabaseOutbox
    from huiyuan.repositories.reads import Ask

HELP = msg("List the slips that wait to be sent to members, or send them")
MOST: Final = 20


def add_arguments(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """One action, and who does it."""
    add_actions(
        parser, tr, {"list": msg("List what waits and what went out"), "send": msg("Send what waits")}
    )


def run(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Sign in, list or send. 1 if something was not sent."""
    from huiyuan.domain.model.errors import Refused
    from huiyuan.screens.refusals import sentence
    from huiyuan.screens.wording import Wording

    context.start_logs()
    try:
        with signed_in(context, arguments) as here:
            outbox = _outbox(context, here)
            if arguments.action == "list":
                return _list(context, outbox)
            return _send(context, here, outbox)
    except Refused as refused:
        raise CommandRefused(sentence(Wording(context.tr, context.lang), refused)) from None


def _ask_of(here: SignedInStaff) -> Ask:
    def ask(statement: str, parameters: Any) -> Any:
        row = here.connection.execute(statement, parameters).fetchone()
        assert row is not None
        return row[0]

    return ask


def _outbox(context: CommandContext, here: SignedInStaff) -> DatabaseOutbox:
    from huiyuan.repositories.connection import HeldSession
    from huiyuan.repositories.outbox import DatabaseOutbox
    from huiyuan.repositories.sealing import Sealer
    from huiyuan.repositories.secrets import DATA_KEY_FILE
    from huiyuan.tui.chain_keys import data_key_of

    own = None if here.seat is None else here.seat.folder / DATA_KEY_FILE
    path = own if own is not None and own.exists() else context.paths.keys / DATA_KEY_FILE
    return DatabaseOutbox(_ask_of(here), sealer=Sealer(data_key_of(path, HeldSession(chain=here.chain))))


def _list(context: CommandContext, outbox: DatabaseOutbox) -> int:
    from huiyuan.screens.outbox import STATES
    from huiyuan.screens.widgets.plain import visible

    rows = outbox.rows(200)
    if not rows:
        context.say(context.tr(msg("No slip was sent, and none waits.")))
        return 0
    say_rows(
        context,
        [
            (each.receipt, context.tr(STATES[each.state]), each.tries, each.fault, visible(each.name))
            for each in rows
        ],
    )
    return 0


def _send(context: CommandContext, here: SignedInStaff, outbox: DatabaseOutbox) -> int:
    from uuid import UUID

    from huiyuan.domain.model.receipt import Receipt
    from huiyuan.domain.usecases.sending import send_waiting
    from huiyuan.repositories.reads import DatabaseReads
    from huiyuan.repositories.sign_in import hello
    from huiyuan.screens.outbox_sending import message_slip
    from huiyuan.screens.wording import Wording
    from huiyuan.tui.sending import open_messages

    gateway = open_messages(context)
    if not gateway.configured:
        raise CommandRefused(context.tr(msg("This machine sends no messages: set HUIYUAN_MESSAGE_URL.")))
    greeting = hello(here.connection)
    chain = greeting.chain
    say = Wording(context.tr, context.lang, chain.currency, chain.minor_digits, chain.time_zone)
    reads = DatabaseReads(_ask_of(here), token_of=_no_cards)
    language = context.settings.printer.printer_language or ""

    def slip_of(document: UUID) -> Receipt:
        return message_slip(say, greeting, reads.document(document), language=language)

    count = send_waiting(outbox, gateway, slip_of, most=MOST)
    text = context.tr(msg("{sent} sent, {waiting} wait, {failed} not sent, {unknown} perhaps sent."))
    context.say(
        text.format(sent=count.sent, waiting=count.waiting, failed=count.failed, unknown=count.unknown)
    )
    return 1 if count.waiting or count.failed or count.unknown else 0


def _no_cards(kind: str, text: str) -> bytes:
    raise AssertionError((kind, len(text)))
