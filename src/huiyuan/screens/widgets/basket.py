"""How a basket is shown: its columns, a line's figures, the row of the total."""

from __future__ import annotations

from rich.text import Text
from textual.widget import Widget

from huiyuan.config.i18n import msg
from huiyuan.domain.model.cart import CartLine
from huiyuan.domain.model.catalog import PIECE
from huiyuan.domain.model.pricing.order import Priced
from huiyuan.domain.model.quantity import MILLI
from huiyuan.screens.widgets.plain import cells, fit
from huiyuan.screens.widgets.rows import Column
from huiyuan.screens.wording import Wording


def basket_columns(say: Wording, *, quantity: str, price: str = "") -> list[Column]:
    """Number, goods, code where there is room, quantity, price, discount, amount.

    `quantity` and `price` are the ids of the commands that change them.
    """
    return [
        Column("#", 3, "right"),
        Column(say(msg("Goods"))),
        Column(say(msg("Code")), 14, from_width=100),
        Column(say(msg("Qty")), 9, "right", command=quantity),
        Column(say(msg("Price")), 10, "right", command=price),
        Column(say(msg("Discount")), 9, "right"),
        Column(say(msg("Amount")), 11, "right"),
    ]


def goods_text(line: CartLine) -> str:
    """The name, and behind it who served."""
    served = " ".join(each.number for each in line.served)
    return line.product.name + (f" @{served}" if served else "")


def quantity_text(say: Wording, line: CartLine) -> str:
    """So many pieces, or a weight with its unit."""
    count = say.quantity(line.qty_milli)
    return count if line.product.sold_by == PIECE else f"{count} {line.product.base_unit}"


def price_text(say: Wording, line: CartLine) -> str:
    """What one costs; a star where somebody typed it."""
    return ("*" if line.typed_minor is not None else "") + say.figure(line.price_minor)


class TotalRow(Widget):
    """One row: pieces, what was saved, and the total that the customer asks for."""

    DEFAULT_CSS = """
    TotalRow { height: 1; background: $panel; text-style: bold; }
    """

    def __init__(self, say: Wording) -> None:
        super().__init__()
        self.say = say
        self.priced: Priced | None = None

    def show(self, priced: Priced) -> None:
        """Take over new figures."""
        self.priced = priced
        self.refresh()

    def render(self) -> Text:
        """Left the count, right the total in reverse."""
        say, priced, width = self.say, self.priced, self.size.width
        if priced is None or not priced.lines:
            return Text(fit("", width), end="")
        pieces = sum(
            MILLI if line.item.product.sold_by != PIECE else line.item.qty_milli for line in priced.lines
        )
        left = " " + say(
            msg("Lines {lines}, pieces {pieces}"), lines=len(priced.lines), pieces=say.quantity(pieces)
        )
        saved = priced.value_minor - priced.total_minor
        if saved:
            left += "   " + say(msg("saved {amount}"), amount=say.money(saved))
        if priced.points:
            left += "   " + say(msg("points +{count}"), count=priced.points.amount)
        right = f"  {say(msg('Total'))}  {say.money(priced.total_minor)}  "
        row = Text(fit(left, max(0, width - cells(right))), end="", no_wrap=True)
        row.append(right, "reverse")
        return row
