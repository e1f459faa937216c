"""Goods that come back without a receipt: at the lowest price lately, in cash or to a member's card.

Always true: a second person signs every one; the price of a line is the server's, not the person's.
"""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.basket import KeptBasket
from huiyuan.domain.model.card import AttachedMember
from huiyuan.domain.model.desk import ReturnPolicy
from huiyuan.domain.model.document import Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.exchange import GoodsBack, blind_return_document
from huiyuan.screens import desk_messages, messages
from huiyuan.screens.ask import ask
from huiyuan.screens.coming_back import BasketBack, ComingBack, whose
from huiyuan.screens.dialogs.entry import Entry, read_reason
from huiyuan.screens.dialogs.member_picker import MemberPicker
from huiyuan.screens.goods_list import GoodsList
from huiyuan.screens.kept_return import SUBJECT, GoodsRead, keep_goods, read_goods
from huiyuan.screens.refusals import sentence
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.prose import Facts, Prose
from huiyuan.screens.widgets.rows import Column, RowList


class BlindReturnScreen(GoodsList[GoodsBack], ComingBack[None]):
    """Lines of goods; F2 pays cash, F3 to the card of the member that F7 found.

    Args:
        kept: what had been scanned before.
    """

    SCOPE = "blind_return"
    TITLE_TEXT = msg("Return without receipt")
    COMES_AS = SUBJECT

    def __init__(self, shop: Shop, kept: KeptBasket | None = None) -> None:
        super().__init__(shop)
        self.named: AttachedMember | None = None
        self.coming = kept

    def body(self) -> ComposeResult:
        """What is allowed, lines, total, the one field."""
        say = self.say
        yield Prose("", id="policy")
        yield RowList(
            [Column("#", 3, "right"), Column(say(msg("Goods"))), Column(say(msg("Qty")), 10, "right"),
             Column(say(msg("Lowest price")), 12, "right"), Column(say(msg("Amount")), 12, "right")],
            id="lines",
            empty=say(msg("Scan what comes back.")),
        )  # fmt: skip
        yield Facts(id="total", width=16, label_width=20)
        yield from self.goods_field(say(msg("Code, 3*code")))

    def on_mount(self) -> None:
        """Ready to scan."""
        self.begin_entry()
        ask(self, self.shop.desk.return_policy, then=desk_messages.PolicyRead, subject="policy")
        self.read_coming()

    def left_here(self) -> KeptBasket | None:
        """Whoever opens this screen knows it already."""
        return None

    @property
    def taking(self) -> bool:
        """Nothing is added before what had been scanned is here again."""
        return self.coming is None and super().taking

    def read_coming(self) -> None:
        """What had been scanned; asked again while there is no line."""
        kept, shop = self.coming, self.shop
        if kept is not None and self.is_attached:
            ask(self, lambda: read_goods(shop, kept), then=lambda read: read, subject=SUBJECT)

    @on(GoodsRead)
    def bring_back(self, message: GoodsRead) -> None:
        """At what they bring now."""
        kept, self.coming = self.coming, None
        self.goods, self.named = list(message.goods), message.named
        self.show_lines()
        if kept is not None:
            about = whose(self.shop, kept)
            self.tell(self.say(msg("Back again: {basket}"), basket=about), "good")
            if message.told:
                self.app.push_screen(BasketBack(self.shop, [about, *message.told], asks=False))

    @on(desk_messages.PolicyRead)
    def show_policy(self, message: desk_messages.PolicyRead) -> None:
        """What a rule of this store says, in a sentence."""
        self.query_one("#policy", Prose).show(self.policy_text(message.policy))

    def policy_text(self, policy: ReturnPolicy) -> str:
        """The limits in words."""
        say, limits = self.say, policy.blind
        if limits is None:
            return say(msg("No rule of this store lets goods come back without a receipt."))
        text = say(
            msg("Lowest price of {days} days; at most {cash} in cash. A second person signs."),
            days=limits.days, cash=say.money(limits.cash_minor),
        )  # fmt: skip
        if limits.member_from_minor is not None:
            text += " " + say(
                msg("From {amount} on: members only."), amount=say.money(limits.member_from_minor)
            )
        return text

    @on(messages.ProductFound)
    def add(self, message: messages.ProductFound) -> None:
        """More of a line, or the server says what the goods bring."""
        product, more = message.product, message.qty_milli
        if self.add_more(product.id, more):
            self.looked_up()
            return
        desk = self.shop.desk
        ask(
            self,
            lambda: GoodsBack(product, more, desk.blind_price(product.id)),
            then=desk_messages.GoodsBackRead,
            subject="scan",
        )

    @on(desk_messages.GoodsBackRead)
    def add_line(self, message: desk_messages.GoodsBackRead) -> None:
        """A new line."""
        self.add_new(message.goods)
        self.looked_up()

    @property
    def total_minor(self) -> int:
        return sum(line.value_minor for line in self.goods)

    def cells_of(self, line: GoodsBack) -> Sequence[str]:
        """What one brings, and all of them."""
        say = self.say
        price, value = say.figure(line.price_minor), say.figure(line.value_minor)
        return (line.product.name, say.quantity(line.qty_milli), price, value)

    def show_lines(self, mark: int | None = None) -> None:
        """The total and the member with the list."""
        super().show_lines(mark)
        total = self.say.money(self.total_minor)
        self.query_one("#total", Facts).show([(self.say(msg("Goes back")), total)] if self.goods else [])
        self.aside(f"{self.named.member.name}  {self.named.member.number}" if self.named else "")
        if self.coming is None:
            keep_goods(self.shop, self.goods, self.named)

    def applies(self, action: str) -> bool:
        """Nothing scanned, nothing to book; no card without a member."""
        if action in {"cash", "quantity", "remove"}:
            return self.settled
        if action == "stored":
            return self.settled and self.named is not None
        return super().applies(action)

    def action_member(self) -> None:
        """F7: whoever brings them."""
        reads = self.shop.reads

        def chosen(member: FoundMember | None) -> None:
            if member is not None:
                ask(
                    self,
                    lambda: reads.attach_member(member.id),
                    then=messages.MemberAttached,
                    subject="member",
                )

        self.app.push_screen(MemberPicker(self.shop, self.say(msg("Member"))), chosen)

    @on(messages.MemberAttached)
    def attach(self, message: messages.MemberAttached) -> None:
        """Named on the document."""
        self.named = message.attached
        self.show_lines()

    def action_cash(self) -> None:
        """F2."""
        self.ask_reason(stored=False)

    def action_stored(self) -> None:
        """F3."""
        self.ask_reason(stored=True)

    def ask_reason(self, *, stored: bool) -> None:
        """Why there is no receipt, then book it."""
        if not self.goods or self.held:
            return

        def take(reason: str | None) -> None:
            if reason is not None and not self.held:
                self.book(reason, stored=stored)

        title = self.say(msg("Return without receipt"))
        self.app.push_screen(Entry(self.shop, title, label=self.say(msg("Reason")), read=read_reason), take)

    def book(self, reason: str, *, stored: bool) -> None:
        """Post it, once; the door asks for the second person."""
        shop = self.shop
        try:
            document = blind_return_document(
                stamp_of(shop, self.document_id),
                goods=self.goods,
                reason=reason,
                wallet=self.named.wallet if self.named else None,
                stored=stored,
            )
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            return
        keep_goods(shop, self.goods, self.named, document.id)
        self.submit(document)

    @on(messages.Refused)
    def ask_for_it(self, message: messages.Refused) -> None:
        """Whoever may not do this at all may still ask somebody who does."""
        if self.document is not None and self.asked is None and message.error.code == "not_permitted":
            self.ask_second_person(sentence(self.say, message.error))

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it; then an empty screen."""
        names = {n: line.product.name for n, line in enumerate(self.goods, start=1)}
        member = self.named.member if self.named else None
        slip = slip_of(self.shop, document, posted, names=names, member=member)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), self.begin_anew)

    def begin_anew(self, _nothing: None) -> None:
        """The next one is another document."""
        self.named = None
        super().begin_anew(_nothing)
