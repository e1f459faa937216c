"""RowList: rows in columns of cells, one of them marked.

Always true: a cell never spills into its neighbour, money stands right, a cut is marked, outside text is
visible text; only the rows on screen are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from huiyuan.screens.commands import command_of, key_shown
from huiyuan.screens.widgets.plain import Align, cells, fit


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in cells; 0 takes what the others leave. `from_width`: hidden on narrower screens.

    `command` is the id of the command that changes or opens what stands here: its key is told in the header.
    """

    title: str
    width: int = 0
    align: Align = "left"
    from_width: int = 0
    command: str = ""


@dataclass
class OfRows(Message):
    """What a list tells; a screen with several asks which."""

    rows: RowList

    @property
    def control(self) -> RowList:
        return self.rows


class RowList(Widget, can_focus=True):
    """A header row and as many rows as fit. The parent may move the mark while a field has the focus."""

    DEFAULT_CSS = """
    RowList { height: 1fr; width: 100%; }
    RowList > .rows--header { color: $text-muted; text-style: underline; }
    RowList > .rows--mark { background: $primary-muted; color: $foreground; text-style: $mark-style; }
    RowList:focus > .rows--mark { background: $primary; color: $text-bar; text-style: $mark-style; }
    RowList > .rows--empty { color: $text-muted; }
    """
    COMPONENT_CLASSES = {"rows--header", "rows--mark", "rows--empty"}  # noqa: RUF012  (as in Textual)
    BINDINGS = [  # noqa: RUF012  (as Textual declares it)
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "jump(0)", show=False),
        Binding("end", "jump(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    @dataclass
    class Chosen(OfRows):
        """Enter on the marked row."""

        index: int

    @dataclass
    class Marked(OfRows):
        """The mark moved."""

        index: int

    @dataclass
    class PastEnd(OfRows):
        """Somebody goes on where the rows end: `by` is above zero after the last, below before the first."""

        by: int

    def __init__(
        self, columns: Sequence[Column], *, empty: str = "", id: str | None = None, header: bool = True
    ) -> None:
        super().__init__(id=id)
        self.columns = list(columns)
        self.empty = empty
        self.header = header
        self.rows: list[tuple[str, ...]] = []
        self.mark = 0
        self.top = self._top_before = 0

    def show_rows(self, rows: Sequence[tuple[str, ...]], *, mark: int | None = None) -> None:
        """Replace the rows; the mark stays where it was unless it is given or the list got shorter."""
        self.rows = list(rows)
        wanted = self.mark if mark is None else mark
        self.mark = max(0, min(wanted, len(self.rows) - 1))
        self._keep_in_view()
        self._top_before = self.top
        self.refresh()

    @property
    def marked(self) -> int | None:
        """Index of the marked row, None if there is no row."""
        return self.mark if self.rows else None

    def move(self, by: int) -> None:
        """Move the mark; it stops at both ends."""
        if not self.rows:
            return
        before = self.mark
        self.mark = max(0, min(self.mark + by, len(self.rows) - 1))
        if self.mark != before:
            self._keep_in_view()
            self._top_before = self.top
            self.refresh()
            self.post_message(self.Marked(self, self.mark))
        elif by:
            self.post_message(self.PastEnd(self, by))

    @property
    def _room(self) -> int:
        return max(1, self.size.height - (1 if self.header else 0))

    def _keep_in_view(self) -> None:
        if self.mark < self.top:
            self.top = self.mark
        elif self.mark >= self.top + self._room:
            self.top = self.mark - self._room + 1
        self.top = max(0, min(self.top, max(0, len(self.rows) - self._room)))

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the mark in view when the terminal changes, and come back to where the list stood."""
        shown, self.top = self.top, self._top_before
        self._keep_in_view()
        if self.top != shown:
            self.refresh()  # it may have been drawn already, before it knew its room

    def action_move(self, by: int) -> None:
        """Up and down."""
        self.move(by)

    def action_page(self, direction: int) -> None:
        """A page up or down."""
        self.move(direction * self._room)

    def action_jump(self, to: int) -> None:
        """First or last row."""
        self.move(len(self.rows) if to < 0 else -len(self.rows))

    def action_choose(self) -> None:
        """Enter."""
        if self.rows:
            self.post_message(self.Chosen(self, self.mark))

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """As wide as it may be."""
        return container.width

    def _fit_row(self, texts: Sequence[str], width: int) -> str:
        shown = [(c, t) for c, t in zip(self.columns, texts, strict=True) if width >= c.from_width]
        fixed = sum(column.width for column, _ in shown) + max(0, len(shown) - 1) + 2
        free = [column for column, _ in shown if column.width == 0]
        rest = max(0, width - fixed)
        each = rest // len(free) if free else 0
        pieces = [fit(text, column.width or each, column.align) for column, text in shown]
        return fit(" " + " ".join(pieces), width)

    def _heading(self, column: Column) -> str:
        """The column's title with the key that acts on it, where there is room for both."""
        command = command_of(column.command)
        if command is None:
            return column.title
        text = f"{column.title} {key_shown(command, self.app._keymap)}"
        return text if not column.width or cells(text) <= column.width else column.title

    def render_line(self, y: int) -> Strip:
        """Row `y` of this widget: the header, a row, or empty ground."""
        width, ground = self.size.width, self.rich_style
        index = self.top + y - (1 if self.header else 0)
        if self.header and y == 0:
            text, style = self._fit_row([self._heading(c) for c in self.columns], width), "rows--header"
        elif 0 <= index < len(self.rows):
            text = self._fit_row(self.rows[index], width)
            style = "rows--mark" if index == self.mark else ""
        elif not self.rows and index == 0 and self.empty:
            text, style = fit(" " + self.empty, width), "rows--empty"
        else:
            return Strip.blank(width, ground)
        over = self.get_component_rich_style(style) if style else Style()
        return Strip([Segment(text, ground + over)], width)
