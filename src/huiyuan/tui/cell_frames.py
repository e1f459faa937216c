"""The shortest way from the cells that a terminal shows to the cells it is meant to show.

Always true: after a frame the terminal shows the grid, wherever a cell was not already right; nothing is
assumed of a cell that this process did not write; a terminal that fills erased cells with its own colour
(no back-colour erase) is never asked to erase a coloured one.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal
from unicodedata import east_asian_width

from huiyuan.tui.cell_grid import PLAIN, RIGHT_HALF, Cell, CellGrid, Style, blank_of

ERASE: Final = "\x1b[K"
_SHORTEST_ERASE: Final = 4
_LONGEST_BRIDGE: Final = 3
_WORTH_ERASING: Final = 12
"""So many cells must an erasure in the middle of a row spare: it takes a turn of the pen, and moves."""
_TURNS_OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "9": "29"}

_STANDS_FOR: Final = (
    "─- ━- ═= │| ┃| ║| ┌+ ┐+ └+ ┘+ ├+ ┤+ ┬+ ┴+ ┼+ ╭+ ╮+ ╰+ ╯+ ╔+ ╗+ ╚+ ╝+ ▔- ▁_ ▏| ▕| ▊| ▎| █# ▌| ▐| ▀- ▄_"
    " ░. ▒: ▓# …. ·. •* ★* ☆* ■# □o ●* ○o →> ←< ↑^ ↓v “\" ”\" ‘' ’' —- –- ×x ÷/ √v"
)
ASCII_FOR: Final = str.maketrans({pair[0]: pair[1] for pair in _STANDS_FOR.split(" ")})
"""What stands in for characters that such a terminal draws two cells wide although everybody counts one."""

Ambiguous = Literal["unknown", "narrow", "wide"]


@lru_cache(8192)
def style_change(before: Style | None, after: Style, *, single: bool = True) -> str:
    """The shortest SGR that turns the pen; from an unknown pen by way of a reset.

    Args:
        single: Whether the terminal knows how to turn off one attribute alone.
    """
    if before == after:
        return ""
    whole = ";".join(["0", *(part for part in (after.attributes, after.ink, after.ground) if part)])
    whole = "" if whole == "0" else whole
    if before is None:
        return f"\x1b[{whole}m"
    parts = _attribute_steps(before.attributes, after.attributes, single)
    if parts is None:
        return f"\x1b[{whole}m"
    if before.ink != after.ink:
        parts.append(after.ink or "39")
    if before.ground != after.ground:
        parts.append(after.ground or "49")
    step = ";".join(parts)
    return f"\x1b[{step if len(step) < len(whole) else whole}m"


def _attribute_steps(before: str, after: str, single: bool) -> list[str] | None:
    """What turns the one set of attributes into the other; None if only a reset does."""
    had, wanted = before.split(";") if before else [], after.split(";") if after else []
    gone = [word for word in had if word not in wanted]
    if not gone:
        return [word for word in wanted if word not in had]
    if not single or not all(word in _TURNS_OFF for word in gone):
        return None
    off = {_TURNS_OFF[word]: None for word in gone}
    # Bold and dim are turned off by one code: what is wanted of them is said anew.
    return [*off, *(word for word in wanted if word not in had or _TURNS_OFF.get(word) in off)]


@lru_cache(4096)
def drawn_differently(text: str) -> bool:
    """Some terminals draw it two cells wide, some one: after it nobody knows where the pen is."""
    return any(east_asian_width(character) == "A" for character in text)


class ShownCells:
    """What the terminal shows as far as this process knows; None is a cell that may hold anything.

    Attributes:
        back_colour_erase: The terminal erases in the colour of the pen.
        single: It can turn off one attribute and keep the others.
        ambiguous: How wide it draws characters of ambiguous width, as far as is known. Narrow: as counted.
            Unknown: the pen is placed anew after a run of them. Wide: ASCII stands in.
    """

    def __init__(
        self, width: int, height: int, *, back_colour_erase: bool = True, single: bool = True
    ) -> None:
        self.back_colour_erase = back_colour_erase
        self.single = single
        self.ambiguous: Ambiguous = "unknown"
        self.width = width
        self.height = height
        self.rows: list[list[Cell | None]] = []
        self._pen: Style | None = None
        self._column: int | None = None
        self._row: int | None = None
        self._in_doubt = False
        self._out: list[str] = []
        self.forget()

    def forget(self) -> None:
        """Anything may stand there: it was resized, suspended, or written to by somebody else."""
        self.rows = [[None] * self.width for _ in range(self.height)]
        self.lose_pen()

    def forget_row(self, row: int) -> None:
        """Somebody wrote into it."""
        if row < self.height:
            self.rows[row] = [None] * self.width

    def cleared(self) -> None:
        """The terminal has just emptied itself."""
        self.rows = [[Cell(" ", PLAIN)] * self.width for _ in range(self.height)]
        self.lose_pen()

    def lose_pen(self) -> None:
        """Something was written that may have moved or turned the pen."""
        self._pen = self._column = self._row = None
        self._in_doubt = False

    def frame(self, grid: CellGrid) -> str:
        """What to send so that the changed rows of `grid` stand, with the cursor where it belongs."""
        for row in sorted(grid.changed):
            if grid.rows[row] != self.rows[row]:
                self._row_frame(row, grid.rows[row])
        grid.changed.clear()
        self._lose_place_if_in_doubt()
        if 0 <= grid.column < self.width and 0 <= grid.row < self.height:
            self._go(grid.column, grid.row)
        frame, self._out = "".join(self._out), []
        return frame

    def _row_frame(self, row: int, wanted: list[Cell]) -> None:
        shown = self.rows[row]
        end = self._erasable(wanted, shown)
        emptied = self._worth_emptying(wanted, shown, end)
        column = 0
        while column < end:
            if column == emptied:
                self._erase_from(column, row, wanted[column])
                shown[column:] = [wanted[column]] * (self.width - column)
                end = self._erasable(wanted, shown)
            if wanted[column] == shown[column]:
                column += 1
                continue
            if wanted[column].text == RIGHT_HALF and column:
                column -= 1
            if not drawn_differently(wanted[column].text):
                self._lose_place_if_in_doubt()
            column = self._bridge(row, column, wanted)
            self._go(column, row)
            column = self._draw(column, wanted)
        if end < self.width:
            self._erase_from(end, row, wanted[-1])
        self.rows[row] = list(wanted)

    def _erase_from(self, column: int, row: int, blank: Cell) -> None:
        self._lose_place_if_in_doubt()
        self._go(column, row)
        if not self._pen_draws(blank):
            self._turn(self._still_inked(blank.style))
        self._out.append(ERASE)

    def _can_erase_to(self, cell: Cell) -> bool:
        if cell.text != " " or cell.style.attributes:
            return False
        return self.back_colour_erase or not cell.style.ground

    def _worth_emptying(self, wanted: list[Cell], shown: list[Cell | None], end: int) -> int | None:
        """From which column on it is shorter to erase the row and write what is no blank; None: nowhere."""
        column = 0
        while column < end:
            blank = wanted[column]
            if not self._can_erase_to(blank):
                column += 1
                continue
            run_end = column
            while run_end < end and wanted[run_end] == blank:
                run_end += 1
            if run_end - column > _SHORTEST_ERASE and shown[column] != blank:
                spared = sum(
                    (wanted[each] == blank) - (shown[each] == wanted[each])
                    for each in range(column, self.width)
                )
                return column if spared > _WORTH_ERASING else None
            column = run_end
        return None

    def _erasable(self, wanted: list[Cell], shown: list[Cell | None]) -> int:
        """From which column on the rest of the row is blank of one ground and worth erasing; else its end."""
        last = wanted[-1]
        if not self._can_erase_to(last):
            return self.width
        start = self.width
        while start and wanted[start - 1] == last:
            start -= 1
        differs = any(shown[column] != last for column in range(start, self.width))
        return start if differs and self.width - start > _SHORTEST_ERASE else self.width

    def _bridge(self, row: int, column: int, wanted: list[Cell]) -> int:
        """Writing two or three cells again is shorter than moving over them, also from the row above."""
        if row - 1 == self._row and self._column is not None and 0 < column <= _LONGEST_BRIDGE:
            plain = all(self._pen_draws(cell) and cell.text == " " for cell in wanted[:column])
            return 0 if plain else column
        if row != self._row or self._column is None or not 0 < column - self._column <= _LONGEST_BRIDGE:
            return column
        between, style = wanted[self._column : column], wanted[column].style
        if any(cell.text == RIGHT_HALF for cell in between):
            return column
        if all(self._pen_draws(cell) for cell in between):
            return self._column
        # The pen has to be turned anyway: blanks before it can be drawn with the new style.
        ahead = style != self._pen and all(c.text == " " and blank_of(style) == c.style for c in between)
        return self._column if ahead else column

    def _draw(self, column: int, wanted: list[Cell]) -> int:
        """One character with its style; the column after it."""
        cell = wanted[column]
        if not self._pen_draws(cell):
            self._turn(self._style_ahead(column, wanted) if cell.text == " " else cell.style)
        cells = 2 if column + 1 < self.width and wanted[column + 1].text == RIGHT_HALF else 1
        text = cell.text
        if cells == 1 and self.ambiguous != "narrow" and not text.isascii() and drawn_differently(text):
            if self.ambiguous == "wide":
                text = text.translate(ASCII_FOR)
            self._in_doubt = not text.isascii()
        self._out.append(text)
        after = column + cells
        # At the right edge a terminal waits with the pen over the last cell: nobody knows where it is.
        self._column = after if after < self.width else None
        return after

    def _lose_place_if_in_doubt(self) -> None:
        if self._in_doubt:
            self._column = self._row = None
            self._in_doubt = False

    def _pen_draws(self, cell: Cell) -> bool:
        """The pen has the style of `cell`, or at least what a person sees of a blank."""
        if self._pen is None or cell.text != " ":
            return self._pen == cell.style
        return blank_of(self._pen) == cell.style

    def _style_ahead(self, column: int, wanted: list[Cell]) -> Style:
        """A style that draws this blank and, if there is one, the text behind it."""
        blank = wanted[column]
        for cell in wanted[column + 1 :]:
            if cell == blank:
                continue
            if cell.text != " " and blank_of(cell.style) == blank.style:
                return cell.style
            break
        return self._still_inked(blank.style)

    def _still_inked(self, blank: Style) -> Style:
        """The style of a blank with the ink that the pen has: nobody sees it there."""
        if self._pen is None or blank.attributes:
            return blank
        return blank._replace(ink=self._pen.ink)

    def _turn(self, style: Style) -> None:
        self._out.append(style_change(self._pen, style, single=self.single))
        self._pen = style

    def _go(self, column: int, row: int) -> None:
        if (column, row) == (self._column, self._row):
            return
        ways = [f"\x1b[{row + 1};{column + 1}H" if column else f"\x1b[{row + 1}H" if row else "\x1b[H"]
        if self._column is not None and row == self._row:
            step = column - self._column
            ways.append("\r" if column == 0 else _sideways(step))
        elif column == 0 and self._row is not None and row == self._row + 1 and self._column is not None:
            ways.append("\r\n")
        self._out.append(min(ways, key=len))
        self._column, self._row = column, row


def _sideways(step: int) -> str:
    if step < 0:
        return "\b" * -step if step >= -3 else f"\x1b[{-step}D"
    return "\x1b[C" if step == 1 else f"\x1b[{step}C"
