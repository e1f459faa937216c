"""Prose: sentences and figures of ours as lines, outside text in them made visible."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from huiyuan.screens.widgets.plain import cells, fit, visible, wrap


class Prose(Widget):
    """Wrapped text of any length; takes the rows it needs."""

    DEFAULT_CSS = """
    Prose { height: auto; width: 100%; padding: 0 1; }
    """

    def __init__(self, text: str = "", *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text = text

    def show(self, text: str) -> None:
        """Replace the text."""
        if text != self.text:
            self.text = text
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """As many rows as the text wraps to."""
        return max(1, len(wrap(self.text, max(1, width))))

    def render(self) -> Text:
        """The wrapped lines."""
        return Text("\n".join(wrap(self.text, self.content_size.width)), no_wrap=True, end="")


class Paper(Widget):
    """Lines as they are, such as a slip: never wrapped, cut at the edge, scrolled by the parent."""

    DEFAULT_CSS = """
    Paper { height: auto; width: auto; padding: 0 1; background: $paper; color: $on-paper; }
    """

    def __init__(self, lines: Sequence[str] = (), *, columns: int = 32, id: str | None = None) -> None:
        super().__init__(id=id)
        self.lines = list(lines)
        self.columns = columns

    def show(self, lines: Sequence[str]) -> None:
        """Replace the lines."""
        self.lines = list(lines)
        self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002
        """The paper's cells."""
        return max([self.columns, *(cells(line) for line in self.lines)])

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One row a line."""
        return max(1, len(self.lines))

    def render(self) -> Text:
        """Every line in exactly the paper's cells."""
        width = self.content_size.width
        return Text("\n".join(fit(line, width) for line in self.lines), no_wrap=True, end="")


class Facts(Widget):
    """Label and figure in rows: labels left, figures right in one column."""

    DEFAULT_CSS = """
    Facts { height: auto; width: 100%; padding: 0 1; }
    """

    def __init__(
        self,
        rows: Sequence[tuple[str, str]] = (),
        *,
        width: int = 0,
        label_width: int = 18,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.rows = list(rows)
        self.figure_width = width
        self.label_width = label_width

    def show(self, rows: Sequence[tuple[str, str]]) -> None:
        """Replace the rows."""
        if list(rows) != self.rows:
            self.rows = list(rows)
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One row a fact."""
        return len(self.rows)

    def render(self) -> Text:
        """Figures right-aligned if a width was given, else left after the label."""
        text = Text(no_wrap=True, end="")
        room = self.content_size.width
        for index, (label, figure) in enumerate(self.rows):
            left = min(self.label_width, room)
            align = self.figure_width
            fits = align and cells(figure) <= align  # a longer one takes the room that is there
            shown = fit(figure, min(align, max(0, room - left)), "right") if fits else visible(figure)
            text.append(("\n" if index else "") + fit(label, left), "dim" if not figure else "")
            text.append(fit(shown, min(cells(shown), max(0, room - left))), "bold")
        return text
