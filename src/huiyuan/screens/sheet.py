"""Sheet: a question over the lower rows of a screen. What it is about stays readable above it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.chrome import KeyBar, Notice, Title

R = TypeVar("R")


class Sheet(AskingScreen[R], ModalScreen[R]):
    """A title row, a body of some rows, a notice, the keys; full width, no backdrop, no box."""

    SCOPE: ClassVar[str] = "field"

    DEFAULT_CSS = """
    Sheet { background: transparent; layout: vertical; align: left bottom; overflow: hidden; }
    Sheet > #sheet { height: auto; max-height: 100%; width: 100%; background: $surface; }
    Sheet.too-small > #sheet { display: none; }
    Sheet #sheet > Title { background: $accent; color: $text-bar; text-style: $mark-style; }
    Sheet #sheet-body { height: auto; width: 100%; padding: 1 0 0 0; }
    Sheet #sheet-body > Prose { margin-bottom: 1; }
    """

    def __init__(self, shop: Shop, title: str, aside: str = "") -> None:
        super().__init__(shop)
        self.title_text = title
        self.aside_text = aside

    def compose(self) -> ComposeResult:
        """The band."""
        with Vertical(id="sheet"):
            yield Title(self.title_text, self.aside_text)
            with Vertical(id="sheet-body"):
                yield from self.body()
            yield Notice()
            yield KeyBar()

    def body(self) -> ComposeResult:
        """What is asked."""
        yield from ()


class FieldSheet(Sheet[R]):
    """Fields one below the other: Enter goes to the next one, and from the last one they are all taken."""

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        fields = list(self.query(Input))
        following = fields[fields.index(event.input) + 1 :]
        if following:
            following[0].focus()
        else:
            self.take()

    @abstractmethod
    def take(self) -> None:
        """Read them all: hand them over, or stay with a sentence."""

    def not_proposed(self, name: str, label: str) -> None:
        """The field that cannot be read keeps a form of a proposal open; `label` is what it is called."""
        self.query_one(f"#{name}", Input).focus()
        text = msg("{field} cannot be read. Nothing was proposed.")
        self.tell(self.say(text, field=self.say(label)), "error")

    def typed(self, name: str) -> str:
        """What stands in a field, without the spaces around it."""
        return self.query_one(f"#{name}", Input).value.strip()
