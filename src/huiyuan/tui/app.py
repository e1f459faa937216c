"""The app: theme, keys, the sign-in screen, and how it ends.

Always true: however it ends (a person, SIGHUP, SIGTERM, a closed terminal, a bug), the statement in flight
is finished and the terminal restored; a bug leaves a report without anybody's data and an exit code that is
not 0.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import on
from textual._styles_cache import StylesCache
from textual.driver import Driver
from textual.geometry import Offset

from huiyuan.config.i18n import msg, translate
from huiyuan.screens import messages, reader_messages
from huiyuan.screens.asking import AskingScreen, ThemeWanted
from huiyuan.screens.commands.keymap import checked_keymap, keys_pressed, store_keymap
from huiyuan.screens.shop import Shop
from huiyuan.screens.sign_in import LanguageWanted, QuitWanted, SignInScreen, StoreKeys
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.tui.key_reader import BytesRefused
from huiyuan.tui.themes import DARK, NAMES, THEMES, theme_after
from huiyuan.tui.typeahead import TypeAheadApp

if TYPE_CHECKING:
    from uuid import UUID

    from huiyuan.domain.model.device import DeviceState
    from huiyuan.domain.model.presented import PresentedCard, Scanned
    from huiyuan.domain.model.printing import PrinterState, PrintJob

CRASHED: Final = msg(
    "The counter stopped because of a mistake in the program."
    " What was booked stands; what had no answer is sent"
    " again at the next start. A report lies in {path}."
)
NO_UTF8: Final = msg(
    "This terminal sent something that is not UTF-8. It was not used. Set its character set to UTF-8."
)
HANGUP_CODE: Final = 129
IDLE_LOOK_S: Final = 5
CRASH_CODE: Final = 70


class CounterApp(TypeAheadApp, inherit_bindings=False):
    """One counter. `begin` is called after the first frame, for what goes on beside the screens;
    `say_goodbye` when the app leaves, before its threads are waited for."""

    TITLE = "huiyuan"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    ESCAPE_TO_MINIMIZE = False
    NOTIFICATION_TIMEOUT = 5

    CSS = """
    * {
        scrollbar-size-vertical: 1; scrollbar-size-horizontal: 0;
        scrollbar-color: $text-muted; scrollbar-color-hover: $text-muted; scrollbar-color-active: $text-muted;
        scrollbar-background: $panel; scrollbar-background-hover: $panel; scrollbar-background-active: $panel;
    }
    .warned { color: $text-warning; text-style: bold; }
    """

    def __init__(
        self,
        shop: Shop,
        *,
        report_crash: Callable[[BaseException], str],
        say_goodbye: Callable[[], None] = lambda: None,
        begin: Callable[[], None] = lambda: None,
        keymap: Mapping[str, str] | None = None,
        theme: str = DARK.name,
        keep_theme: Callable[[str], None] = lambda _: None,
        driver_class: type[Driver] | None = None,
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.shop = shop
        self.report_crash = report_crash
        self.say_goodbye = say_goodbye
        self.begin = begin
        self._crashed = False
        self._usable: set[str] = set()
        self.animation_level = "none"
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme
        self.keep_theme = keep_theme
        self.own_keys = dict(keymap or {})
        self.set_keymap(keys_pressed(self.own_keys))

    @property
    def cursor_position(self) -> Offset:
        """Where the terminal's own cursor goes after each frame: where the caret is drawn in that frame."""
        focused = self.screen_stack[-1].focused if self.screen_stack else None
        if isinstance(focused, ShopInput):
            self._cursor_at = focused.cursor_screen_offset
        return self._cursor_at

    @cursor_position.setter
    def cursor_position(self, at: Offset) -> None:
        self._cursor_at = at

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Names of ours, so that a style is valid whatever theme is on."""
        return dict(DARK.variables)

    def on_mount(self) -> None:
        """Signals first: a line that drops in the first second must not leave a process."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            with contextlib.suppress(RuntimeError, ValueError):
                loop.add_signal_handler(number, self.hang_up)
        self.push_screen(SignInScreen(self.shop))
        self.set_interval(IDLE_LOOK_S, self.lock_if_idle)
        if self.shop.starting is None:
            self.call_after_refresh(self.shop.catalogue.freshen)
            self.call_after_refresh(self.begin)

    def lock_if_idle(self) -> None:
        """A counter that nobody touches is nobody's."""
        from huiyuan.screens.switching import lock_if_idle

        idle_s = int(monotonic() - self.last_key_at)
        if idle_s <= 2 * IDLE_LOOK_S:
            # The toolkit remembers a thousand answers of this call together with whom they were given to, and
            # so keeps what screens that were left have drawn: 20 MB after a day.
            StylesCache.get_inner_outer.cache_clear()
        lock_if_idle(self, idle_s)

    def start_step(self, text: str) -> None:
        """From the thread that starts the counter: hand it to the screen on top."""
        self.post_message(messages.StartStep(text))

    @on(messages.StartStep)
    def forward_step(self, message: messages.StartStep) -> None:
        """As `forward_job`."""
        for screen in self.screen_stack:
            screen.post_message(messages.StartStep(message.text))

    @on(messages.Started)
    def keep_shop(self, message: messages.Started) -> None:
        """The counter is put together: from here on it is the one of every screen to come."""
        if self.shop.starting is None:
            return  # the screen before, in the other language, brought it
        self.shop = replace(message.shop, say=self.shop.say)
        self.shop.catalogue.freshen()
        self.begin()
        # What the program is made of is looked at no more: a full search for garbage is short and comes often
        # enough that screens that were left do not pile up (20 MB of them otherwise).
        gc.freeze()
        gc.collect()

    def hang_up(self) -> None:
        """The line dropped or somebody ended us: finish what is in flight, then go."""
        self.say_goodbye()
        self.exit(return_code=HANGUP_CODE)

    @on(BytesRefused)
    def say_refused(self) -> None:
        """A terminal that speaks GBK, or noise."""
        if isinstance(self.screen, AskingScreen):
            self.screen.tell(self.shop.say(NO_UTF8), "warn")

    @on(QuitWanted)
    def quit_now(self) -> None:
        """A person asked for it and was sure."""
        self.say_goodbye()
        self.exit()

    @on(ThemeWanted)
    def change_theme(self) -> None:
        """The next one of the table; it is kept for the next start."""
        self.theme = theme_after(self.theme)
        self.keep_theme(self.theme)
        if isinstance(self.screen, AskingScreen):
            say = self.shop.say
            self.screen.tell(say(msg("Colours: {theme}."), theme=say(NAMES[self.theme])), "good")

    @on(StoreKeys)
    def take_keys(self, message: StoreKeys) -> None:
        """The store's keys; those of this installation's own file go before them."""
        from huiyuan.domain.model.chain_settings import function_keys

        keys = store_keymap(function_keys(message.rows)) | self.own_keys
        self.set_keymap(keys_pressed(checked_keymap(keys) or self.own_keys))

    @on(LanguageWanted)
    def change_language(self, message: LanguageWanted) -> None:
        """A new sign-in screen in the other language; bindings belong to the instance."""
        say = replace(self.shop.say, tr=translate(message.lang), lang=message.lang)
        self.shop = replace(self.shop, say=say)
        self.switch_screen(SignInScreen(self.shop))

    def document_state(self, document: UUID, state: str) -> None:
        """From the posting thread: hand it to the screen on top."""
        self.post_message(messages.DocumentState(document, state))

    @on(messages.DocumentState)
    def forward_state(self, message: messages.DocumentState) -> None:
        """Messages do not go down by themselves."""
        if self.screen_stack:
            self.screen.post_message(messages.DocumentState(message.document, message.state))

    def print_job(self, job: PrintJob) -> None:
        """From the printing thread, or one that put a slip: hand it to the screen on top."""
        self.post_message(messages.SlipMoved(job))

    def printer_state(self, state: PrinterState) -> None:
        """From the printing thread: the printer stands otherwise than before."""
        self.post_message(messages.PrinterStands(state))

    @on(messages.SlipMoved)
    def forward_job(self, message: messages.SlipMoved) -> None:
        """To every screen: the one under a question waits for its slip, too."""
        for screen in self.screen_stack:
            screen.post_message(messages.SlipMoved(message.job))

    @on(messages.PrinterStands)
    def forward_printer(self, message: messages.PrinterStands) -> None:
        """As `forward_job`."""
        for screen in self.screen_stack:
            screen.post_message(messages.PrinterStands(message.state))

    def card_moved(self, card: int, state: str, terminal: int) -> None:
        """From the thread that hears the server: another counter moved a card."""
        self.post_message(reader_messages.CardMoved(card, state, terminal))

    @on(reader_messages.CardMoved)
    def forward_card_moved(self, message: reader_messages.CardMoved) -> None:
        """As `forward_job`."""
        for screen in self.screen_stack:
            screen.post_message(reader_messages.CardMoved(message.card, message.state, message.terminal))

    def card_laid(self, card: PresentedCard) -> None:
        """From the reader's thread."""
        self.post_message(reader_messages.CardOnReader(card))

    def code_scanned(self, scan: Scanned) -> None:
        """From a scanner's thread."""
        self.post_message(reader_messages.CodeScanned(scan))

    def device_stands(self, state: DeviceState) -> None:
        """From a device's thread."""
        self.post_message(reader_messages.DeviceStands(state))

    @on(reader_messages.CardOnReader)
    @on(reader_messages.CodeScanned)
    async def hand_to_top(self, message: reader_messages.CardOnReader | reader_messages.CodeScanned) -> None:
        """To the screen on top, after the keys that came before it. Somebody is at the counter."""
        self.last_key_at = monotonic()
        await self.moved()
        if isinstance(message, reader_messages.CardOnReader):
            self.screen.post_message(reader_messages.CardOnReader(message.card))
        else:
            self.screen.post_message(reader_messages.CodeScanned(message.scan))

    @on(reader_messages.DeviceStands)
    def forward_device(self, message: reader_messages.DeviceStands) -> None:
        """As `forward_job`; the one on top says what was lost."""
        state, lost = message.state, message.state.kind in self._usable and not message.state.usable
        (self._usable.add if state.usable else self._usable.discard)(state.kind)
        for screen in self.screen_stack:
            screen.post_message(reader_messages.DeviceStands(state, lost and screen is self.screen))

    def crash(self, error: BaseException) -> None:
        """From a thread of ours that a mistake ended: it is reported as one in a screen is."""
        self.post_message(messages.Broken(error))

    @on(messages.Broken)
    def raise_here(self, message: messages.Broken) -> None:
        """On the app's own thread."""
        raise message.error

    def _fatal_error(self) -> None:
        """Textual's own prints locals: a PIN or a token would stand on the screen. A mistake often brings a
        second one while the app ends; the first is the one to be read."""
        self._return_code = CRASH_CODE
        if self._crashed:
            return
        self._crashed = True
        error = self._exception
        path = self.report_crash(error) if error is not None else ""
        self.say_goodbye()
        self._exit_renderables = [Text(self.shop.say(CRASHED, path=path))]
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:  # noqa: ARG002
        """As `_fatal_error`: nothing that was about to be printed is printed."""
        self._fatal_error()
