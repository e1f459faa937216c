"""AskingScreen: keys from the command table, answers from workers, one write at a time.

Always true: a command that needs a permission the person lacks, or that writes while a write is under way,
is neither shown nor done; an answer to a question that was overtaken is dropped; a bug in a worker is raised
here, on the UI thread, where the crash report is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from huiyuan.config.i18n import msg
from huiyuan.screens import messages, reader_messages
from huiyuan.screens.ask import WRITE
from huiyuan.screens.commands import Command, bindings_of, commands_of, key_shown
from huiyuan.screens.offline_words import why_waits
from huiyuan.screens.outage import DRAIN, NOT_KNOWN, state_with
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.chrome import KeyBar, Notice, StatusBar
from huiyuan.screens.widgets.fields import ShopInput

if TYPE_CHECKING:
    from huiyuan.domain.model.presented import PresentedCard

R = TypeVar("R")

MOVED_ELSEWHERE = msg("At another counter this card was moved just now: it is {state}. Read it again.")
CHECKING = msg("Outcome unknown, checking: the same document is sent again until the server answers.")
STILL_UNKNOWN = msg(
    "Outcome still unknown. It is kept here and can be booked only once. Do not ring it up anew:"
    " check again ({key}), or see the open items later."
)
NO_LINE = msg("No line to the server. Nothing was sent, nothing was booked. Try again when the line is back.")
SLOW = msg("No answer yet. The line is slow or down; waiting goes on.")
UNASKED: Final = frozenset({DRAIN, "hello"})
"""Subjects of what a screen asks by itself; whoever sits here pressed no key for it."""
WIDTH_MIN: Final = 60
HEIGHT_MIN: Final = 18
TOO_SMALL: Final = "too-small"
STILL_DONE: Final = frozenset({"quit_app"})
SCANNED_HERE = msg("A scan came where a single key is asked. It was not used: scan again afterwards.")
WAITING = msg("Waiting for the server ...")
NO_CARD_HERE = msg("A card lies on the reader. Nothing here takes one, so it was not used.")
NO_SCAN_HERE = msg("A code was scanned. Nothing here takes one, so it was not used.")


class ThemeWanted(Message):
    """The next colours, please."""


class AskingScreen(Screen[R]):
    """What every screen and every question over it have in common."""

    SCOPE: ClassVar[str] = "any"
    EVERY_KEY_MOVES: ClassVar[bool] = False
    """One press of a letter may open another screen, so that what follows it has to wait."""
    KEYS_AS_THEY_ARE: ClassVar[bool] = False
    """Every key is handed to this screen at once, with the moment at which it came: it looks at scanners."""
    TYPED_INTO: ClassVar[str] = ""
    """The field that takes what is typed, or comes from a scanner that types, while a list has the focus."""
    AUTO_FOCUS = "*"

    def __init__(self, shop: Shop) -> None:
        super().__init__()
        self.shop = shop
        self.say = shop.say
        self.generations: dict[str, int] = {}
        self.writing = False
        self.unknown = False
        self.passing = False
        self._focused_before: Widget | None = None
        for binding in bindings_of(self.SCOPE, shop.say.tr):
            for key in binding.key.split(","):
                # Textual merges class bindings only; those of an instance carry its language.
                self._bindings._add_binding(binding.with_key(key, None))
        for command in commands_of(self.SCOPE):
            if command.action and (why := why_waits(command.id)):
                name = f"action_{command.action}"
                setattr(self, name, partial(self._with_line, command, why, getattr(self, name)))

    # Commands

    def _with_line(self, command: Command, why: str, do: Callable[[], None]) -> None:
        """Do what needs the server, or say that it waits; by key, menu and letter alike."""
        if self.shop.line.state == "offline":
            self.tell(self.say(why, what=self.say(command.label)), "warn")
        else:
            do()

    def commands(self) -> Iterator[Command]:
        """The commands that may be shown now."""
        for command in commands_of(self.SCOPE):
            if self.allowed(command):
                yield command

    def allowed(self, command: Command) -> bool:
        """Whether permission, a running write and the screen's own state let this command be."""
        if not self.shop.may(command.needs) or (command.writes and self.writing):
            return False
        return self.applies(command.action or command.id.partition(".")[2])

    def applies(self, action: str) -> bool:
        """A screen's own say: False hides the command whose action (or name, if it has none) this is."""
        return action != "again" or self.unknown

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Textual asks before it runs or shows a bound action."""
        if self.unseen and action not in STILL_DONE:
            return False
        for command in commands_of(self.SCOPE):
            if command.action == action:
                return self.allowed(command)
        return super().check_action(action, parameters)

    def refresh_bindings(self) -> None:
        """Something changed what may be pressed."""
        super().refresh_bindings()
        for bar in self.query(KeyBar):
            bar.refresh(layout=False)

    def on_resize(self, event: events.Resize) -> None:
        """Below 60x18 there is a sentence instead of a heap, and nothing is done that nobody sees."""
        small = event.size.width < WIDTH_MIN or event.size.height < HEIGHT_MIN
        if small == self.unseen:
            return
        if small:
            self._focused_before = self.focused
        self.set_class(small, TOO_SMALL)
        self.refresh_bindings()
        if not small:
            self.call_after_refresh(self._focus_again)

    @property
    def unseen(self) -> bool:
        """The terminal is too small to show this screen."""
        return self.has_class(TOO_SMALL)

    def _focus_again(self) -> None:
        """What was hidden lost the focus."""
        if self._focused_before is not None and not self.unseen:
            self.set_focus(self._focused_before, scroll_visible=False)

    # Telling

    def tell(self, text: str, severity: str = "info", *, passing: bool = False) -> None:
        """Say `text` in the two rows above the keys; an empty text clears them.

        Args:
            severity: info, good, warn or error.
            passing: It is about the line, and the next answer takes it away.
        """
        self.passing = passing
        for notice in self.query(Notice):
            notice.show(text, severity)

    def untell(self) -> None:
        """What was refused no longer stands there; what else was said does."""
        if any(notice.severity == "error" for notice in self.query(Notice)):
            self.tell("")

    @on(ShopInput.ScanRefused)
    def say_scan_refused(self, message: ShopInput.ScanRefused) -> None:
        """A PIN field had the focus."""
        message.stop()
        self.tell(
            self.say(msg("A scan came into the PIN field and was not used. Type the PIN; scan afterwards.")),
            "warn",
        )

    def scan_refused(self) -> None:
        """A scanner typed where one letter is a command; nothing of it was used."""
        self.tell(self.say(SCANNED_HERE), "warn")

    def refresh_status(self) -> None:
        for bar in self.query(StatusBar):
            bar.refresh()

    def mark_line(self, state: str) -> None:
        if self.shop.line.mark(state_with(self.shop, state)):
            for screen in self.app.screen_stack:
                for bar in screen.query(StatusBar):
                    bar.refresh()

    # Answers

    def begin_write(self) -> None:
        """A write is on its way: from here to its answer no second one starts."""
        self.writing = True
        self.refresh_bindings()
        self.tell(self.say(WAITING), passing=True)

    def end_write(self) -> None:
        self.writing = False
        self.refresh_bindings()

    @on(messages.Answered)
    async def take_answer(self, message: messages.Answered) -> None:
        """Deliver what a worker brought, unless a newer question of its subject overtook it.

        The answer to a write is delivered in the same breath as the screen is free again: a key that waits
        behind it finds what became of the write, and not a screen that would write it a second time.
        """
        message.stop()
        ticket = message.ticket
        if isinstance(message.news, messages.Broken):
            raise message.news.error
        if self.generations.get(ticket.subject) != ticket.generation:
            return
        # A number nobody waits for: a late deadline of this question is stale from now on.
        self.generations[ticket.subject] = ticket.generation + 1
        if ticket.subject == WRITE:
            self.end_write()
        if not isinstance(message.news, messages.NoLine | messages.Unknown):
            self.mark_line("up")
            if self.passing:
                self.tell("")
        if ticket.subject == WRITE:
            await self._dispatch_message(message.news)
        else:
            self.post_message(message.news)

    @on(messages.Overdue)
    def say_slow(self, message: messages.Overdue) -> None:
        message.stop()
        ticket = message.ticket
        if self.generations.get(ticket.subject) != ticket.generation:
            return
        if ticket.subject in UNASKED and self.shop.line.state == "offline":
            return  # the status line says how it stands
        if self.shop.line.state != "checking":
            self.mark_line("slow")
            self.tell(self.say(SLOW), "warn", passing=True)

    @on(messages.DocumentState)
    def show_document_state(self, message: messages.DocumentState) -> None:
        message.stop()
        if message.state == "checking" and (self.writing or not self.unknown):  # else the outcome came first
            self.mark_line("checking")
            self.tell(self.say(CHECKING), "warn", passing=True)

    @on(messages.Refused)
    def show_refusal(self, message: messages.Refused) -> None:
        """The sentence for this refusal; a screen that can do more about it overrides this."""
        message.stop()
        self.tell(sentence(self.say, message.error), "error")

    @on(messages.NoLine)
    def show_no_line(self, message: messages.NoLine) -> None:
        message.stop()
        self.mark_line("down")
        if message.subject in UNASKED and self.shop.line.state == "offline":
            return
        here = message.subject == "scan" and self.shop.line.state == "offline"
        self.tell(self.say(NOT_KNOWN if here else NO_LINE), "error", passing=True)

    @on(messages.Unknown)
    def show_unknown(self, message: messages.Unknown) -> None:
        message.stop()
        self.unknown = True
        self.mark_line("checking")
        self.refresh_bindings()
        keymap = self.app._keymap
        again = next((key_shown(c, keymap) for c in commands_of(self.SCOPE) if c.action == "again"), "F5")
        self.tell(self.say(STILL_UNKNOWN, key=again), "warn", passing=True)

    async def _on_message(self, message: Message) -> None:
        """A screen that was left before it was drawn has no fields: it begins nothing any more."""
        if not isinstance(message, events.Mount) or self in self.app.screen_stack:
            await super()._on_message(message)

    def dismiss(self, result: R | None = None) -> AwaitComplete:
        """Leave with an answer, once; what was opened over this screen meanwhile goes with it.

        Textual would take off whatever lies on top, and keep a screen that has answered already.
        """
        if self not in self.app.screen_stack:
            return AwaitComplete()
        while self.app.screen is not self:
            self.app.pop_screen()
        return super().dismiss(result)

    # Cards that another counter moves

    def cards_shown(self) -> tuple[int, ...]:
        """The ids of the cards that this screen stands on now."""
        id = getattr(getattr(self, "card", None), "id", None)
        return (id,) if isinstance(id, int) else ()

    @on(reader_messages.CardMoved)
    def say_moved_elsewhere(self, message: reader_messages.CardMoved) -> None:
        """Whoever holds this card in hand hears of it at once; the door refuses it in any case."""
        hello = self.shop.hello
        own = hello is not None and hello.terminal.id == message.terminal
        if not own and message.card in self.cards_shown():
            self.tell(self.say(MOVED_ELSEWHERE, state=self.say.state(message.state)), "error")

    # Readers and scanners

    @on(reader_messages.CardOnReader)
    def take_presented(self, message: reader_messages.CardOnReader) -> None:
        """Whatever has the focus; it never goes into a field that is for something else."""
        message.stop()
        if self.unseen or self.writing or not self.card_presented(message.card):
            self.tell(self.say(NO_CARD_HERE), "warn")

    @on(reader_messages.CodeScanned)
    def take_scanned(self, message: reader_messages.CodeScanned) -> None:
        """As a card."""
        message.stop()
        if self.unseen or self.writing or not self.code_scanned(message.scan.text):
            self.tell(self.say(NO_SCAN_HERE), "warn")

    @on(reader_messages.DeviceStands)
    def say_device(self, message: reader_messages.DeviceStands) -> None:
        """A device that was lost is told once, with what to do; the rest stands at home."""
        from huiyuan.domain.model.device import Condition  # not before there is a device
        from huiyuan.screens.reader_words import condition_advice

        if message.lost or (message.state.condition is Condition.UNREADABLE and self is self.app.screen):
            self.tell(condition_advice(self.say, message.state), "warn")

    def card_presented(self, card: PresentedCard) -> bool:  # noqa: ARG002
        """A card lies on the reader; True if this screen takes it."""
        return False

    def code_scanned(self, text: str) -> bool:  # noqa: ARG002
        """A code from a scanner that is no keyboard; True if this screen takes it."""
        return False

    # Every screen

    def action_help(self) -> None:
        """What may be pressed here, in sentences."""
        from huiyuan.screens.help import HelpPage  # the page is itself a screen

        self.app.push_screen(HelpPage(self.shop, list(self.commands())))

    def action_palette(self) -> None:
        """Everything that can be done from here, by name."""
        from huiyuan.screens.palette import open_palette  # the palette is itself a screen

        open_palette(self)

    def action_letters(self) -> None:
        """The same without function keys: a letter each."""
        from huiyuan.screens.letters import open_letters  # the menu is itself a screen

        open_letters(self)

    def action_theme(self) -> None:
        """The next theme of the table, for this screen and all others."""
        self.post_message(ThemeWanted())

    def action_back(self) -> None:
        """Leave without an answer, unless a write is under way."""
        if not self.writing:
            self.dismiss(None)

    def then(self, screen: Screen[R], callback: Callable[[R | None], None]) -> None:
        """Open `screen` and hand its answer to `callback`."""
        self.app.push_screen(screen, callback)
