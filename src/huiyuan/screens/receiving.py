"""Receiving: goods that arrived go into this store's stock, line by line.

Always true: a line is a product with a quantity and, if it is known, the cost of one base unit; one document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import Product
from huiyuan.domain.model.document import Document, StockRow
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.receiving import stock_receipt_document
from huiyuan.screens import messages
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.dialogs.entry import Entry, read_amount, read_quantity
from huiyuan.screens.goods_entry import GoodsEntry
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.rows import Column, RowList


@dataclass(frozen=True, slots=True)
class Arrival:
    """One product that arrived. `cost_minor` is for one base unit, None where it is not known."""

    product: Product
    qty_milli: int
    cost_minor: int | None = None


class ReceivingScreen(PostingScreen[None], GoodsEntry[None]):
    """Lines of goods, F2 books them."""

    SCOPE = "receive"
    TITLE_TEXT = msg("Receive stock")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.document_id: UUID = shop.ids.new()
        self.arrivals: list[Arrival] = []

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
            return bool(self.arrivals) and not self.held and not self.looking
        return super().applies(action)

    @property
    def taking(self) -> bool:
        """Nothing is added to a list that is being booked."""
        return not self.held

    @on(messages.ProductFound)
    def add(self, message: messages.ProductFound) -> None:
        """A product stands on one line however often it is scanned."""
        for index, arrival in enumerate(self.arrivals):
            if arrival.product.id == message.product.id:
                more = replace(arrival, qty_milli=arrival.qty_milli + message.qty_milli)
                self.arrivals[index] = more
                self.show_lines(index)
                break
        else:
            self.arrivals.append(Arrival(message.product, message.qty_milli))
            self.show_lines(len(self.arrivals) - 1)
        self.looked_up()

    def show_lines(self, mark: int | None = None) -> None:
        """The list as it is."""
        say = self.say
        rows = [
            (str(i), a.product.code, a.product.name, say.quantity(a.qty_milli),
             "" if a.cost_minor is None else say.figure(a.cost_minor))
            for i, a in enumerate(self.arrivals, start=1)
        ]  # fmt: skip
        self.query_one("#lines", RowList).show_rows(rows, mark=mark)
        self.refresh_bindings()

    def action_quantity(self) -> None:
        """F3."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return

        def take(qty_milli: int | None) -> None:
            if qty_milli is not None:
                self.arrivals[index] = replace(self.arrivals[index], qty_milli=qty_milli)
                self.show_lines(index)

        label = self.say(msg("Quantity"))
        name = self.arrivals[index].product.name
        self.app.push_screen(Entry(self.shop, label, aside=name, label=label, read=read_quantity), take)

    def action_cost(self) -> None:
        """F6."""
        index = self.query_one("#lines", RowList).marked
        if index is None:
            return

        def take(cost_minor: int | None) -> None:
            if cost_minor is not None:
                self.arrivals[index] = replace(self.arrivals[index], cost_minor=cost_minor)
                self.show_lines(index)

        label = self.say(msg("Cost of one"))
        name = self.arrivals[index].product.name
        read = read_amount(self.shop, zero=True)
        self.app.push_screen(Entry(self.shop, label, aside=name, label=label, read=read), take)

    def action_remove(self) -> None:
        """F4."""
        index = self.query_one("#lines", RowList).marked
        if index is not None:
            del self.arrivals[index]
            self.show_lines()

    def action_post(self) -> None:
        """F2: book it, once."""
        shop = self.shop
        if not self.arrivals or self.held:
            return
        rows = [StockRow(a.product.id, a.qty_milli, a.cost_minor) for a in self.arrivals]
        self.submit(
            stock_receipt_document(
                id=self.document_id,
                number=shop.door.next_number(),
                at=shop.clock.now(),
                session=shop.person.session,
                rows=rows,
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; then an empty list."""
        names = {arrival.product.id: arrival.product.name for arrival in self.arrivals}
        slip = slip_of(self.shop, document, posted, stock_names=names)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.begin_anew)

    def begin_anew(self, _nothing: None) -> None:
        """The next delivery is another document."""
        self.arrivals = []
        self.document_id = self.shop.ids.new()
        self.show_lines()

    def action_back(self) -> None:
        """Esc drops what is typed, and asks if lines would be lost."""
        if self.drop_typed():
            return
        if self.arrivals and not self.held:
            question = self.say(msg("Leave and drop the list? Nothing of it was booked."))
            confirm = Confirm(self.shop, self.say(msg("Leave")), question)
            self.app.push_screen(confirm, self.leave_if_sure)
        else:
            super().action_back()
