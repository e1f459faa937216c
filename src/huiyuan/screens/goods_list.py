"""A list of goods that is scanned together: labels to be printed, or booked as one document (what arrives,
what comes back).

Always true: a product stands on one line however often it is scanned; nothing is added to a list that is
being booked, and none is left without a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.screens import device_news
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, read_quantity
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.shop import Shop
from huiyuan.screens.weighing import can_weigh_goods, weigh_goods
from huiyuan.screens.widgets.rows import RowList

L = TypeVar("L", bound=Any)
"""A line: a frozen dataclass that has at least a `product` and its `qty_milli`."""


class GoodsLines(GoodsEntry[None], Generic[L]):
    """Lines in the list `#lines`; a screen adds new ones and says how they are shown. Named after the
    screen's own base."""

    LEAVING: ClassVar[str] = msg("Leave and drop the list?")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.goods: list[L] = []

    def cells_of(self, line: L) -> Sequence[str]:
        """The cells of `line` after its number: its goods and how many, unless a screen shows more."""
        return (line.product.name, self.say.quantity(line.qty_milli))

    def show_lines(self, mark: int | None = None) -> None:
        """The list as it is."""
        rows = [(str(n), *self.cells_of(line)) for n, line in enumerate(self.goods, start=1)]
        self.query_one("#lines", RowList).show_rows(rows, mark=mark)
        self.refresh_bindings()

    def add_more(self, product: int, qty_milli: int) -> bool:
        """More of the line that the product (its id) stands on; False if it stands on none."""
        for index, line in enumerate(self.goods):
            if line.product.id == product:
                self.change(index, qty_milli=line.qty_milli + qty_milli)
                return True
        return False

    def change(self, index: int, **fields: int) -> None:
        """Line `index` with other `fields`."""
        self.goods[index] = replace(self.goods[index], **fields)
        self.show_lines(index)

    def add_new(self, line: L) -> None:
        """A line at the end."""
        self.goods.append(line)
        self.show_lines(len(self.goods) - 1)

    @property
    def settled(self) -> bool:
        """Whether there is something to change or book, and nothing is on its way."""
        return bool(self.goods) and self.taking and not self.looking

    def action_quantity(self) -> None:
        """Of the marked line."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return

        def take(qty_milli: int | None) -> None:
            if qty_milli is not None:
                self.change(index, qty_milli=qty_milli)

        label, name = self.say(msg("Quantity")), self.goods[index].product.name
        self.app.push_screen(Entry(self.shop, label, aside=name, label=label, read=read_quantity), take)

    def applies(self, action: str) -> bool:
        """Weighed goods, and a scale to weigh them on."""
        if action == "weigh":
            index = self.query_one("#lines", RowList).marked if self.settled else None
            return index is not None and can_weigh_goods(self, self.goods[index].product)
        return super().applies(action)

    @on(RowList.Marked)
    def other_marked(self) -> None:
        """Another line, other keys."""
        self.refresh_bindings()

    def action_weigh(self) -> None:
        """The weight on the scale becomes the quantity of the marked line."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            weigh_goods(self, self.goods[index].product, index)

    @on(device_news.Weighed)
    def take_weight(self, message: device_news.Weighed) -> None:
        """Into the line that was weighed, if it still stands there."""
        index = message.index
        if self.taking and index < len(self.goods) and self.goods[index].product.id == message.product:
            self.change(index, qty_milli=message.qty_milli)

    def action_remove(self) -> None:
        """The marked line."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            del self.goods[index]
            self.show_lines()

    def begin_anew(self, _nothing: None) -> None:
        """An empty list."""
        self.goods = []
        self.show_lines()

    def action_back(self) -> None:
        """Esc drops what is typed, and asks if lines would be lost."""
        if self.drop_typed():
            return
        if self.goods and self.taking:
            question = self.say(self.LEAVING)
            confirm = Confirm(self.shop, self.say(msg("Leave")), question)
            self.app.push_screen(confirm, self.drop_if_sure)
        else:
            super().action_back()

    def drop_if_sure(self, sure: bool | None) -> None:
        """After the question."""
        if sure:
            self.dismiss(None)


class GoodsList(PostingScreen[None], GoodsLines[L]):
    """Lines that are booked as one document."""

    LEAVING: ClassVar[str] = msg("Leave and drop the list? Nothing of it was booked.")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.document_id: UUID = shop.ids.new()

    @property
    def taking(self) -> bool:
        """Nothing is added to a list that is being booked."""
        return not self.held

    def action_back(self) -> None:
        """Esc asks about a document on its way first, then about lines that would be lost."""
        if self.held:
            super().action_back()
        else:
            GoodsLines.action_back(self)

    def begin_anew(self, _nothing: None) -> None:
        """The next one is another document."""
        self.document_id = self.shop.ids.new()
        super().begin_anew(_nothing)
