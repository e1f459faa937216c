"""Void: a whole document of this shift is taken back by another that mirrors it.

Always true: nothing is deleted; a reason is asked; what was taken back once is not offered again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.invoice import to_red_letter
from huiyuan.domain.model.posted import Posted, PostedDocument, RecentDocument
from huiyuan.domain.model.receipt_code import receipt_of
from huiyuan.domain.usecases.corrections import reversal_document
from huiyuan.domain.usecases.refunding import refunds_of
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.dialogs.entry import Entry, read_reason
from huiyuan.screens.paged import ASKED
from huiyuan.screens.phone_refund import GivesBackByPhone
from huiyuan.screens.recharge_words import goods_told
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.rows import Column, RowList

NOT_REVERSIBLE: Final = frozenset({Kind.REVERSAL, Kind.SHIFT_OPEN, Kind.SHIFT_CLOSE, Kind.NO_SALE})
NO_WAY_BACK: Final = msg("This document cannot be taken back. Mark another one.")


class VoidScreen(RowPages[None, RecentDocument], GivesBackByPhone[None]):
    """The documents of this shift, newest first; Enter takes the marked one back."""

    SCOPE = "void"
    TITLE_TEXT = msg("Void")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.document_id: UUID = shop.ids.new()
        self.taken_back = ""
        self.origin: PostedDocument | None = None

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Time")), 8), Column(say(msg("Receipt")), 16), Column(say(msg("Kind")), 16),
             Column(say(msg("Amount")), 11, "right"), Column(say(msg("Staff")), 12),
             Column(say(msg("State")))],
            id="documents",
            empty=say(msg("Nothing was booked in this shift yet.")),
        )  # fmt: skip

    def action_refresh(self) -> None:
        """F5."""
        if not self.held:
            super().action_refresh()

    def reading(self, after: UUID | None) -> Callable[[], Sequence[RecentDocument]]:
        """From the newest."""
        reads = self.shop.reads
        return lambda: reads.recent(ASKED, after=after)

    def place_of(self, row: RecentDocument) -> UUID:
        """The document."""
        return row.id

    def cells_of(self, row: RecentDocument) -> tuple[str, ...]:
        """When, which, how much, whether it was taken back."""
        say = self.say
        return (
            say.clock(row.posted_at), row.receipt, say.kind(row.kind), say.figure(row.total_minor),
            row.staff_name, say(msg("taken back")) if row.reversed else "",
        )  # fmt: skip

    def mark_for(self, mark: int | None) -> int | None:
        """The newest that can be taken back."""
        newest = next((i for i, each in enumerate(self.rows) if self.reversible(each)), 0)
        return newest if mark is None else mark

    @staticmethod
    def reversible(document: RecentDocument) -> bool:
        """Not yet taken back, and of a kind that can be."""
        return not document.reversed and document.kind not in NOT_REVERSIBLE

    def applies(self, action: str) -> bool:
        """Only if something can be taken back."""
        if action == "enter":
            return not self.held and any(self.reversible(each) for each in self.rows)
        if action in {"refresh", "find"}:
            return not self.held
        return super().applies(action)

    def open_row(self, row: RecentDocument) -> None:
        """Read it whole, then ask why."""
        if self.held:
            return
        if not self.reversible(row):
            self.tell(self.say(NO_WAY_BACK), "error")
            return
        reads = self.shop.reads
        ask(self, lambda: reads.document(row.id), then=messages.DocumentFound, subject="document")

    def action_find(self) -> None:
        """F4: what belongs to no shift stands in no list of one; the door says what may be taken back."""
        reads = self.shop.reads

        def look_up(typed: str | None) -> None:
            if typed is not None and (receipt := receipt_of(typed)):
                ask(
                    self,
                    lambda: reads.find_document(receipt),
                    then=messages.DocumentFound,
                    subject="document",
                )

        label = self.say(msg("Receipt number"))
        self.app.push_screen(Entry(self.shop, self.say(msg("Void")), label=label, read=str), look_up)

    @on(messages.DocumentFound)
    def ask_reason(self, message: messages.DocumentFound) -> None:
        """Why?"""
        found, say = message.found, self.say
        if found.document.kind in NOT_REVERSIBLE:
            self.tell(say(NO_WAY_BACK), "error")
            return
        entry = Entry(
            self.shop,
            say(msg("Void {receipt}"), receipt=found.posted.receipt),
            aside=f"{say.kind(found.document.kind)} {say.money(found.posted.total_minor)}",
            label=say(msg("Reason")),
            read=read_reason,
            about="\n".join(
                [
                    say(msg("Everything it moved is moved back: money, balances, points, stock.")),
                    *self.gifts_told(found),
                ]
            ),
        )
        self.app.push_screen(entry, lambda reason: self.take_back(found, reason))

    def gifts_told(self, found: PostedDocument) -> list[str]:
        """What came with it: goods are asked for and go back into stock, coupons end."""
        rows = [
            {"name": found.goods.get(row.product, f"#{row.product}"), "qty_milli": row.qty_milli}
            for row in found.document.gifts
        ]
        told = []
        if rows:
            text = msg("Take the gift back first: {goods}. It goes back into stock.")
            told.append(self.say(text, goods=goods_told(self.say, rows)))
        if coupons := len(found.document.coupons):
            text = msg("Coupons that came with it: {count}. They end unless used; take paper ones back.")
            told.append(self.say(text, count=coupons))
        return told

    def take_back(self, found: PostedDocument, reason: str | None) -> None:
        """Post the mirror, once."""
        if reason is None or self.held:
            return
        shop = self.shop
        self.taken_back, self.origin = found.posted.receipt, found
        document = self.made_by(
            lambda: reversal_document(
                stamp_of(shop, self.document_id),
                of=found,
                reason=reason,
            )
        )
        if document is None:
            return
        amounts = {row.n: row.left_minor for row in found.paid}
        self.refunds = refunds_of(
            found, amounts, document=document.id, shift=shop.open_shift.id, at=shop.clock.now()
        )
        self.submit(document)

    def posted(self, document: Document, posted: Posted) -> None:
        """Show it, then the list as it is now."""
        red = to_red_letter(self.origin, posted) if self.origin else ()
        gifts = {row.product: row.qty_milli for row in self.origin.document.gifts} if self.origin else {}
        slip = slip_of(
            self.shop, document, posted, of_receipt=self.taken_back, red_letter=red, gifts_back=gifts,
            stock_names=self.origin.goods if self.origin else None,
        )  # fmt: skip
        result = ResultScreen(self.shop, document, posted, slip, refunds=self.refunds, red_letter=red)
        self.app.push_screen(result, self.begin_anew)

    def begin_anew(self, _nothing: None) -> None:
        """The next one is another document."""
        self.document_id = self.shop.ids.new()
        self.action_refresh()
