"""Devices: what is attached, how it stands, what was said on the line, and what can be tried.

Always true: nothing here opens a drawer or prints a slip; whoever supports the counter by telephone can have
every row and key read out; what was printed is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.devices import (
    DRAWN_ENCODING,
    TRIED_ENCODINGS,
    AttachedDevice,
    CareNote,
    card_outcome,
    shown_bytes,
)
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.domain.model.printing import JobState
from huiyuan.screens import device_news, messages
from huiyuan.screens.ask import ask
from huiyuan.screens.device_words import advice_text, care_text, facts_text, kind_words, state_words, word
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import ask_reason
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.paper import FAULTS
from huiyuan.screens.reader_messages import DeviceStands
from huiyuan.screens.reader_words import card_words
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

LOOK_EVERY_S: Final = 1
BYTES_SHOWN: Final = 24
ROWS_SHOWN: Final = 3
EVENTS_SHOWN: Final = 3
CARE_ASKED: Final = msg(
    "Head cleaned, paper roll changed, cable replaced: with today's date. The vendor reads it: no names."
)


class DevicesScreen(ShopScreen[None]):
    """Devices above, below them what the marked one is like, the last events and bytes."""

    SCOPE = "devices"
    TITLE_TEXT = msg("Devices")

    DEFAULT_CSS = """
    DevicesScreen #attached { height: 7; }
    DevicesScreen #facts, DevicesScreen #events { margin-bottom: 1; }
    """

    notes: Sequence[CareNote] = ()

    def body(self) -> ComposeResult:
        """List, facts, events, bytes, care."""
        say = self.say
        yield RowList(
            [Column(say(msg("Device")), 18), Column(say(msg("Where")), 34), Column(say(msg("State")))],
            id="attached",
            empty=say(msg("Nothing is attached.")),
        )  # fmt: skip
        yield Prose("", id="facts")
        yield Prose("", id="events")
        yield Prose("", id="bytes")
        yield Prose("", id="care")

    def on_mount(self) -> None:
        """What is known; bytes are looked at anew while the screen is open."""
        self.query_one(RowList).focus()
        self.show_devices()
        self.set_interval(LOOK_EVERY_S, self.show_line)

    def show_devices(self) -> None:
        """Everything as it stands."""
        say = self.say
        self.devices: list[AttachedDevice] = list(self.shop.devices.attached())
        self.query_one(RowList).show_rows(
            [(kind_words(say, each.kind), word(say, each.name),
              state_words(say, each.state)) for each in self.devices]
        )  # fmt: skip
        self.notes = self.shop.devices.notes()
        self.show_facts()
        self.show_line()

    @on(RowList.Marked)
    def show_facts(self) -> None:
        """Of the marked one."""
        device = self.marked_device()
        text = ""
        if device is not None:
            advice = advice_text(self.say, device)
            state, text = state_words(self.say, device.state), facts_text(self.say, device)
            if advice:
                text = self.say(msg("{fact}: {value}"), fact=state, value=advice)
            elif device.kind == "drawer":
                text += " " + self.say(msg("It is opened with a reason at the shift (F4, F3)."))
            today = self.shop.server_now().date().isoformat()
            self.query_one("#care", Prose).show(care_text(self.say, device.kind, self.notes, today))
        self.query_one("#facts", Prose).show(text)
        self.show_bytes()

    def show_line(self) -> None:
        """The last events, and the last bytes."""
        say, desk = self.say, self.shop.devices
        events = [
            f"{self.clock_of(each.at_ms)} {kind_words(say, each.kind)} {state_words(say, each.state)}"
            for each in desk.events()[:EVENTS_SHOWN]
        ]
        told = say(msg("none yet")) if not events else "  ".join(events)
        text, check = say(msg("Last events: {events}"), events=told), desk.last_check()
        if check is not None:
            text += "  " + say(msg("(looked at {clock})"), clock=self.clock_of(check.at_ms))
        self.query_one("#events", Prose).show(text)
        self.show_bytes()

    def show_bytes(self) -> None:
        """Of the marked device: what crossed its line last."""
        device = self.marked_device()
        if device is None:
            self.query_one("#bytes", Prose).show("")
            return
        rows = [
            f"{self.clock_of(each.at_ms)} {'>' if each.out else '<'} {shown_bytes(each.data[:BYTES_SHOWN])}"
            for each in self.shop.devices.said(device.kind)[-ROWS_SHOWN:]
        ]
        text = msg("Bytes, {device}: > to it, < from it; names and numbers are masked:")
        head = self.say(text, device=kind_words(self.say, device.kind))
        self.query_one("#bytes", Prose).show("\n".join([head, *(rows or [self.say(msg("none yet"))])]))

    def marked_device(self) -> AttachedDevice | None:
        """The one that keys are about."""
        index = self.query_one(RowList).marked if self.devices else None
        return None if index is None else self.devices[index]

    def clock_of(self, at_ms: int) -> str:
        """A moment of this machine, as the wall clock shows it; with its day if that is not today's."""
        at, now = datetime.fromtimestamp(at_ms // 1000, UTC), self.shop.server_now()
        same_day = self.say.date(at) == self.say.date(now)
        return self.say.clock(at) if same_day else self.say.moment(at)

    @on(messages.PrinterStands)
    @on(DeviceStands)
    def show_news(self) -> None:
        """A device moved on beside this screen."""
        self.refresh_status()
        self.show_devices()

    # Trying

    def action_check(self) -> None:
        """F5: ask every device."""
        desk = self.shop.devices
        ask(self, desk.check, then=lambda _: device_news.DevicesAsked(), subject="check")

    @on(device_news.DevicesAsked)
    def show_asked(self) -> None:
        """How they stand now."""
        self.show_devices()
        self.tell(self.say(msg("Every device was asked.")), "good")

    def action_loop(self) -> None:
        """F3: the marked one, again and again."""
        desk, device = self.shop.devices, self.marked_device()
        if device is None:
            return
        kind = device.kind
        ask(self, lambda: desk.loop(kind), then=partial(device_news.LoopEnded, kind), subject="loop")

    @on(device_news.LoopEnded)
    def show_loop(self, message: device_news.LoopEnded) -> None:
        """How many of how many."""
        say, outcome = self.say, message.outcome
        self.show_devices()
        facts: dict[str, object] = {
            "device": kind_words(say, message.kind), "asked": outcome.asked, "answered": outcome.answered,
            "slowest": outcome.slowest_ms, "state": state_words(say, outcome.state),
        }  # fmt: skip
        if outcome.answered == outcome.asked:
            text = msg("{device}: answered {answered} of {asked}, the slowest after {slowest} ms.")
            self.tell(say(text, **facts), "good")
            return
        text = msg(
            "{device}: answered {answered} of {asked}, at last: {state}. Look at plug and cable; F3 again."
        )
        self.tell(say(text, **facts), "warn")

    def action_read_card(self) -> None:
        """F2: what is on it?"""
        desk, cards = self.shop.devices, self.shop.cards

        def work() -> PresentedCard:
            try:
                card = cards.read()
            except Refused as refused:
                desk.card_tested(refused.code)
                raise
            desk.card_tested(card_outcome(card.readings))
            return card

        ask(self, work, then=device_news.CardTried, subject="card")

    @on(device_news.CardTried)
    def show_card(self, message: device_news.CardTried) -> None:
        """In words, masked."""
        self.tell(card_words(self.say, message.card), "good")

    def card_presented(self, card: PresentedCard) -> bool:
        """A card that is laid on here is a test, too."""
        self.shop.devices.card_tested(card_outcome(card.readings))
        self.tell(card_words(self.say, card), "good")
        return True

    def action_page(self) -> None:
        """F6: a line in each encoding."""
        ask(self, self.shop.devices.encoding_page, then=device_news.TrialsPrinted, subject="page")

    @on(device_news.TrialsPrinted)
    def ask_which(self, message: device_news.TrialsPrinted) -> None:
        """Which line reads correctly? Nothing is asked where no page came out."""
        say, outcome = self.say, message.outcome
        if outcome not in {JobState.PRINTED, JobState.SENT}:
            words = say(FAULTS[outcome]) if outcome in FAULTS else state_words(say, outcome)
            self.tell(say(msg("The page did not come out: {why}."), why=words), "warn")
            return
        options = [*TRIED_ENCODINGS, say(msg("none of them"))]
        sheet = Choice(
            self.shop,
            say(msg("Which line reads correctly?")),
            options,
            about=say(msg("Look at the paper: the first line in which every character is right.")),
        )
        self.app.push_screen(sheet, self.keep_encoding)

    def keep_encoding(self, chosen: int | None) -> None:
        """Into the printer's profile, after a second question: may lines be drawn?"""
        if chosen is None:
            return
        if chosen >= len(TRIED_ENCODINGS):
            text = msg("This printer has no Chinese font that fits. Ask its vendor; write a report (F7).")
            self.tell(self.say(text), "warn")
            return
        encoding = TRIED_ENCODINGS[chosen]
        if encoding == DRAWN_ENCODING:
            self.write_encoding(encoding, draws=True)
            return
        say = self.say
        sheet = Choice(
            self.shop,
            say(msg("Does line 5 read correctly, too?")),
            [say(msg("yes")), say(msg("no"))],
            about=say(msg("It is drawn; if it is right, so are rare characters of names from now on.")),
        )
        self.app.push_screen(
            sheet, lambda answer: None if answer is None else self.write_encoding(encoding, draws=answer == 0)
        )

    def write_encoding(self, encoding: str, *, draws: bool) -> None:
        """Beside the counter's other settings."""
        desk = self.shop.devices

        def work() -> str:
            desk.keep_encoding(encoding, draws=draws)
            return encoding

        ask(self, work, then=device_news.EncodingKept, subject="profile")

    @on(device_news.EncodingKept)
    def show_kept(self, message: device_news.EncodingKept) -> None:
        """From now on."""
        self.show_devices()
        self.tell(
            self.say(msg("Slips are printed in {encoding} from now on."), encoding=message.encoding), "good"
        )

    def action_show_test(self) -> None:
        """F8: figures for the customer."""
        ask(self, self.shop.devices.show_test, then=device_news.FiguresShown, subject="display")

    @on(device_news.FiguresShown)
    def show_shown(self, message: device_news.FiguresShown) -> None:
        """Look at it."""
        if message.taken:
            self.tell(self.say(msg("The customer display shows 888.88 now, if it is well.")), "good")
        else:
            self.tell(self.say(msg("No customer display took the figures. Is its cable in?")), "warn")
        self.show_devices()

    def action_scan_test(self) -> None:
        """F9: how does it scan?"""
        from huiyuan.screens.scan_test import ScanTest  # not before somebody wants it

        self.app.push_screen(ScanTest(self.shop), self.scanner_kept)

    def scanner_kept(self, kept: bool | None) -> None:
        """What was proposed is in force."""
        if kept:
            self.tell(self.say(msg("The scanner's settings are kept.")), "good")

    # Keeping

    def action_note(self) -> None:
        """F4: what was done?"""
        device = self.marked_device()
        ask_reason(
            self,
            self.say(msg("Care of the devices")),
            self.keep_note,
            label=msg("What was done"),
            about=self.say(CARE_ASKED),
            aside="" if device is None else kind_words(self.say, device.kind),
        )

    def keep_note(self, note: str) -> None:
        """With who wrote it."""
        if self.shop.signed is None:
            return
        desk, by, device = self.shop.devices, self.shop.person.staff.number, self.marked_device()
        kind = "" if device is None else device.kind
        work: Callable[[], None] = lambda: desk.note(note, by=by, kind=kind)  # noqa: E731
        ask(self, work, then=lambda _: device_news.CareKept(), subject="care")

    @on(device_news.CareKept)
    def show_care(self) -> None:
        """It is the newest one."""
        self.show_devices()
        self.tell(self.say(msg("Noted.")), "good")

    def action_report(self) -> None:
        """F7: for the vendor."""
        ask(self, self.shop.devices.write_report, then=device_news.ReportWritten, subject="report")

    @on(device_news.ReportWritten)
    def show_report(self, message: device_news.ReportWritten) -> None:
        """What it is called, whole, and below where it lies: a long folder loses its end."""
        folder, _, name = message.path.rpartition("/")
        text = self.say(msg("A report without personal data: {name}, in the folder"), name=name)
        self.tell(f"{text}\n{folder}", "good")
