"""What a counter asks its chain, put together: every port that goes over the reading line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from huiyuan.tui.chain_keys import data_key_of
from huiyuan.tui.context import CommandContext

if TYPE_CHECKING:
    from huiyuan.domain import ports
    from huiyuan.domain.model.birthday import LunarCalendar
    from huiyuan.repositories.connection import HeldSession, Line, LineSettings
    from huiyuan.repositories.counter.kept_answers import KeptAnswers
    from huiyuan.repositories.sealing import Sealer

EXPORTS_FOLDER: Final = "exports"


class AskingPorts(TypedDict):
    """What a shop asks over its reading line, and where it puts reports."""

    reads: ports.Reads
    desk: ports.SalesDesk
    promotions: ports.Promotions
    law: ports.Law
    invoices: ports.Invoices
    value: ports.ValueBook
    settings: ports.Settings
    approvals: ports.Approvals
    card_book: ports.CardBook
    books: ports.ValueBooks
    groups: ports.GroupOrders
    reports: ports.Reports
    files: ports.ReportFiles
    members: ports.MemberBook
    life: ports.CardDesk
    lunar: LunarCalendar
    finder: ports.MemberFinder
    outbox: ports.Outbox
    messages: ports.MessageGateway


def asking(
    context: CommandContext,
    line: Line,
    settings: LineSettings,
    token_of: Callable[[str, str], bytes],
    held: HeldSession,
    folder: Path,
    answers: KeptAnswers,
) -> AskingPorts:
    """What is asked over `line`; phone and ID numbers open only where this machine has the key."""
    from huiyuan.repositories import (
        card_book,
        card_desk,
        chain_settings,
        desk,
        invoices,
        law,
        promotions,
        reads,
        value_book,
    )
    from huiyuan.repositories.approval_news import DatabaseApprovals
    from huiyuan.repositories.counter.clock import CounterIds
    from huiyuan.repositories.exports import ExportFolder
    from huiyuan.repositories.group_orders import DatabaseGroupOrders
    from huiyuan.repositories.lunar import TableCalendar
    from huiyuan.repositories.members import DatabaseMembers
    from huiyuan.repositories.outbox import DatabaseOutbox
    from huiyuan.repositories.report_desk import DatabaseReports
    from huiyuan.repositories.search_words import member_tokens
    from huiyuan.repositories.value_books import DatabaseValueBooks
    from huiyuan.tui.sending import open_messages

    sealer = _sealer(context, held, folder)
    book = DatabaseMembers(line, sealer=sealer, token_of=token_of, words_of=member_tokens, ids=CounterIds())
    return {
        "desk": desk.DatabaseDesk(line.ask),
        "reads": reads.DatabaseReads(line.ask, token_of=token_of, kept=answers),
        "promotions": promotions.DatabasePromotions(line.ask),
        "law": law.DatabaseLaw(line.ask),
        "invoices": invoices.DatabaseInvoices(line.ask, sealer=sealer),
        "approvals": DatabaseApprovals(line, settings),
        "value": value_book.DatabaseValueBook(line.ask),
        "settings": chain_settings.DatabaseSettings(line.ask),
        "card_book": card_book.DatabaseCardBook(line.ask, sealer=sealer, token_of=token_of),
        "books": DatabaseValueBooks(line.ask),
        "groups": DatabaseGroupOrders(line.ask),
        "reports": DatabaseReports(line),
        "files": ExportFolder(context.paths.home / EXPORTS_FOLDER),
        "members": book,
        "life": card_desk.DatabaseCardDesk(line.ask, token_of=token_of),
        "lunar": TableCalendar(),
        "finder": _finder(line, token_of, sealer),
        "outbox": DatabaseOutbox(line.ask, sealer=sealer),
        "messages": open_messages(context),
    }


def _finder(line: Line, token_of: Callable[[str, str], bytes], sealer: Sealer) -> ports.MemberFinder:
    from huiyuan.repositories.finder import DatabaseFinder
    from huiyuan.repositories.sealing import PHONE_MASK

    return DatabaseFinder(
        line.ask_newest,
        token_of=token_of,
        unmask=lambda member, sealed: sealer.mask(sealed, member=member, field=PHONE_MASK) or "",
    )


def _sealer(context: CommandContext, held: HeldSession, folder: Path) -> Sealer:
    from huiyuan.repositories.sealing import Sealer
    from huiyuan.repositories.secrets import DATA_KEY_FILE

    own = folder / DATA_KEY_FILE
    return Sealer(data_key_of(own if own.exists() else context.paths.keys / DATA_KEY_FILE, held))
