"""Receiving: goods that arrived go into this store's stock, line by line.

Always true: a line is a product with a quantity and, if it is known, the cost of one base unit; one document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document, StockRow
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.receiving import stock_receipt_document
from huiyuan.screens import messages
from huiyuan.screens.dialogs.entry import Entry, read_amount
from huiyuan.screens.goods_list import GoodsList
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass(frozen=True, slots=True)
class Arrival:
    """One product that arrived. `cost_minor` is for one base unit, None where it is not known."""

    product: Product
    qty_milli: int
    cost_minor: int | None = None


class ReceivingScreen(GoodsList[Arrival]):
    """Lines of goods, F2 books them."""

    SCOPE = "receive"
    TITLE_TEXT = msg("Receive stock")

    def body(self) -> ComposeResult:
        """Lines and the one field."""
        say = self.say
        yield RowList(
            [Column("#", 3, "right"), Column(say(msg("Code")), 14), Column(say(msg("Goods"))),
             Column(say(msg("Qty")), 10, "right", command="receive.quantity"),
             Column(say(msg("Cost")), 12, "right", command="receive.cost")],
            id="lines",
            empty=say(msg("Scan what arrived; 24*code for many.")),
        )  # fmt: skip
        yield from self.goods_field(say(msg("Code, 24*code")))

    def on_mount(self) -> None:
        """Ready to scan."""
        self.begin_entry()

    def applies(self, action: str) -> bool:
        """Nothing scanned, nothing to change."""
        if action in {"post", "quantity", "cost", "remove"}:
            return self.settled
        return super().applies(action)

    @on(messages.ProductFound)
    def add(self, message: messages.ProductFound) -> None:
        """More of its line, or a new one."""
        if not self.add_more(message.product.id, message.qty_milli):
            self.add_new(Arrival(message.product, message.qty_milli))
        self.looked_up()

    def cells_of(self, line: Arrival) -> Sequence[str]:
        """The cost where it is known."""
        say = self.say
        cost = "" if line.cost_minor is None else say.figure(line.cost_minor)
        return (line.product.code, line.product.name, say.quantity(line.qty_milli), cost)

    def action_cost(self) -> None:
        """F6."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return

        def take(cost_minor: int | None) -> None:
            if cost_minor is not None:
                self.change(index, cost_minor=cost_minor)

        label = self.say(msg("Cost of one"))
        name = self.goods[index].product.name
        read = read_amount(self.shop, zero=True)
        self.app.push_screen(Entry(self.shop, label, aside=name, label=label, read=read), take)

    def action_post(self) -> None:
        """F2: book it, once."""
        shop = self.shop
        if not self.goods or self.held:
            return
        rows = [StockRow(a.product.id, a.qty_milli, a.cost_minor) for a in self.goods]
        self.submit(
            stock_receipt_document(
                stamp_of(shop, self.document_id),
                rows=rows,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; then an empty list."""
        names = {arrival.product.id: arrival.product.name for arrival in self.goods}
        slip = slip_of(self.shop, document, posted, stock_names=names)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.begin_anew)
