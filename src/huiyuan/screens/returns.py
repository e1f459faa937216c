"""Returns: lines of a sale come back; the money goes the way it came, and the server says how much.

Always true: never more than is left of a line; where what goes back goes is shown before it is booked, by the
door's own arithmetic.
"""

from __future__ import annotations

from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import KeptBasket
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.invoice import to_red_letter
from huiyuan.domain.model.posted import Posted, PostedDocument
from huiyuan.domain.model.quantity import parse_quantity
from huiyuan.domain.model.receipt_code import receipt_of
from huiyuan.domain.model.returns import preview_return
from huiyuan.domain.usecases.corrections import return_document
from huiyuan.domain.usecases.refunding import refunds_of
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry, read_reason
from huiyuan.screens.invoice_words import invoiced_text, want_invoice
from huiyuan.screens.kept_return import ALL_BACK, KeptReturn, keep_return
from huiyuan.screens.phone_refund import GivesBackByPhone
from huiyuan.screens.refunds import coupon_rows, points_rows, refund_rows
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import Column, RowList


class ReturnScreen(GivesBackByPhone[None], KeptReturn[None]):
    """Receipt, lines with what comes back, total.

    Args:
        document: the sale to begin with, such as a purchase of a member.
    """

    SCOPE = "returns"
    TITLE_TEXT = msg("Return goods")

    def __init__(self, shop: Shop, document: UUID | None = None) -> None:
        super().__init__(shop)
        self.first = document
        self.document_id: UUID = shop.ids.new()
        self.sale: PostedDocument | None = None
        self.pieces: dict[int, int] = {}

    def body(self) -> ComposeResult:
        """Field, lines, total."""
        say = self.say
        yield Field(say(msg("Receipt number")), id="receipt")
        yield RowList(
            [Column("#", 3, "right"), Column(say(msg("Goods"))), Column(say(msg("Sold")), 8, "right"),
             Column(say(msg("Left")), 8, "right"),
             Column(say(msg("Comes back")), 13, "right", command="returns.all"),
             Column(say(msg("Amount")), 11, "right")],
            id="lines",
            empty=say(msg("Scan the slip or type its number, then Enter; F4 finds it without.")),
        )  # fmt: skip
        yield Facts(id="total", width=30, label_width=26)

    def on_mount(self) -> None:
        """The receipt first."""
        self.query_one("#receipt", Input).focus()
        if self.coming is not None:
            self.ask_coming(own_alone=self.first is None)
        else:
            self.coming_gone()

    def coming_gone(self) -> None:
        """Nothing of before is in the way."""
        if self.first is not None:
            self.open_sale(self.first)

    def open_goods(self, kept: KeptBasket) -> None:
        """Goods without a receipt that had been scanned."""
        from huiyuan.screens.blind_return import BlindReturnScreen

        self.app.push_screen(BlindReturnScreen(self.shop, kept), lambda _: self.keep_marked())

    def take_left(self, sale: PostedDocument, pieces: dict[int, int], exchange: KeptBasket | None) -> None:
        """The sale with what had been marked on it."""
        self.show_found(sale, pieces)
        if exchange is None:
            self.keep_marked()
        else:
            self.begin_exchange(exchange)

    def keep_marked(self, document: UUID | None = None) -> None:
        """After every change."""
        if self.coming is None:
            keep_return(self.shop, self.sale, self.pieces, document)

    def applies(self, action: str) -> bool:
        """Nothing marked, nothing to take back."""
        if action in {"post", "exchange"}:
            return not self.held and bool(self.pieces)
        if action in {"find_sale", "blind"}:
            return not self.held
        if action in {"everything", "invoice"}:
            return not self.held and self.sale is not None
        return super().applies(action)

    @on(Input.Submitted, "#receipt")
    def find(self, event: Input.Submitted) -> None:
        """Read the sale."""
        event.stop()
        receipt, reads = receipt_of(event.value), self.shop.reads
        if receipt and not self.held and self.coming is None:
            ask(self, lambda: reads.find_document(receipt), then=messages.DocumentFound, subject="document")

    def open_sale(self, document: UUID) -> None:
        """One that was chosen from a list."""
        reads = self.shop.reads
        ask(self, lambda: reads.document(document), then=messages.DocumentFound, subject="document")

    def action_find_sale(self) -> None:
        """F4."""
        from huiyuan.screens.find_sales import FindSalesScreen

        def chosen(document: UUID | None) -> None:
            if document is not None:
                self.open_sale(document)

        self.app.push_screen(FindSalesScreen(self.shop), chosen)

    def action_blind(self) -> None:
        """F5."""
        from huiyuan.screens.blind_return import BlindReturnScreen

        self.app.push_screen(BlindReturnScreen(self.shop), lambda _: self.keep_marked())

    def action_invoice(self) -> None:
        """F8: an invoice of this receipt."""
        if self.sale is not None and not self.held:
            want_invoice(self, self.sale.document.id)

    def action_exchange(self) -> None:
        """F6: what is marked comes back, something else goes out."""
        self.begin_exchange(None)

    def begin_exchange(self, kept: KeptBasket | None) -> None:
        """With what had gone out of it before."""
        from huiyuan.screens.exchange import ExchangeScreen

        if self.sale is None or not self.pieces or self.held:
            return

        def done(booked: bool | None) -> None:
            if booked:
                self.begin_anew(None)
            else:
                self.keep_marked()

        self.app.push_screen(ExchangeScreen(self.shop, self.sale, self.pieces, kept), done)

    @on(messages.DocumentFound)
    def show_sale(self, message: messages.DocumentFound) -> None:
        """Only a sale has lines that come back."""
        found = message.found
        if found.document.kind not in {Kind.SALE, Kind.EXCHANGE} or found.reversed_by is not None:
            code = "already_reversed" if found.reversed_by else "wrong_origin"
            self.tell(sentence(self.say, Refused(code)), "error")
            return
        self.show_found(found, {})
        self.keep_marked()

    def show_found(self, found: PostedDocument, pieces: dict[int, int]) -> None:
        """The sale and what of it comes back."""
        self.sale = found
        self.pieces = pieces
        self.document_id = self.shop.ids.new()
        self.aside(f"{found.posted.receipt}  {self.say.moment(found.posted.posted_at)}")
        self.show_lines()
        self.query_one(RowList).focus()
        if found.invoiced is not None:
            self.tell(invoiced_text(self.say, found.invoiced.numbers), "warn")

    def show_lines(self) -> None:
        """Lines and what goes back for them."""
        say, sale = self.say, self.sale
        if sale is None:
            self.query_one(RowList).show_rows([])
            self.query_one("#total", Facts).show([])
            self.refresh_bindings()
            return
        shares: dict[int, int] = {}
        about: list[tuple[str, str]] = []
        if self.pieces:
            try:
                preview = preview_return(sale, self.pieces)
                shares = dict(preview.shares)
                about = [(say(msg("Goes back")), say.money(preview.total_minor))]
                about += refund_rows(say, sale, preview.refunds, self.shop.greeting.chain.cash) + points_rows(
                    say, preview
                )
                about += coupon_rows(say, sale, self.pieces)
            except (Refused, ValueError):
                shares, about = {}, []  # the door's answer counts; a preview that cannot be made says nothing
        rows = [
            (str(line.n), line.name, say.quantity(line.qty_milli), say.quantity(line.left_milli),
             say.quantity(self.pieces[line.n]) if line.n in self.pieces else "",
             say.figure(shares[line.n]) if line.n in shares else "")
            for line in sale.lines
        ]  # fmt: skip
        self.query_one(RowList).show_rows(rows)
        self.query_one("#total", Facts).show(about)
        self.refresh_bindings()

    @on(RowList.Chosen)
    def ask_quantity(self, message: RowList.Chosen) -> None:
        """How many of this line?"""
        message.stop()
        if self.sale is None or self.held:
            return
        line, say = self.sale.lines[message.index], self.say
        if line.left_milli <= 0:
            refused = Refused("returned_beyond_sold", {"line": line.n, "left": 0})
            self.tell(sentence(say, refused), "error")
            return

        def read(text: str) -> int:
            if text.strip() == "0":
                return 0
            qty_milli = parse_quantity(text)
            if qty_milli > line.left_milli:
                raise Refused("returned_beyond_sold", {"line": line.n, "left": line.left_milli})
            return qty_milli

        def take(qty_milli: int | None) -> None:
            if qty_milli is not None:
                self.pieces.pop(line.n, None)
                if qty_milli:
                    self.pieces[line.n] = qty_milli
                self.show_lines()
                self.keep_marked()

        entry = Entry(
            self.shop,
            say(msg("Comes back")),
            aside=line.name,
            label=say(msg("Quantity")),
            read=read,
            value=say.quantity(line.left_milli).replace(",", ""),
            about=say(msg("{left} are left to return; 0 takes none.")
                      , left=say.quantity(line.left_milli)),
        )  # fmt: skip
        self.app.push_screen(entry, take)

    def action_everything(self) -> None:
        """F3."""
        if self.sale is None or self.held:
            return
        self.pieces = {line.n: line.left_milli for line in self.sale.lines if line.left_milli > 0}
        self.show_lines()
        self.keep_marked()
        if not self.pieces:
            self.tell(self.say(ALL_BACK, receipt=self.sale.posted.receipt), "warn")

    def action_post(self) -> None:
        """F2: why, and then book it."""
        if not self.pieces or self.held:
            return
        entry = Entry(
            self.shop, self.say(msg("Return goods")), label=self.say(msg("Reason")), read=read_reason
        )
        self.app.push_screen(entry, self.take_back)

    def take_back(self, reason: str | None) -> None:
        """Post it, once."""
        shop, sale = self.shop, self.sale
        if reason is None or sale is None or self.held:
            return
        try:
            document = return_document(
                stamp_of(shop, self.document_id),
                sale=sale,
                pieces=self.pieces,
                reason=reason,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        amounts = {each.of_n: each.amount_minor for each in preview_return(sale, self.pieces).refunds}
        self.refunds = refunds_of(
            sale, amounts, document=document.id, shift=shop.open_shift.id, at=shop.clock.now()
        )
        self.keep_marked(document.id)
        self.submit(document)

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; then an empty screen."""
        assert self.sale is not None
        sold = {line.n: line.name for line in self.sale.lines}
        names = {i: sold[n] for i, n in enumerate(sorted(self.pieces), start=1)}
        red = to_red_letter(self.sale, posted)
        slip = slip_of(
            self.shop, document, posted, names=names, of_receipt=self.sale.posted.receipt, red_letter=red
        )
        result = ResultScreen(self.shop, document, posted, slip, refunds=self.refunds, red_letter=red)
        self.app.push_screen(result, self.begin_anew)

    def begin_anew(self, _nothing: None) -> None:
        """The next receipt is another document."""
        self.sale, self.pieces, self.refunds = None, {}, ()
        self.document_id = self.shop.ids.new()
        field = self.query_one("#receipt", Input)
        field.value = ""
        field.focus()
        self.aside("")
        self.show_lines()
        self.keep_marked()

    def leave(self) -> None:
        """Whoever leaves drops the marks."""
        if self.coming is None:
            self.shelf.clear()
        super().leave()
