"""Fields: one-row inputs with a label, without a box and without a blinking cursor.

Always true: what is pasted loses its line ends and everything that steers a terminal; a PIN can be neither
copied nor pasted, and what a scanner or card reader types is taken neither for one nor for an amount; `?` in
an empty field opens the help.
"""

from __future__ import annotations

from typing import ClassVar, Final

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from huiyuan.domain.model.presented import Scanned
from huiyuan.domain.model.scan_timing import ScannerHabits
from huiyuan.screens.reader_messages import CodeScanned
from huiyuan.screens.widgets.plain import cells, fit, visible

LENGTH_MAX = 64
SCAN_MOST: Final = 128
PIN_LENGTH_MAX = 12
OURS = ("ctrl+k",)
NUMBER_FIELDS: Final = frozenset({"amount", "pieces", "float"})


class ShopInput(Input):
    """Textual's input, flat and still."""

    DEFAULT_CSS = """
    ShopInput { background: $field; width: 1fr; }
    ShopInput:focus { background: $field-focus; background-tint: transparent 0%; }
    """

    scanner: ClassVar[ScannerHabits] = ScannerHabits()
    """Of this counter's scanner: set before the first screen, and by the scanner test. So many characters in
    a row, each as close to the one before, are no fingers. A line that delivers a typed PIN in one packet
    looks the same, so by itself it is more than a PIN usually has."""

    class ScanRefused(Message):
        """A scanner or a reader typed into a PIN field; nothing of it was kept."""

    def __init__(
        self,
        *,
        id: str,
        placeholder: str = "",
        password: bool = False,
        value: str = "",
        numeric: bool = False,
    ) -> None:
        self.numeric = numeric or id in NUMBER_FIELDS
        self._scanned, self._before = "", ""
        self._offered = value if self.numeric else ""
        self._burst = 0
        self._last_key_at = 0.0
        super().__init__(
            value,
            placeholder=visible(placeholder),
            password=password,
            id=id,
            compact=True,
            select_on_focus=False,
            max_length=PIN_LENGTH_MAX if password else LENGTH_MAX,
        )
        self.cursor_blink = False
        # A field has other keys to empty itself; these open screens of ours.
        for key in OURS:
            self._bindings.key_to_bindings.pop(key, None)

    def validate_value(self, value: str) -> str:
        """What is put there, by a screen or by pasting, steers no terminal either."""
        return visible(value)

    def offer(self, value: str) -> None:
        """Put a number there that gives way to the first figure typed."""
        self.value, self._offered = value, value
        self.cursor_position = len(value)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the caret is drawn: input methods open their window there. Textual's is off at the end."""
        x, y, _width, _height = self.content_region
        before = self.cursor_position if self.password else cells(self.value[: self.cursor_position])
        return Offset(x + before - self.scroll_offset.x, y)

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "?" and not self.value:
            event.stop()
            event.prevent_default()
            await self.screen.run_action("help")
            return
        if event.is_printable and event.character and visible(event.character) != event.character:
            event.stop()
            event.prevent_default()
            return
        if (self.password and self._is_scan(event)) or (self.numeric and self._takes_scan(event)):
            event.stop()
            event.prevent_default()
            return
        self._give_way(event)
        await super()._on_key(event)

    def _give_way(self, event: events.Key) -> None:
        """A number that was offered makes room for the first figure typed: 1 typed over a 1 is not 11."""
        if self._offered and event.is_printable and self.value == self._offered:
            self.value = ""
        self._offered = ""

    def _takes_scan(self, event: events.Key) -> bool:
        """A scan into an amount or a quantity is the screen's: the field has what it had before."""
        close = event.time - self._last_key_at <= self.scanner.gap_ms / 1000
        self._last_key_at = event.time
        if event.key == "enter":
            scanned, self._scanned = self._scanned, ""
            if self._burst < self.scanner.shortest:
                return False
            self._burst = 0
            self.screen.post_message(CodeScanned(Scanned(scanned)))
            return True
        if not event.is_printable or not event.character:
            return False
        if not close:
            self._burst, self._scanned, self._before = 0, "", self.value
        self._burst += 1
        self._scanned = (self._scanned + event.character)[:SCAN_MOST]
        if self._burst == self.scanner.shortest:
            self.value = self._before
        return self._burst >= self.scanner.shortest

    def _is_scan(self, event: events.Key) -> bool:
        """Swallow a burst with the Enter that ends it, and say so once."""
        close = event.time - self._last_key_at <= self.scanner.gap_ms / 1000
        self._last_key_at = event.time
        if event.key == "enter":
            scanned, self._burst = self._burst >= self.scanner.shortest, 0
            return scanned
        if not event.is_printable:
            return False
        self._burst = self._burst + 1 if close else 1
        if self._burst == self.scanner.shortest:
            self.value = ""
            self.post_message(self.ScanRefused())
        return self._burst >= self.scanner.shortest

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        line = event.text.splitlines()[0] if event.text else ""
        clean = "".join(char for char in line[:LENGTH_MAX] if char.isprintable())
        if clean and not self.password:
            self.insert_text_at_cursor(clean)

    def action_copy(self) -> None:
        """A PIN does not reach the clipboard."""
        if not self.password:
            super().action_copy()

    def action_cut(self) -> None:
        """As copying."""
        if not self.password:
            super().action_cut()


class FieldLabel(Widget):
    """The label of a field, in exactly its width."""

    DEFAULT_CSS = """
    FieldLabel { height: 1; color: $text-muted; }
    """

    def __init__(self, text: str, width: int) -> None:
        super().__init__()
        self.text = text
        self.cell_width = width
        self.styles.width = width

    def render(self) -> Text:
        """Cut to its cells."""
        return Text(fit(self.text, self.cell_width), no_wrap=True, end="")


class Field(Horizontal):
    """A label and an input in one row."""

    DEFAULT_CSS = """
    Field { height: 1; width: 100%; padding: 0 1; }
    Field:focus-within { padding: 0 1; }  /* without a rule of its own Textual does not look at the label */
    Field:focus-within FieldLabel { color: $foreground; text-style: bold; }
    """

    def __init__(
        self,
        label: str,
        *,
        id: str,
        password: bool = False,
        placeholder: str = "",
        value: str = "",
        label_width: int = 16,
        numeric: bool = False,
    ) -> None:
        super().__init__()
        self.label = label
        self.label_width = label_width
        self.input = ShopInput(
            id=id, password=password, placeholder=placeholder, value=value, numeric=numeric
        )

    def compose(self) -> ComposeResult:
        """Label left, input in the rest."""
        yield FieldLabel(self.label, self.label_width)
        yield self.input

    def rename(self, label: str) -> None:
        """The same field means something else now."""
        self.label = label
        shown = self.query_one(FieldLabel)
        shown.text = label
        shown.refresh()
