"""Wiring: the one place that names concrete classes and puts a counter together.

Always true: whatever was opened is closed in the reverse order, however the app ends: first the door stops
trying, then the statement in flight is waited for, then lines, journal and seat are given back.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from huiyuan.config.glance import driver_asked_for
from huiyuan.config.i18n import msg
from huiyuan.tui.chain_keys import INDEX_KEY_FILE, token_maker
from huiyuan.tui.context import CommandContext, CommandRefused
from huiyuan.tui.crash import threads_watched
from huiyuan.tui.early_keys import keys_kept
from huiyuan.tui.starting import FindSeats, Starting

if TYPE_CHECKING:
    from huiyuan.domain import ports
    from huiyuan.repositories.card_news import CardNews
    from huiyuan.repositories.connection import HeldSession, LineSettings
    from huiyuan.screens.shop import Shop
    from huiyuan.tui.app import CounterApp

KEYMAP_FILE: Final = "keys.json"
DEADLINE_S: Final = 6
"""For one answer; longer than a line goes silent for a moment (5 seconds)."""
GOODS_DEADLINE_S: Final = 8
PATIENCE_S: Final = 20
LEAVE_WITHIN_S: Final = 20
STUCK_CODE: Final = 75


class SeatOfHost(Protocol):
    """A terminal that this host may sit at: its login role, and how it reaches the database."""

    @property
    def role(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def revive(self) -> Callable[[], None] | None: ...


class Left(Protocol):
    """What is left in order: a counter, or one that may still be starting."""

    @property
    def stop(self) -> Callable[[], None]: ...
    @property
    def close(self) -> Callable[[], None]: ...


@dataclass(frozen=True, slots=True)
class Counter:
    """A counter that is wired: what screens are given, its door, how to begin what goes on beside the screens
    (after the first frame), and how to give everything back."""

    shop: Shop
    door: ports.Door
    start: Callable[[], None]
    stop: Callable[[], None]
    close: Callable[[], None]
    news: CardNews | None = None


@dataclass(frozen=True, slots=True)
class GoodsKept:
    """The catalogue, and how its background ends."""

    catalogue: ports.Catalogue
    stop: Callable[[], None]
    close: Callable[[], None]


def run_counter(context: CommandContext, find_seats: FindSeats) -> int:
    """Draw the sign-in, sit down at a free seat of those found behind it, and return the exit code.

    Raises:
        CommandRefused: It could not be started, was told so on the screen, and the person left.
    """
    with keys_kept(), contextlib.ExitStack() as opened:
        from huiyuan.screens.shop import Shop
        from huiyuan.screens.wording import Wording

        starting = Starting(context, find_seats, open_counter, opened)
        first = Shop.before_start(Wording(context.tr, context.lang), starting.shop)
        app = _app(context, first, stop=starting.stop, begin=starting.begin)
        starting.tell = app.start_step
        starting.watch = partial(_watch, app)
        try:
            with (
                threads_watched(app.crash),
                contextlib.suppress(OSError),
            ):  # a terminal that is gone cannot be restored
                app.run(mouse=False)
        finally:
            leave(starting)
    if starting.failure and not app.return_code:
        raise CommandRefused(starting.failure)
    return app.return_code or 0


def build_app(context: CommandContext, counter: Counter) -> CounterApp:
    """The app over a counter that is wired already."""
    app = _app(context, counter.shop, stop=counter.stop, begin=counter.start)
    _watch(app, counter)
    return app


def _app(
    context: CommandContext, shop: Shop, *, stop: Callable[[], None], begin: Callable[[], None]
) -> CounterApp:
    from huiyuan.tui.app import CounterApp
    from huiyuan.tui.crash import write_report
    from huiyuan.tui.driver import driver_for
    from huiyuan.tui.keymap import read_keymap
    from huiyuan.tui.themes import chosen_theme, keep_theme

    folder = context.paths.log_file.parent
    return CounterApp(
        shop,
        report_crash=lambda error: write_report(error, folder, at=datetime.now(UTC)),
        say_goodbye=stop,
        begin=begin,
        keymap=read_keymap(context.paths.home / KEYMAP_FILE),
        theme=chosen_theme(context.paths.home),
        keep_theme=partial(keep_theme, context.paths.home),
        driver_class=driver_for(driver_asked_for()),
    )


def _watch(app: CounterApp, counter: Counter) -> None:
    """What goes on beside the screens tells them."""
    counter.door.watch(app.document_state)
    if counter.news is not None:
        counter.news.watch(app.card_moved)
    counter.shop.print_jobs.watch(app.print_job)
    counter.shop.printer.watch(app.printer_state)
    counter.shop.cards.watch(app.card_laid, app.device_stands)
    for scanner in counter.shop.scanners:
        scanner.watch(app.code_scanned, app.device_stands)


def open_counter(
    context: CommandContext, seats: Sequence[SeatOfHost], opened: contextlib.ExitStack
) -> Counter:
    """Take the first free seat with its journal and lines; `opened` gives the seat back.

    Raises:
        CommandRefused: There is no seat, or its folder or journal cannot be used.
    """
    if not seats:
        raise CommandRefused(context.tr(msg("There is no seat of this name here. Enrol one first.")))
    from huiyuan.domain.model.errors import Refused
    from huiyuan.repositories.counter.seat import take_seat

    folders = {seat.role: context.paths.counter / _plain(seat.role) for seat in seats}
    try:
        for folder in folders.values():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        taken = take_seat(folders.values())
    except OSError as error:
        sentence = context.tr(msg("The folder of this seat cannot be used ({problem}). Nothing was sold."))
        raise CommandRefused(sentence.format(problem=error.strerror)) from None
    if taken is not None:
        opened.callback(taken.leave)
    seat = next((each for each in seats if taken and folders[each.role] == taken.folder), seats[0])
    try:
        return _wire(context, seat, taken.folder if taken else None, folders[seat.role])
    except Refused as refused:
        from huiyuan.screens.refusals import sentence as sentence_of
        from huiyuan.screens.wording import Wording

        raise CommandRefused(sentence_of(Wording(context.tr, context.lang), refused)) from None


def _wire(context: CommandContext, seat: SeatOfHost, own: Path | None, folder: Path) -> Counter:
    """Put the parts together. `own` is None where no seat was free: then nothing is ever posted."""
    from huiyuan.repositories.card_news import CardNews
    from huiyuan.repositories.connection import HeldSession, Line, LineSettings
    from huiyuan.repositories.counter.baskets import CounterBaskets, NoBaskets, told_by
    from huiyuan.repositories.counter.clock import CounterClock, CounterIds
    from huiyuan.repositories.counter.journal import CounterJournal
    from huiyuan.repositories.counter.kept_answers import KeptAnswers
    from huiyuan.repositories.counter.known_staff import KnownStaff
    from huiyuan.repositories.counter.removals import CounterRemovals
    from huiyuan.repositories.door import PostingDoor
    from huiyuan.repositories.read_only_door import ReadOnlyDoor
    from huiyuan.repositories.staff_book import DatabaseStaffBook
    from huiyuan.repositories.staff_session import StaffSession
    from huiyuan.screens.shop import Shop
    from huiyuan.screens.wording import Wording
    from huiyuan.tui.asking_ports import asking
    from huiyuan.tui.leaving import soon_let_go
    from huiyuan.tui.paper import open_paper
    from huiyuan.tui.payments import open_payments
    from huiyuan.tui.readers import chosen_scanner, open_readers

    own_key = folder / INDEX_KEY_FILE  # where the chain was set up, the chain's
    key_file = own_key if own_key.exists() else context.paths.keys / INDEX_KEY_FILE
    clock, ids, held = CounterClock(), CounterIds(), HeldSession()
    token_of, answers = token_maker(key_file, held), KeptAnswers(own)
    known = KnownStaff(own, now=clock.now) if own else None
    settings = LineSettings(seat.url, deadline_s=DEADLINE_S, revive=seat.revive)
    post_line, read_line = Line(settings, held, name="post"), Line(settings, held, name="read")
    session = StaffSession(post_line, read_line, held, ids=ids, now=clock.now, kept=answers, known=known)
    journal = CounterJournal(own, now=clock.now) if own else None
    kept = CounterBaskets(own, now=clock.now, **told_by(journal)) if own and journal else None
    removals = CounterRemovals(own if journal else None)
    keeps: dict[str, Any] = {"baskets": kept, "removals": removals}
    posting = PostingDoor(post_line, journal, held, patience_s=PATIENCE_S, **keeps) if journal else None
    door: ports.Door = posting or ReadOnlyDoor()
    goods = _keep_goods(settings, held, own)
    readers = open_readers(context.settings.reader, chosen_scanner(context, folder))
    paper = open_paper(context, folder, readers, own=own, journal=journal, now=clock.now)
    payments = open_payments(context, own, journal, now=clock.now)
    shop = Shop(
        say=Wording(context.tr, context.lang), door=door, catalogue=goods.catalogue,
        **asking(context, read_line, settings, token_of, held, folder, answers),
        sign_in=session, clock=clock, ids=ids, read_only=posting is None,
        staff=DatabaseStaffBook(read_line, held, store_code=lambda: session.hello().store.code),
        printer=paper.printer, print_jobs=paper.jobs, display=paper.display,
        devices=paper.devices, scale=paper.scale,
        cards=readers.cards, scanners=readers.scanners, charges=payments.charges, gateway=payments.gateway,
        baskets=kept or NoBaskets(), removals=removals,
    )  # fmt: skip

    def end() -> None:
        for each in (readers, goods, payments, post_line, read_line, paper, kept, removals, journal):
            if each is not None:
                each.close()

    news, hurry = CardNews(read_line), soon_let_go(post_line, read_line)
    start = _all_of(paper.start, payments.start, readers.start, news.start)
    stop = _all_of(news.stop, *([posting.stop] if posting else []), goods.stop, payments.stop, hurry)
    return Counter(shop=paper.measured(shop), door=door, start=start, stop=stop, close=end, news=news)


def _all_of(*deeds: Callable[[], None]) -> Callable[[], None]:
    """One after the other."""

    def do() -> None:
        for deed in deeds:
            deed()

    return do


def _keep_goods(settings: LineSettings, held: HeldSession, own: Path | None) -> GoodsKept:
    """The goods on the disk of seat `own`, and the background that keeps them fresh on a line of its own."""
    from huiyuan.repositories.connection import Line
    from huiyuan.repositories.counter.catalogue import CounterCatalogue, NoCatalogue
    from huiyuan.tui.background import Background
    from huiyuan.tui.leaving import soon_let_go

    if own is None:
        return GoodsKept(NoCatalogue(), stop=lambda: None, close=lambda: None)
    line, background = Line(replace(settings, deadline_s=GOODS_DEADLINE_S), held, name="goods"), Background()
    catalogue = CounterCatalogue(own, line.ask_by_login)

    def refresh() -> None:
        try:
            catalogue.refresh()
        finally:
            line.close()  # minutes until the next time: the server has better use for it

    def stop() -> None:
        catalogue.stop()
        background.stop()
        soon_let_go(line, within_s=0.0)()

    def close() -> None:
        background.close()
        line.close()
        catalogue.close()

    catalogue.in_background(lambda: background.soon("goods", refresh))
    return GoodsKept(catalogue, stop=stop, close=close)


def leave(counter: Left) -> None:
    """Close everything. A signal does not cut it short, and a line that hangs does not keep the process."""
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    stuck = threading.Timer(LEAVE_WITHIN_S, os._exit, (STUCK_CODE,))
    stuck.daemon = True
    stuck.start()
    try:
        counter.stop()
        counter.close()
    finally:
        stuck.cancel()


def _plain(role: str) -> str:
    """A folder's name from a login role."""
    return "".join(char if char.isalnum() and char.isascii() else "_" for char in role)[:64] or "seat"
