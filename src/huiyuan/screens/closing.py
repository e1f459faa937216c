"""What holds a shift's close, told all at once; and what is open beside it without holding anything.

Always true: nothing is asked of anybody for this: documents, charges and slips stand on the counter's disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.usecases.charging import open_charges
from huiyuan.domain.usecases.shift import unsettled_of
from huiyuan.screens.charges import SHORT
from huiyuan.screens.charging import method_text
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList

Row = tuple[str, str, str]
"""What it is, which one, its amount."""
ROWS_MOST: Final = 10


def what_holds(shop: Shop) -> list[Row]:
    """Documents of the open shift without an answer, sold without the line or not, and open charges."""
    say, shift = shop.say, shop.open_shift.id
    rows = [
        (
            say(msg("Sold without the line, not sent") if each.offline_at else msg("No answer yet")),
            f"{say.kind(each.kind)} {each.number}",
            say.figure(each.total_minor),
        )
        for each in unsettled_of(shop.door, shift)
    ]
    return rows + [
        (say(msg("Payment by phone: {state}"), state=say(SHORT[each.state])), method_text(say, each),
         say.figure(each.amount_minor))
        for each in open_charges(shop.charges, shift)
    ]  # fmt: skip


def what_is_open(shop: Shop) -> list[Row]:
    """What somebody should look at, though the shift can be closed: documents to decide, slips that wait."""
    say = shop.say
    rows = [
        (say(msg("Refused when sent again")), f"{say.kind(each.document.kind)} {each.document.number}",
         say.figure(each.document.total_minor))
        for each in shop.door.parked()
    ]  # fmt: skip
    return rows + [
        (say(msg("Slip not printed")), each.receipt.number, "") for each in shop.print_jobs.waiting()
    ]


class ClosingSheet(Sheet[bool]):
    """Everything in one list; answers True where a person goes to settle it.

    Args:
        holding: what the shift waits for, not empty.
    """

    SCOPE = "closing"

    def __init__(self, shop: Shop, holding: Sequence[Row]) -> None:
        super().__init__(shop, shop.say(msg("The shift stays open")))
        self.holding = holding

    def body(self) -> ComposeResult:
        """How many hold it, and all of them; then what is open beside."""
        say, beside = self.say, what_is_open(self.shop)
        text = say(msg("{count} things of this shift are not settled. Settle them first, then count."),
                   count=len(self.holding))  # fmt: skip
        yield Prose(text)
        rows = [("!", *row) for row in self.holding] + [("", *row) for row in beside]
        table = RowList(
            [Column("", 2), Column(say(msg("What")), 34), Column(say(msg("Which"))),
             Column(say(msg("Amount")), 12, "right")],
            id="items",
        )  # fmt: skip
        table.styles.height = min(len(rows), ROWS_MOST) + 1
        yield table
        self.rows = rows

    def on_mount(self) -> None:
        """All of them."""
        table = self.query_one(RowList)
        table.show_rows(self.rows, mark=0)
        table.focus()

    @on(RowList.Chosen)
    def go_there(self, message: RowList.Chosen) -> None:
        """Enter: the open items; payments are one key further there."""
        message.stop()
        self.dismiss(True)


def show_holding(screen: ShopScreen[Any], holding: Sequence[Row]) -> None:
    """The list over `screen`, and from it to where things are settled."""
    from huiyuan.screens.unsettled import UnsettledScreen

    def then(there: bool | None) -> None:
        if there:
            screen.app.push_screen(UnsettledScreen(screen.shop))

    screen.app.push_screen(ClosingSheet(screen.shop, holding), then)
